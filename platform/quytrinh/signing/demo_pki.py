"""A demonstration authority: root, issuing authority, time stamps, revocation, all made here.

Everything is a file below one directory; what exists is kept, so that it may be run again and may
be cut short. Nothing of it is trusted by anyone but this installation.
"""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
    pkcs12,
)
from cryptography.x509 import ocsp
from cryptography.x509.oid import (
    AuthorityInformationAccessOID,
    ExtendedKeyUsageOID,
    NameOID,
    ObjectIdentifier,
)

from quytrinh.spi import SignerKind

_KEY_BITS = 2048
_CRL_LIFE = timedelta(days=7)
_OCSP_LIFE = timedelta(hours=12)
_AUTHORITY_LIFE = timedelta(days=20 * 365)
_HOLDER_LIFE = timedelta(days=5 * 365)
# Clocks differ: what is made now has been valid for a while.
_LEEWAY = timedelta(hours=1)
# Named in certificates because verifiers look for revocation only where a certificate says it
# exists; the names lead nowhere on purpose.
_OCSP_ADDRESS = "http://ocsp.quy-trinh.invalid/"
_CRL_ADDRESS = "http://crl.quy-trinh.invalid/{}.crl"

PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


@dataclass(frozen=True, slots=True)
class Holder:
    """Who gets a key: `key` is `person:<id>` or `organisation`, unique in the agency."""

    agency: str
    key: str
    name: str
    organisation: str
    kind: SignerKind


@dataclass(frozen=True, slots=True)
class _Profile:
    """What the certificate of a service may do."""

    name: str
    ca: bool = False
    path_length: int | None = None
    purpose: ObjectIdentifier | None = None
    no_check: bool = False


_ROOT = _Profile("Quy Trình Demo Root", ca=True, path_length=1)
_ISSUING = _Profile("Quy Trình Demo CA", ca=True, path_length=0)
_TSA = _Profile("Quy Trình Demo TSA", purpose=ExtendedKeyUsageOID.TIME_STAMPING)
_OCSP = _Profile("Quy Trình Demo OCSP", purpose=ExtendedKeyUsageOID.OCSP_SIGNING, no_check=True)


class DemoPki:
    """The authority kept in a directory; the keys of holders lie below `holders`."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self.holders = directory / "holders"
        self.passphrase_file = directory / "passphrase"

    def prepare(self) -> None:
        """Make what is missing of the authority itself."""
        self._secret("passphrase", secrets.token_urlsafe(24).encode())
        for certificate in (self.root, self.issuing, self.tsa, self.ocsp):
            assert certificate is not None

    @cached_property
    def root(self) -> x509.Certificate:
        return self._service("root", _ROOT, issuer=None)

    @cached_property
    def issuing(self) -> x509.Certificate:
        return self._service("issuing", _ISSUING, issuer="root")

    @cached_property
    def tsa(self) -> x509.Certificate:
        return self._service("tsa", _TSA, issuer="issuing")

    @cached_property
    def ocsp(self) -> x509.Certificate:
        return self._service("ocsp", _OCSP, issuer="issuing")

    def issue(
        self,
        holder: Holder,
        *,
        valid_from: datetime | None = None,
        valid_until: datetime | None = None,
        bits: int = _KEY_BITS,
    ) -> x509.Certificate:
        """Make a holder's key and certificate, or return the certificate they have."""
        path = self.holders / _stem(holder.agency) / f"{_stem(holder.key)}.p12"
        passphrase = self._secret("passphrase", secrets.token_urlsafe(24).encode()).strip()
        if path.exists():
            certificate = pkcs12.load_key_and_certificates(path.read_bytes(), passphrase)[1]
            assert certificate is not None
            return certificate
        key = rsa.generate_private_key(65537, bits)
        start = valid_from or _now() - _LEEWAY
        builder = _builder(_subject(holder), self.issuing, key, start, valid_until)
        builder = builder.add_extension(_usage(authority=False), critical=True)
        builder = _with_revocation(builder, "issuing")
        certificate = self._signed(builder, "issuing")
        bundle = pkcs12.serialize_key_and_certificates(
            holder.name.encode(), key, certificate, [self.issuing],
            BestAvailableEncryption(passphrase),
        )  # fmt: skip
        _write(path, bundle)
        return certificate

    def revoke(self, certificate: x509.Certificate, *, at: datetime | None = None) -> None:
        """Say that a certificate is not good any more since an instant."""
        revoked = self._revoked()
        revoked[str(certificate.serial_number)] = (at or _now()).isoformat()
        _write(self._directory / "revoked.json", json.dumps(revoked).encode(), again=True)

    def ocsp_response(self, certificate: x509.Certificate) -> bytes:
        """Answer for a certificate of the issuing authority, as its OCSP service would."""
        since = self._revoked().get(str(certificate.serial_number))
        now = _now()
        builder = ocsp.OCSPResponseBuilder().add_response(
            cert=certificate,
            issuer=self.issuing,
            algorithm=hashes.SHA256(),
            cert_status=ocsp.OCSPCertStatus.REVOKED if since else ocsp.OCSPCertStatus.GOOD,
            this_update=now,
            next_update=now + _OCSP_LIFE,
            revocation_time=datetime.fromisoformat(since) if since else None,
            revocation_reason=x509.ReasonFlags.key_compromise if since else None,
        )
        builder = builder.responder_id(ocsp.OCSPResponderEncoding.HASH, self.ocsp)
        builder = builder.certificates([self.ocsp])
        response = builder.sign(self._key("ocsp"), hashes.SHA256())
        return response.public_bytes(Encoding.DER)

    def crls(self) -> tuple[bytes, bytes]:
        """Return the revocation lists of the root and of the issuing authority."""
        return self._crl("root", self.root, {}), self._crl("issuing", self.issuing, self._revoked())

    def tsa_key(self) -> rsa.RSAPrivateKey:
        """Return the key of the time stamps, for the service that answers in this process."""
        key = self._key("tsa")
        assert isinstance(key, rsa.RSAPrivateKey)
        return key

    def _revoked(self) -> dict[str, str]:
        path = self._directory / "revoked.json"
        revoked: dict[str, str] = json.loads(path.read_bytes()) if path.exists() else {}
        return revoked

    def _crl(self, name: str, issuer: x509.Certificate, revoked: dict[str, str]) -> bytes:
        now = _now()
        builder = x509.CertificateRevocationListBuilder().issuer_name(issuer.subject)
        builder = builder.last_update(now - _LEEWAY).next_update(now + _CRL_LIFE)
        builder = builder.add_extension(x509.CRLNumber(int(now.timestamp())), critical=False)
        for serial, since in revoked.items():
            entry = x509.RevokedCertificateBuilder().serial_number(int(serial))
            entry = entry.revocation_date(datetime.fromisoformat(since))
            builder = builder.add_revoked_certificate(entry.build())
        return builder.sign(self._key(name), hashes.SHA256()).public_bytes(Encoding.DER)

    def _service(self, name: str, profile: _Profile, issuer: str | None) -> x509.Certificate:
        path = self._directory / f"{name}.crt"
        if path.exists():
            return x509.load_pem_x509_certificate(path.read_bytes())
        key = self._key(name)
        issuing = getattr(self, issuer) if issuer else None
        subject = _name(profile.name)
        builder = _builder(subject, issuing, key, _now() - _LEEWAY, _now() + _AUTHORITY_LIFE)
        builder = _with_profile(builder, profile)
        if issuer is not None and not profile.no_check:
            builder = _with_revocation(builder, issuer)
        certificate = self._signed(builder, issuer or name)
        _write(path, certificate.public_bytes(Encoding.PEM))
        return x509.load_pem_x509_certificate(path.read_bytes())

    def _signed(self, builder: x509.CertificateBuilder, issuer: str) -> x509.Certificate:
        return builder.sign(self._key(issuer), hashes.SHA256())

    def _key(self, name: str) -> PrivateKey:
        """Return the key of a service, made when it is first needed."""
        path = self._directory / f"{name}.key"
        if not path.exists():
            made: PrivateKey
            if name == "tsa":  # other services have short keys: what they sign travels with PDFs
                made = rsa.generate_private_key(65537, _KEY_BITS)
            else:
                made = ec.generate_private_key(ec.SECP256R1())
            form = PrivateFormat.PKCS8
            _write(path, made.private_bytes(Encoding.PEM, form, NoEncryption()))
        key = load_pem_private_key(path.read_bytes(), None)
        assert isinstance(key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey)
        return key

    def _secret(self, name: str, made: bytes) -> bytes:
        path = self._directory / name
        if not path.exists():
            _write(path, made)
        return path.read_bytes()


def _builder(
    subject: x509.Name,
    issuer: x509.Certificate | None,
    key: PrivateKey,
    start: datetime,
    end: datetime | None,
) -> x509.CertificateBuilder:
    public = key.public_key()
    builder = x509.CertificateBuilder().subject_name(subject).public_key(public)
    builder = builder.issuer_name(issuer.subject if issuer else subject)
    builder = builder.serial_number(x509.random_serial_number())
    builder = builder.not_valid_before(start).not_valid_after(end or start + _HOLDER_LIFE)
    identifier = x509.SubjectKeyIdentifier.from_public_key(public)
    builder = builder.add_extension(identifier, critical=False)
    if issuer is not None:
        authority = x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.public_key())  # type: ignore[arg-type]
        builder = builder.add_extension(authority, critical=False)
    return builder


def _with_revocation(builder: x509.CertificateBuilder, issuer: str) -> x509.CertificateBuilder:
    """Say where revocation is told: of authorities by lists, of others by OCSP too."""
    point = x509.DistributionPoint([_address(_CRL_ADDRESS.format(issuer))], None, None, None)
    builder = builder.add_extension(x509.CRLDistributionPoints([point]), critical=False)
    if issuer == "root":
        return builder
    method = x509.AccessDescription(AuthorityInformationAccessOID.OCSP, _address(_OCSP_ADDRESS))
    return builder.add_extension(x509.AuthorityInformationAccess([method]), critical=False)


def _address(text: str) -> x509.UniformResourceIdentifier:
    return x509.UniformResourceIdentifier(text)


def _with_profile(builder: x509.CertificateBuilder, profile: _Profile) -> x509.CertificateBuilder:
    constraints = x509.BasicConstraints(ca=profile.ca, path_length=profile.path_length)
    builder = builder.add_extension(constraints, critical=True)
    builder = builder.add_extension(_usage(authority=profile.ca), critical=True)
    if profile.purpose is not None:
        purposes = x509.ExtendedKeyUsage([profile.purpose])
        builder = builder.add_extension(purposes, critical=True)
    if profile.no_check:
        builder = builder.add_extension(x509.OCSPNoCheck(), critical=False)
    return builder


def _usage(*, authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not authority,
        content_commitment=not authority,
        key_cert_sign=authority,
        crl_sign=authority,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _name(common_name: str, organisation: str = "Quy Trình (trình diễn)") -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "VN"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation[:64]),
            x509.NameAttribute(NameOID.COMMON_NAME, common_name[:64]),
        ]
    )


def _subject(holder: Holder) -> x509.Name:
    """An organisation's certificate has one name as organisation and as common name."""
    if holder.kind == SignerKind.ORGANISATION:
        return _name(holder.organisation, holder.organisation)
    return _name(holder.name, holder.organisation)


def _stem(name: str) -> str:
    return "".join(c if c.isalnum() or c == "-" else "_" for c in name)


def _now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


def _write(path: Path, content: bytes, *, again: bool = False) -> None:
    """Write a file whole or not at all, for our eyes only; who comes first, wins."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    if again:
        partial.replace(path)
        return
    try:
        os.link(partial, path)
    except FileExistsError:
        pass
    finally:
        partial.unlink()
