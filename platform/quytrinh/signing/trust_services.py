"""Where time stamps and the states of certificates come from; settings name the class."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Protocol

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from django.conf import settings
from django.utils.module_loading import import_string

from quytrinh.signing.demo_pki import DemoPki
from quytrinh.signing.pdf.timestamps import LocalTimeStamper, TimeStamper


@dataclass(frozen=True, slots=True)
class RevocationMaterial:
    """Proof of the states of certificates at some time, in DER, with the chain it is about."""

    certificates: tuple[bytes, ...] = ()
    ocsps: tuple[bytes, ...] = ()
    crls: tuple[bytes, ...] = ()


class TrustServices(Protocol):
    """The services of an authority."""

    def timestamper(self) -> TimeStamper: ...

    def material(self, chain: Sequence[bytes]) -> RevocationMaterial:
        """Return what proves, now, the states of a signer's chain and of the time stamps.

        Raises TrustServiceSilent when nobody answers.
        """
        ...

    def crls(self) -> tuple[bytes, ...]:
        """Return the revocation lists known here, for signatures that bring no proof."""
        ...

    def anchors(self) -> tuple[bytes, ...]:
        """Return the roots of these services."""
        ...


class DemoTrustServices:
    """The demonstration authority, answering in this process."""

    def __init__(self, directory: Path | None = None) -> None:
        self.pki = DemoPki(directory or Path(settings.KEYS_ROOT))

    def timestamper(self) -> TimeStamper:
        return self._timestamper

    @cached_property
    def _timestamper(self) -> TimeStamper:
        return LocalTimeStamper(_der(self.pki.tsa), self.pki.tsa_key())

    def material(self, chain: Sequence[bytes]) -> RevocationMaterial:
        signer = x509.load_der_x509_certificate(chain[0])
        asked = [signer] if signer.issuer == self.pki.issuing.subject else []
        return RevocationMaterial(
            certificates=(*chain, _der(self.pki.issuing), _der(self.pki.tsa)),
            ocsps=tuple(self.pki.ocsp_response(each) for each in (*asked, self.pki.tsa)),
            crls=self.pki.crls()[:1],  # the root's: OCSP answers for what is below
        )

    def crls(self) -> tuple[bytes, ...]:
        return self.pki.crls()

    def anchors(self) -> tuple[bytes, ...]:
        return (_der(self.pki.root),)


@cache
def trust_services() -> TrustServices:
    """Return the services of this installation."""
    services: TrustServices = import_string(settings.SIGNING_TRUST_SERVICES)()
    return services


def _der(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(Encoding.DER)
