"""What enemies and accidents do to files: each is told for what it is, nothing is half done."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from quytrinh.signing import child, core
from quytrinh.signing.exceptions import SigningRefused
from quytrinh.signing.explain import reasons_of
from quytrinh.signing.pdf import signatures
from quytrinh.signing.pdf.appearance import Drawing
from quytrinh.signing.pdf.fields import Place
from quytrinh.signing.verdicts import DocumentFinding, Verdict
from quytrinh.spi import SignatureForm, SigningRequest
from tests.support.forgeries import (
    Silent,
    certificate,
    hand_made,
    partly_covered,
    with_script,
)
from tests.support.pdf import pdf as plain_pdf
from tests.support.signing import (
    NUMBERED,
    Authority,
    authority,
    decision,
    values,
)

pytestmark = pytest.mark.once("sqlite")


def problems(finding: DocumentFinding) -> set[str]:
    return {*finding.problems, *(p for each in finding.signatures for p in each.problems)}


def test_an_unsigned_file_has_no_signature(verify) -> None:
    finding = verify(decision())
    assert finding.verdict == Verdict.UNSIGNED
    assert reasons_of(finding)


@pytest.mark.parametrize("place", [0.1, 0.3, 0.5])
def test_one_byte_changed_is_told(number_first, verify, place: float) -> None:
    signed = bytearray(number_first[-1])
    # in the draft itself, which both signatures cover
    at = int(len(number_first[0]) * place)
    signed[at] ^= 0x01
    assert verify(bytes(signed)).verdict in (Verdict.INVALID, Verdict.UNREADABLE)


def test_a_changed_letter_makes_every_signature_invalid(number_first, verify) -> None:
    signed = number_first[-1].replace(b"ReportLab", b"ReportLob", 1)
    assert signed != number_first[-1]
    finding = verify(signed)
    assert finding.verdict == Verdict.INVALID
    assert all("altered" in each.problems for each in finding.signatures)


def test_a_change_after_the_first_signature_breaks_the_right_one(number_first, verify) -> None:
    signed = bytearray(number_first[-1])
    written = rb"/M (D\072"  # when the seal was made, as the seal's dictionary has it
    signed[signed.rindex(written) + len(written) + 7] ^= 0x01
    finding = verify(bytes(signed))
    assert finding.signatures[0].verdict == Verdict.VALID
    assert finding.verdict == Verdict.INVALID


def test_a_certificate_expired_at_signing_is_invalid(home: Authority, verify) -> None:
    then = datetime.now(UTC) - timedelta(days=30)
    expired = home.person("person:expired", since=then, until=then + timedelta(days=10))
    finding = verify(hand_made(expired, home.services))
    assert finding.verdict == Verdict.INVALID
    assert "expired" in problems(finding)


def test_a_certificate_expired_without_time_stamp_proves_nothing(home: Authority, verify) -> None:
    then = datetime.now(UTC) - timedelta(days=30)
    expired = home.person("person:expired", since=then, until=then + timedelta(days=10))
    finding = verify(hand_made(expired, home.services, stamped=False))
    assert finding.verdict == Verdict.UNDETERMINED
    assert {"no_timestamp", "expired_now"} <= problems(finding)


def test_a_certificate_revoked_before_signing_is_invalid(home: Authority, verify) -> None:
    revoked = home.person("person:revoked")
    home.pki.revoke(certificate(home, "person:revoked"), at=datetime.now(UTC) - timedelta(days=1))
    for material in (True, False):
        finding = verify(hand_made(revoked, home.services, material=material))
        assert finding.verdict == Verdict.INVALID
        assert "revoked" in problems(finding)


def test_a_certificate_revoked_after_signing_leaves_the_signature_valid(verify) -> None:
    home = authority()
    later = home.person("person:later")
    signed = hand_made(later, home.services)
    home.pki.revoke(certificate(home, "person:later"), at=datetime.now(UTC) + timedelta(hours=1))
    assert verify(signed).verdict == Verdict.VALID


def test_a_foreign_root_is_not_trusted(verify) -> None:
    stranger = authority("stranger")
    finding = verify(hand_made(stranger.person(), stranger.services))
    assert finding.verdict == Verdict.UNDETERMINED
    assert "untrusted" in problems(finding)


def test_no_time_stamp_is_undetermined(home: Authority, verify) -> None:
    finding = verify(hand_made(home.person(), home.services, stamped=False))
    assert finding.verdict == Verdict.UNDETERMINED
    assert problems(finding) == {"no_timestamp"}


def test_no_proof_of_states_is_undetermined(home: Authority) -> None:
    signed = hand_made(home.person(), home.services, material=False)
    finding = child.verify_bytes(signed, anchors=home.services.anchors())
    assert finding.verdict == Verdict.UNDETERMINED


def test_bytes_after_the_end_are_told(number_first, verify) -> None:
    finding = verify(number_first[-1] + b"\nxin chao")
    assert finding.verdict == Verdict.INVALID
    assert "trailing_bytes" in finding.problems
    assert verify(number_first[-1] + b"\r\n").verdict == Verdict.VALID


def test_a_signature_that_does_not_cover_the_file_is_invalid(home: Authority, verify) -> None:
    finding = verify(partly_covered(home))
    assert finding.verdict == Verdict.INVALID


def test_text_put_on_the_page_afterwards_is_invalid(number_first, verify) -> None:
    writer = IncrementalPdfFileWriter(io.BytesIO(number_first[-1]))
    content = generic.StreamObject(stream_data=b"q 1 0 0 rg 80 500 300 40 re f Q")
    writer.add_stream_to_page(0, writer.add_object(content))
    output = io.BytesIO()
    writer.write(output)
    finding = verify(output.getvalue())
    assert finding.verdict == Verdict.INVALID
    assert "changed_after" in problems(finding)
    assert "looks_changed" in problems(finding)


def test_a_later_signature_that_hides_text_is_found_by_its_looks(home: Authority, verify) -> None:
    signed = hand_made(home.person(), home.services)
    white = Drawing(lines=("█" * 3,), size=300, colour=(1, 1, 1))
    cover = Place("Che", 0, (60, 300, 560, 760))
    who = home.organisation()
    begun = signatures.begin(
        signed, cover, white, who.credential.chain,
        room=signatures.stamp_size(home.services.timestamper()),
    )  # fmt: skip
    request = SigningRequest(
        "cover", who.agency, who.credential.id, SignatureForm.RAW, begun.attributes
    )
    made = who.plugin.sign(request).content
    covered = signatures.complete(begun, made, home.services.timestamper())
    finding = verify(covered)
    assert finding.signatures[0].verdict == Verdict.INVALID
    assert "looks_changed" in finding.signatures[0].problems


def test_one_signature_shown_in_two_fields_is_invalid(home: Authority, verify) -> None:
    signed = hand_made(home.person(), home.services)
    writer = IncrementalPdfFileWriter(io.BytesIO(signed))
    form = writer.root["/AcroForm"]
    original = form["/Fields"][0]
    copy = generic.DictionaryObject(original)
    copy[generic.pdf_name("/T")] = generic.pdf_string("BanSao")
    copy[generic.pdf_name("/V")] = original.raw_get("/V")
    form["/Fields"].append(writer.add_object(copy))
    writer.update_container(form["/Fields"])
    output = io.BytesIO()
    writer.write(output)
    finding = verify(output.getvalue())
    assert finding.verdict == Verdict.INVALID
    assert "shared_object" in problems(finding)


def test_an_annex_waits_for_the_number(home: Authority) -> None:
    with pytest.raises(SigningRefused) as refused:
        core.mark(
            decision(), "annex", request_id="a", signatory=home.organisation(), values=values(),
            at=home.workplace(),
        )  # fmt: skip
    assert refused.value.code == "no_number"


def test_a_file_with_javascript_is_not_signed_and_never_quite_valid(
    home: Authority, verify
) -> None:
    scripted = with_script(decision())
    said = values()
    with pytest.raises(SigningRefused) as refused:
        core.sign(scripted, request_id="js", signatory=home.person(), values=said,
                  at=home.workplace())  # fmt: skip
    assert refused.value.code == "active_content"
    assert not refused.value.retryable
    assert verify(scripted).active_content
    finding = verify(hand_made(home.person(), home.services, pdf=scripted))
    assert finding.verdict == Verdict.UNDETERMINED
    assert finding.problems == ("active_content",)


def test_an_encrypted_file_is_unreadable(home: Authority, verify) -> None:
    locked = plain_pdf("Mật khẩu", password="bi-mat")
    finding = verify(locked)
    assert finding.verdict == Verdict.UNREADABLE
    assert finding.problems == ("encrypted",)
    with pytest.raises(SigningRefused) as refused:
        core.prepare(locked, home.workplace().layout, values())
    assert refused.value.code == "encrypted"


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7\n", b"xin chao", b"%PDF-1.4\n" + b"\0" * 9999])
def test_what_is_no_pdf_is_unreadable(content: bytes, verify) -> None:
    assert verify(content).verdict == Verdict.UNREADABLE


def test_a_file_cut_in_two_is_not_valid(number_first, verify) -> None:
    whole = number_first[-1]
    for part in (0.3, 0.7, 0.99):
        assert verify(whole[: int(len(whole) * part)]).verdict not in (Verdict.VALID,)


def test_a_file_that_takes_for_ever_does_not(monkeypatch, home: Authority) -> None:
    monkeypatch.setattr(child, "_SECONDS", 0.05)
    finding = child.verify_bytes(decision(), anchors=())
    assert finding.verdict == Verdict.UNREADABLE
    assert finding.problems == ("too_costly",)


def test_a_scan_of_200_pages_is_signed_and_verified(home: Authority, verify) -> None:
    scan = decision(pages=200)
    at = home.workplace("ha-tinh-33-2019")
    made = core.mark(
        scan, "scan", request_id="scan", signatory=home.organisation(), values=values(), at=at
    )
    assert made.finding.verdict == Verdict.VALID
    assert verify(made.pdf.replace(b"ReportLab", b"ReportLob", 1)).verdict == Verdict.INVALID


@pytest.mark.parametrize(("tsa", "code"), [(True, "tsa_silent"), (False, "revocation_silent")])
def test_a_silent_service_is_no_reason_to_sign_with_less(home: Authority, tsa, code) -> None:
    at = replace(home.workplace(), services=Silent(home, tsa=tsa))
    with pytest.raises(SigningRefused) as refused:
        core.sign(decision(), request_id="s", signatory=home.person(), values=values(), at=at)
    assert refused.value.code == code
    assert refused.value.retryable
    assert "chưa được ký" in refused.value.message


def test_a_revoked_or_expired_key_signs_nothing(home: Authority) -> None:
    then = datetime.now(UTC) - timedelta(days=30)
    expired = home.person("person:expired", since=then, until=then + timedelta(days=10))
    revoked = home.person("person:revoked")
    home.pki.revoke(certificate(home, "person:revoked"), at=datetime.now(UTC) - timedelta(days=1))
    for who, code in ((expired, "certificate_expired"), (revoked, "certificate_revoked")):
        with pytest.raises(SigningRefused) as refused:
            core.sign(
                decision(), request_id=code, signatory=who, values=values(), at=home.workplace()
            )
        assert refused.value.code == code


def test_a_key_of_strangers_signs_nothing(home: Authority) -> None:
    stranger = authority("stranger")
    with pytest.raises(SigningRefused) as refused:
        core.sign(
            decision(), request_id="x", signatory=stranger.person(), values=values(),
            at=home.workplace(),
        )  # fmt: skip
    assert refused.value.code == "certificate_refused"


def test_a_document_broken_before_is_not_sealed(home: Authority, number_last) -> None:
    broken = number_last[1].replace(b"ReportLab", b"ReportLob", 1)
    with pytest.raises(SigningRefused) as refused:
        core.seal(
            broken, request_id="b", signatory=home.organisation(), values=values(**NUMBERED),
            at=home.workplace("ha-tinh-33-2019"),
        )  # fmt: skip
    assert refused.value.code == "broken_before"


def test_a_seal_waits_for_the_number(home: Authority, number_last) -> None:
    with pytest.raises(SigningRefused) as refused:
        core.seal(
            number_last[1], request_id="n", signatory=home.organisation(), values=values(),
            at=home.workplace("ha-tinh-33-2019"),
        )  # fmt: skip
    assert refused.value.code == "no_number"


def test_nobody_signs_twice_in_one_place(home: Authority, number_first) -> None:
    with pytest.raises(SigningRefused) as refused:
        core.sign(
            number_first[2], request_id="t", signatory=home.person(), values=values(),
            at=home.workplace(),
        )  # fmt: skip
    assert refused.value.code == "field_taken"
