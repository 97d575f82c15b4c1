"""Plugins hand back a bare signature, a CMS or a whole file: all end as the same kind of file."""

from __future__ import annotations

import asyncio
import io
from dataclasses import replace

import pytest
from asn1crypto import keys, x509
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko_certvalidator.registry import SimpleCertificateStore

from quytrinh.signing import core
from quytrinh.signing.exceptions import SigningRefused
from quytrinh.signing.verdicts import Verdict
from quytrinh.spi import Pending, SignatureForm, Signed, SigningRequest
from quytrinh_sign_pkcs12 import Pkcs12Signing
from tests.support.signing import AGENCY, Authority, decision, values

pytestmark = pytest.mark.once("sqlite")


class Foreign(Pkcs12Signing):
    """A plugin whose vendor signs with software of their own."""

    def signer(self, holder: str) -> signers.SimpleSigner:
        held = self._open(AGENCY, holder)
        der = held.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
        leaf, *issuers = (x509.Certificate.load(each) for each in held.credential.chain)
        registry = SimpleCertificateStore()
        registry.register_multiple(issuers)
        return signers.SimpleSigner(leaf, keys.PrivateKeyInfo.load(der), registry)


class SignsCms(Foreign):
    """Hands back a CMS."""

    forms = frozenset({SignatureForm.CMS})

    def sign(self, request: SigningRequest) -> Signed:
        signer = self.signer(request.credential_id)
        made = asyncio.run(signer.async_sign(request.to_be_signed, "sha256", use_pades=True))
        return Signed(request.request_id, made.dump())


class SignsPdf(Foreign):
    """Hands back a whole file, signed in a field of its own choice."""

    forms = frozenset({SignatureForm.PDF})
    timestamper = None
    rewrites = False

    def sign(self, request: SigningRequest) -> Signed:
        given = request.to_be_signed
        if self.rewrites:
            given = given.replace(b"ReportLab", b"ReportLob", 1)
        metadata = signers.PdfSignatureMetadata(
            field_name="TheirField", md_algorithm="sha256",
            subfilter=fields.SigSeedSubFilter.PADES,
        )  # fmt: skip
        signed = signers.sign_pdf(
            IncrementalPdfFileWriter(io.BytesIO(given)), metadata,
            self.signer(request.credential_id), timestamper=self.timestamper,
        )  # fmt: skip
        return Signed(request.request_id, signed.getvalue())


class SignsWrongly(Pkcs12Signing):
    """Hands back a signature over something else."""

    def sign(self, request: SigningRequest) -> Signed:
        return super().sign(replace(request, to_be_signed=b"something else"))


class Waits(Pkcs12Signing):
    """The signer has a device on which to confirm."""

    deferred = True

    def sign(self, request: SigningRequest) -> Pending:
        return Pending(request.request_id, {"url": "https://localhost/"})


def made_by(home: Authority, kind: type[Pkcs12Signing]):
    who = home.person()
    plugin = kind(
        {
            "directory": str(home.pki.holders),
            "passphrase_file": str(home.pki.passphrase_file),
        }
    )
    return replace(who, plugin=plugin)


def sign(home: Authority, who) -> core.SignedFile:
    return core.sign(
        decision(), request_id="form", signatory=who, values=values(), at=home.workplace()
    )


def test_a_cms_is_embedded_and_stamped(home: Authority) -> None:
    signed = sign(home, made_by(home, SignsCms))
    assert signed.finding.verdict == Verdict.VALID
    assert signed.made[0].level == "B-LT"


def test_a_whole_file_is_taken_if_it_only_grew(home: Authority, monkeypatch) -> None:
    monkeypatch.setattr(SignsPdf, "timestamper", home.services.timestamper())
    signed = sign(home, made_by(home, SignsPdf))
    assert signed.finding.verdict == Verdict.VALID
    assert [each.field for each in signed.made] == ["TheirField"]


@pytest.mark.parametrize("kind", [SignsPdf, SignsWrongly])
def test_a_result_that_is_not_valid_is_refused(home: Authority, kind, monkeypatch) -> None:
    monkeypatch.setattr(SignsPdf, "timestamper", home.services.timestamper())
    monkeypatch.setattr(SignsPdf, "rewrites", True)
    with pytest.raises(SigningRefused) as refused:
        sign(home, made_by(home, kind))
    assert refused.value.code == "result_not_valid"


def test_a_whole_file_without_time_stamp_is_refused(home: Authority) -> None:
    with pytest.raises(SigningRefused) as refused:
        sign(home, made_by(home, SignsPdf))
    assert refused.value.code == "result_not_valid"
    assert "dấu thời gian" in refused.value.message


def test_a_signature_that_waits_for_its_owner_can_be_asked_for_again(home: Authority) -> None:
    with pytest.raises(SigningRefused) as refused:
        sign(home, made_by(home, Waits))
    assert refused.value.code == "pending"
    assert refused.value.retryable
