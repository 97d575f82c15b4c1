"""A time stamp authority that answers in this process, its key opened once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from asn1crypto import cms, core, keys, x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from pyhanko.sign.general import as_signing_certificate_v2, simple_cms_attribute
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.sign.timestamps.dummy_client import DummyTimeStamper

__all__ = ["LocalTimeStamper", "TimeStamper"]

_DIGESTS: dict[str, Callable[[], hashes.HashAlgorithm]] = {
    "sha256": hashes.SHA256,
    "sha384": hashes.SHA384,
    "sha512": hashes.SHA512,
}


class LocalTimeStamper(DummyTimeStamper):
    """Stamps with a key held in memory; pyHanko's own opens its key for each stamp."""

    def __init__(self, certificate: bytes, key: RSAPrivateKey) -> None:
        super().__init__(x509.Certificate.load(certificate), _no_key(key))
        self._held = key

    def _sign_tst_info(
        self, tst_info_data: bytes, md_algorithm: str, dt: datetime
    ) -> tuple[bytes, cms.CMSAttributes]:
        digest = hashes.Hash(_DIGESTS[md_algorithm]())
        digest.update(tst_info_data)
        attributes = cms.CMSAttributes(
            [
                simple_cms_attribute("content_type", "tst_info"),
                simple_cms_attribute("signing_time", cms.Time({"utc_time": core.UTCTime(dt)})),
                simple_cms_attribute(
                    "signing_certificate_v2", as_signing_certificate_v2(self.tsa_cert)
                ),
                simple_cms_attribute("message_digest", digest.finalize()),
            ]
        )
        signature = self._held.sign(attributes.dump(), PKCS1v15(), _DIGESTS[md_algorithm]())
        return signature, attributes


def _no_key(key: RSAPrivateKey) -> keys.PublicKeyInfo:
    """What the parent class keeps instead of the private key, and never uses."""
    public = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return keys.PublicKeyInfo.load(public)
