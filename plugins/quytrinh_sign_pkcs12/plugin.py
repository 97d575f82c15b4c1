"""The plugin: a directory an agency, a PKCS#12 file a holder, each opened once and held."""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, pkcs12

from quytrinh.spi import (
    Availability,
    Credential,
    SignatureForm,
    Signed,
    SignerKind,
    SigningFailed,
    SigningRequest,
)

ORGANISATION = "organisation"
_DIGESTS = {"sha256": hashes.SHA256, "sha384": hashes.SHA384, "sha512": hashes.SHA512}
# Answers kept for a repeat; raw PKCS#1 signatures repeat by themselves, ECDSA ones do not.
_REMEMBERED = 1000


class _Held:
    """A key in memory, with what the platform may know about it."""

    __slots__ = ("credential", "key")

    def __init__(self, key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey, known: Credential):
        self.key = key
        self.credential = known


class Pkcs12Signing:
    """Signs at once with the key of the holder: whoever may ask the platform, may sign."""

    name = "pkcs12"
    title = "Khóa trong tệp PKCS#12 (chỉ để trình diễn)"
    forms = frozenset({SignatureForm.RAW})
    deferred = False
    interface = 1
    config_schema: ClassVar[Mapping[str, Any]] = {
        "type": "object",
        "additionalProperties": False,
        "required": ["directory", "passphrase_file"],
        "properties": {
            "directory": {"type": "string", "description": "Thư mục chứa <cơ quan>/<người>.p12"},
            "passphrase_file": {"type": "string", "description": "Tệp chứa mật khẩu các khóa"},
        },
    }

    def __init__(self, config: Mapping[str, Any]) -> None:
        self._directory = Path(config["directory"])
        self._passphrase_file = Path(config["passphrase_file"])
        self._held: dict[tuple[str, str], _Held] = {}
        self._answers: OrderedDict[str, tuple[bytes, bytes]] = OrderedDict()
        self._lock = threading.Lock()

    def availability(self) -> Availability:
        """Available once the keys have been made."""
        if self._passphrase_file.is_file():
            return Availability()
        return Availability(usable=False, reason="Chưa tạo khóa ký số trình diễn")

    def credentials(self, agency: str, holder: str) -> Sequence[Credential]:
        held = self._open(agency, holder)
        return () if held is None else (held.credential,)

    def sign(self, request: SigningRequest) -> Signed:
        if request.form not in self.forms or request.digest not in _DIGESTS:
            raise SigningFailed("Khóa PKCS#12 không hỗ trợ cách ký này", retryable=False)
        held = self._open(request.agency, request.credential_id)
        if held is None:
            raise SigningFailed("Không có khóa ký số này ở cơ quan", retryable=False)
        content = hashlib.sha256(repr(request).encode()).digest()
        with self._lock:
            known = self._answers.get(request.request_id)
            if known is None:
                known = content, _sign(held.key, request)
                self._answers[request.request_id] = known
                if len(self._answers) > _REMEMBERED:
                    self._answers.popitem(last=False)
        if known[0] != content:
            raise SigningFailed("Yêu cầu ký này đã dùng cho nội dung khác", retryable=False)
        return Signed(request.request_id, known[1])

    def finish(self, request_id: str, answer: Mapping[str, Any]) -> Signed:
        """Refuse: nothing is ever deferred."""
        raise SigningFailed("Khóa PKCS#12 ký ngay, không có việc ký đang chờ", retryable=False)

    def _open(self, agency: str, holder: str) -> _Held | None:
        """Return the held key of a holder; opening a file costs a hundred signatures."""
        place = agency, holder
        if place not in self._held:
            path = self._directory / file_stem(agency) / f"{file_stem(holder)}.p12"
            if not path.is_file():
                return None
            self._held[place] = self._read(path, holder)
        return self._held[place]

    def _read(self, path: Path, holder: str) -> _Held:
        passphrase = self._passphrase_file.read_bytes().strip()
        key, certificate, others = pkcs12.load_key_and_certificates(path.read_bytes(), passphrase)
        if certificate is None or not isinstance(
            key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
        ):
            raise SigningFailed(f"Tệp khóa {path.name} không dùng được", retryable=False)
        kind = SignerKind.ORGANISATION if holder == ORGANISATION else SignerKind.PERSON
        chain = [certificate, *_ordered(certificate, others)]
        known = Credential(
            id=holder,
            kind=kind,
            chain=tuple(each.public_bytes(Encoding.DER) for each in chain),
            not_after=certificate.not_valid_after_utc,
            label=certificate.subject.rfc4514_string(),
        )
        return _Held(key, known)


def file_stem(holder: str) -> str:
    """The name of a holder as a file name; it can never leave its directory."""
    return "".join(c if c.isalnum() or c == "-" else "_" for c in holder)


def _ordered(leaf: x509.Certificate, others: list[x509.Certificate]) -> list[x509.Certificate]:
    """Return the issuers, nearest first, without the root."""
    chain: list[x509.Certificate] = []
    current = leaf
    while issuer := next((each for each in others if each.subject == current.issuer), None):
        if issuer.subject == issuer.issuer:
            break
        chain.append(issuer)
        current = issuer
    return chain


def _sign(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey, request: SigningRequest) -> bytes:
    digest = _DIGESTS[request.digest]()
    if isinstance(key, rsa.RSAPrivateKey):
        return key.sign(request.to_be_signed, padding.PKCS1v15(), digest)
    return key.sign(request.to_be_signed, ec.ECDSA(digest))
