"""Signatures: against pyHanko's own signer, which opens its key for each; verification in time."""

from __future__ import annotations

import io

import pytest
from asn1crypto import keys, x509
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers
from pyhanko_certvalidator.registry import SimpleCertificateStore

from quytrinh.signing import core
from quytrinh.signing.pdf import signatures
from quytrinh.signing.pdf.appearance import Drawing
from quytrinh.signing.pdf.fields import Place, prepare
from quytrinh.signing.pdf.verify import Trust, verify
from quytrinh.signing.verdicts import Verdict
from quytrinh.spi import SignatureForm, SigningRequest
from tests.bench.ratios import cpu_seconds, report
from tests.support.signing import NUMBERED, Authority, authority, decision, values

PLACE = Place("ChuKy", 0, (100, 100, 220, 160))
VERIFIED_IN = 0.250
LARGEST_INCREMENT = 32 * 1024


@pytest.fixture(scope="module")
def home() -> Authority:
    return authority()


def test_signing_is_five_times_as_fast_as_the_simple_signer(home: Authority) -> None:
    who = home.person("person:long-key", bits=3072)
    pdf = prepare(decision(), [PLACE])
    count = iter(range(10**6))

    def ours() -> bytes:
        begun = signatures.begin(pdf, PLACE, Drawing(lines=("Đã ký",)), who.credential.chain)
        request = SigningRequest(
            f"bench-{next(count)}", who.agency, who.credential.id, SignatureForm.RAW,
            begun.attributes,
        )  # fmt: skip
        return signatures.complete(begun, who.plugin.sign(request).content, None)

    simple = _simple_signer(who)

    def theirs() -> object:
        metadata = signers.PdfSignatureMetadata(field_name=PLACE.field, md_algorithm="sha256")
        return signers.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(pdf)), metadata, simple)

    assert ours().startswith(pdf)
    report("sign with RSA-3072 against SimpleSigner", cpu_seconds(ours, repeat=3),
           cpu_seconds(theirs, repeat=1), at_most=1 / 5)  # fmt: skip


def _simple_signer(who) -> signers.SimpleSigner:
    held = who.plugin._open(who.agency, who.credential.id)
    der = held.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    registry = SimpleCertificateStore()
    leaf, *issuers = (x509.Certificate.load(each) for each in who.credential.chain)
    registry.register_multiple(issuers)
    return signers.SimpleSigner(leaf, keys.PrivateKeyInfo.load(der), registry)


def test_two_signatures_are_verified_in_a_quarter_of_a_second(home: Authority) -> None:
    at, said = home.workplace(), values(**NUMBERED)
    prepared = core.prepare(decision(), at.layout, said)
    signed = core.sign(prepared, request_id="b1", signatory=home.person(), values=said, at=at)
    sealed = core.seal(
        signed.pdf, request_id="b2", signatory=home.organisation(), values=said, at=at
    )
    for before, after in ((prepared, signed.pdf), (signed.pdf, sealed.pdf)):
        print(f"a B-LT signature with its image adds {len(after) - len(before)} bytes")
        assert len(after) - len(before) <= LARGEST_INCREMENT
    trust = Trust(home.services.anchors())
    assert verify(sealed.pdf, trust).verdict == Verdict.VALID
    seconds = cpu_seconds(lambda: verify(sealed.pdf, trust), repeat=1)
    print(f"two signatures verified, pages compared: {seconds * 1000:.0f} ms")
    assert seconds <= VERIFIED_IN
