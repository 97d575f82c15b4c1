"""What arrives is verified, registered, distributed and handled as each agency's text says."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from quytrinh.journal.models import JournalEntry
from quytrinh.runtime import actions
from quytrinh.runtime.actions.entry import receive_upload
from quytrinh.runtime.models import Case, InboxEntry
from quytrinh.signing import core
from quytrinh.signing.actions import add_trust_anchor
from quytrinh.signing.verdicts import Verdict
from quytrinh.tenancy.context import tenant_context
from quytrinh.tenancy.ids import uuid7
from tests.integration.runtime.conftest import Office
from tests.support import letters
from tests.support.agencies import Agencies
from tests.support.pdf import pdf
from tests.support.provinces import (
    ARRIVAL,
    CLERK_CONFIRMS,
    TO_NUMBER,
    draft,
    enter,
    entries,
    judged,
    settle,
    walk,
    wordings,
)
from tests.support.signing import NUMBERED, authority, decision, values
from tests.support.uploads import pdf_upload

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once("postgresql")]


@cache
def signed_decision(signer: str = "home") -> bytes:
    """A decision with a leader's and an agency's signature of some authority."""
    at, said = authority(signer).workplace(), values(**NUMBERED)
    signed = core.sign(
        decision(), request_id="d1", signatory=authority(signer).person(), values=said, at=at
    )
    whole = core.seal(
        signed.pdf, request_id="d2", signatory=authority(signer).organisation(), values=said, at=at
    )
    return whole.pdf


def trust(office: Office, name: str = "home") -> None:
    with tenant_context(office.agency.tenant.pk):
        for anchor in authority(name).services.anchors():
            add_trust_anchor(certificate=anchor, source="test")


def broken() -> bytes:
    return signed_decision().replace(b"ReportLab", b"ReportLob", 1)


def arrive(office: Office, content: bytes | None = None, key: str = "goi-1") -> Case:
    """A message arrives with a signed document, or with this one."""
    trust(office)
    with tenant_context(office.agency.tenant.pk):
        upload = pdf_upload(content or signed_decision(), "Công văn.pdf")
        case = actions.start_from_message(
            event="exchange.received",
            key=key,
            fields={**ARRIVAL, "source": "axis"},
            documents={"main": [receive_upload(upload=upload, actor=uuid7())]},
            facts={"sender": "Sở B", "number": "5", "notation": "SB-VP", "code": "5/SB-VP"},
        )
    settle(office)
    return case


def reported(office: Office, case: Case) -> list[str]:
    with office.agency.at_work():
        entries = JournalEntry.objects.filter(subject_id=case.pk, verb="status.reported")
        return [entry.payload["status"] for entry in entries.order_by("seq")]


DIRECTIVE = {
    "lead": "phong-nghiep-vu",
    "deadline": "2026-12-04",
    "instruction": "Tham mưu trả lời",
}


@pytest.mark.parametrize("province", [0, 1])
def test_signed_document_is_registered_distributed_handled_and_filed(
    agencies: Agencies, province: int
) -> None:
    office = Office(list(agencies)[province])
    case = arrive(office)
    enter(office, case)
    office.act("giam-doc", case, "forward", values=DIRECTIVE)
    office.act("truong-phong", case, "done", values={"result": "Đã trả lời"})
    office.act("van-thu", case, "done", values={"dossier": "12/HS"})
    assert office.case(case).outcome == "completed"
    assert reported(office, case) == ["03", "04", "05", "06"]
    [entry] = entries(office)
    assert (entry.number, entry.code, entry.sender) == (1, "5/SB-VP", "Sở B")
    assert entry.series.register.key == "den"


@pytest.mark.parametrize("content", [decision, broken])
def test_document_without_a_valid_signature_is_refused_in_binh_thuan(
    agencies: Agencies, content
) -> None:
    """Điều 6.1.b."""
    office = Office(agencies.binh_thuan)
    case = arrive(office, content())
    assert office.place(case) == "refuse"
    office.act("van-thu", case, "confirm", comment="Văn bản chưa ký số")
    settle(office)
    assert (office.case(case).outcome, reported(office, case)) == ("refused", ["02"])
    assert entries(office) == []


@pytest.mark.parametrize("content", [decision, broken])
def test_document_not_intact_is_told_to_the_leader_and_asked_again_in_ha_tinh(
    agencies: Agencies, content
) -> None:
    """Điều 8.2."""
    office = Office(agencies.ha_tinh)
    case = arrive(office, content())
    with office.agency.at_work():
        told = InboxEntry.objects.filter(case=case, kind="inform")
        assert "position:giam-doc" in {entry.holder_key for entry in told}
    office.act("van-thu", case, "confirm", comment="Chữ ký số không toàn vẹn")
    settle(office)
    assert (office.case(case).outcome, reported(office, case)) == ("resend", ["02"])


# What the regulation of each says, or leaves open, of a document without a signature.
UNSIGNED = {"quang-binh": "refuse", "dien-bien": "consider_unsigned", "binh-dinh": "receive"}


@pytest.mark.parametrize("slug", [*UNSIGNED])
def test_document_of_doubtful_signature_is_returned_with_the_reason_elsewhere(
    agencies: Agencies, slug: str
) -> None:
    """Nghị định 30/2020, Điều 21.2: anomalies are told to who is responsible and to the sender."""
    office = Office(agencies.bring(slug))
    case = arrive(office, broken())
    with office.agency.at_work():
        assert InboxEntry.objects.filter(case=case, kind="inform").exists()
    office.act("van-thu", case, "confirm", comment="Chữ ký số không hợp lệ")
    settle(office)
    assert (office.case(case).outcome, reported(office, case)) == ("refused", ["02"])
    assert office.place(arrive(office, key="goi-2")) == "receive"
    unsigned = arrive(office, decision(), key="goi-3")
    assert office.place(unsigned) == UNSIGNED[slug]


@pytest.mark.parametrize("province", [0, 1])
def test_verdict_that_could_not_be_reached_is_sought_again(
    agencies: Agencies, province: int
) -> None:
    """Whether a signature by an authority nobody trusts yet is good, cannot be said."""
    office = Office(list(agencies)[province])
    case = arrive(office, signed_decision("stranger"))
    assert office.place(case) == "recheck"
    trust(office, "stranger")
    office.act("van-thu", case, "again")
    settle(office)
    assert office.place(case) == "receive"


def take_in_paper(office: Office, scan: bytes) -> Case:
    with tenant_context(office.agency.tenant.pk):
        case_id = actions.begin_case(
            flow_key="van-ban-den",
            actor=office.agency.person("van-thu"),
            values={**ARRIVAL, "source": "paper_post"},
        )
    with office.agency.at_work():
        case = Case.objects.get(pk=case_id)
    office.act("van-thu", case, "done", uploads={"main": [pdf_upload(scan, "Bản quét.pdf")]})
    return case


def test_paper_is_taken_in_by_the_clerk_of_binh_thuan(agencies: Agencies) -> None:
    office = Office(agencies.binh_thuan)
    case = take_in_paper(office, pdf("Bản quét"))
    enter(office, case)
    assert office.place(case) == "distribute"
    assert reported(office, case) == []
    office.act("giam-doc", case, "reference")
    assert office.place(case) == "hand_over_reference"
    office.act("van-thu", case, "done", values={"paper_holder": "Hoàng Văn Trình Diễn"})
    assert office.case(case).outcome == "reference"


def test_scan_of_paper_bears_the_agencys_signature_in_ha_tinh(
    agencies: Agencies, tmp_path: Path
) -> None:
    """Điều 8.1; a scan that cannot be signed is made again."""
    office = Office(agencies.ha_tinh)
    case = take_in_paper(office, letters.with_script(pdf("Bản quét")))
    walk(office, case, [CLERK_CONFIRMS])
    assert office.place(case) == "rescan"
    scan = {"main": [pdf_upload(pdf("Bản quét"), "Bản quét lại.pdf")]}
    office.act("van-thu", case, "done", uploads=scan)
    walk(office, case, [CLERK_CONFIRMS])
    assert office.place(case) == "receive"
    finding = judged(office, wordings(office)[-1], tmp_path)
    assert [(each.field, each.verdict) for each in finding.signatures] == [
        ("DauSoHoa", Verdict.VALID)
    ]


def test_registers_are_read_by_the_clerk_whole_and_by_others_as_far_as_they_may_see(
    agencies: Agencies,
) -> None:
    office = Office(agencies.binh_thuan)
    case = draft(office)
    walk(office, case, TO_NUMBER)
    arrived = arrive(office)
    enter(office, arrived)

    def page(who: str, book: str) -> str:
        return office.agency.client(who).get(f"/so-van-ban/{book}/").content.decode()

    assert "01/CQBTh-NV" in page("van-thu", "di")
    assert "01/CQBTh-NV" in page("chuyen-vien", "di")
    assert "5/SB-VP" in page("van-thu", "den")
    assert "5/SB-VP" not in page("chuyen-vien", "den")
    other = agencies.ha_tinh.client("van-thu")
    assert "CQBTh" not in other.get("/so-van-ban/di/").content.decode()
    for nonsense in ("?nam=x", "?nam=99999", "?tu=-1", "?nam=2020&tu=5"):
        answer = office.agency.client("van-thu").get(f"/so-van-ban/di/{nonsense}")
        assert answer.status_code == 200
