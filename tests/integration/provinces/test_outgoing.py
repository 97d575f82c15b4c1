"""Bình Thuận numbers before the leader signs, Hà Tĩnh after: the same platform, two texts."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.utils import timezone

from quytrinh.documents.models import Document, DocumentVersion
from quytrinh.exchange.models import ExchangeMessage
from quytrinh.journal.models import JournalEntry
from quytrinh.runtime.exceptions import ActFailed
from quytrinh.signing.verdicts import Verdict
from tests.integration.runtime.conftest import Office
from tests.support import letters
from tests.support.agencies import FLOWS, Agencies
from tests.support.pdf import pdf
from tests.support.provinces import (
    BINH_THUAN,
    CHECKS,
    CLERK_CONFIRMS,
    DRAFT,
    LEADER_AGREES,
    LEADER_SIGNS,
    RECIPIENTS,
    ROADS,
    TO_NUMBER,
    acts,
    draft,
    entries,
    fields,
    judged,
    settle,
    submit,
    walk,
    wordings,
)
from tests.support.uploads import pdf_upload

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once("postgresql")]


@pytest.mark.parametrize("province", [0, 1])
def test_outgoing_document_is_issued_in_the_order_of_its_province(
    agencies: Agencies, province: int, tmp_path: Path
) -> None:
    office = Office(list(agencies)[province])
    case = draft(office)
    walk(office, case, ROADS[office.agency.slug])
    assert office.case(case).outcome == "issued"
    done = acts(office, case)
    order = [act for act in done if act in ("documents.number", "signing.sign")]
    expected = ["documents.number", "signing.sign"]
    assert order == (expected if province == 0 else expected[::-1])
    assert done[-4:] == [
        "signing.seal",
        "documents.register_out",
        "exchange.dispatch",
        "records.keep",
    ]
    [entry] = entries(office)
    leader = office.agency.person("giam-doc").full_name
    recipients = RECIPIENTS[office.agency.slug]
    assert (entry.state, entry.signer, entry.recipients) == ("issued", leader, recipients)
    with office.agency.at_work():
        sent = ExchangeMessage.objects.outgoing().get(case_id=case.pk)
    assert (sent.header["signer"]["full_name"], sent.number) == (leader, "01")
    finding = judged(office, wordings(office)[-1], tmp_path)
    seal = ["DauCoQuan"] if province == 0 else ["SoKyHieu", "NgayThangNam", "DauCoQuan"]
    assert finding.verdict == Verdict.VALID
    assert [each.field for each in finding.signatures] == ["ChuKyNguoiKy", *seal]


def test_the_leader_of_binh_thuan_signs_what_bears_its_number(agencies: Agencies) -> None:
    office = Office(agencies.binh_thuan)
    case = draft(office)
    walk(office, case, TO_NUMBER)
    assert office.place(case) == "sign"
    drafted, numbered = wordings(office)
    assert numbered.startswith(drafted)
    walk(office, case, [LEADER_SIGNS])
    assert wordings(office)[-1].startswith(numbered)


@pytest.mark.parametrize("province", [0, 1])
def test_annexes_of_their_own_are_signed_as_the_province_says(
    agencies: Agencies, province: int, tmp_path: Path
) -> None:
    """Nghị định 30/2020: the agency's signature; Hà Tĩnh, Điều 10.1.c: all that the text has."""
    office = Office(list(agencies)[province])
    case = draft(office, annexes=[letters.ANNEX])
    leader = [LEADER_SIGNS] * province
    road = list(ROADS[office.agency.slug])
    signed = road.index(LEADER_SIGNS) + 1
    walk(office, case, [*road[:signed], *leader, *road[signed:], CLERK_CONFIRMS])
    assert office.case(case).outcome == "issued"
    finding = judged(office, wordings(office, "annexes")[-1], tmp_path)
    assert finding.verdict == Verdict.VALID
    whole = ["ChuKyNguoiKy", "SoKyHieu", "NgayThangNam", "DauCoQuan"]
    assert [each.field for each in finding.signatures] == (whole if province else ["DauPhuLuc"])


def test_receiver_nobody_knows_is_put_right_before_the_document_goes(agencies: Agencies) -> None:
    office = Office(agencies.binh_thuan)
    case = office.begin("van-ban-di")
    office.act(
        "chuyen-vien",
        case,
        "submit",
        values={**DRAFT, "recipients": "Sở Không Có"},
        uploads={"main": [pdf_upload(letters.BINH_THUAN.pdf())]},
    )
    walk(office, case, BINH_THUAN)
    assert office.place(case) == "address"
    office.act("van-thu", case, "again", values={"recipients": RECIPIENTS["binh-thuan"]})
    settle(office)
    assert office.case(case).outcome == "issued"
    assert acts(office, case).count("exchange.dispatch") == 2


def test_draft_that_nobody_can_sign_goes_back_to_its_author(agencies: Agencies) -> None:
    """A PDF that runs scripts is refused by signing; the corrected one keeps the number."""
    office = Office(agencies.binh_thuan)
    case = office.begin("van-ban-di")
    uploads = {"main": [pdf_upload(letters.with_script(letters.BINH_THUAN.pdf()))]}
    office.act("chuyen-vien", case, "submit", values=fields(office), uploads=uploads)
    walk(office, case, TO_NUMBER)
    assert office.place(case) == "draft"
    submit(office, case)
    walk(office, case, BINH_THUAN)
    assert office.case(case).outcome == "issued"
    assert [entry.number for entry in entries(office)] == [1]


def test_number_is_on_the_document_and_its_annexes_and_in_the_record(agencies: Agencies) -> None:
    office = Office(agencies.ha_tinh)
    case = draft(office, annexes=[letters.ANNEX])
    walk(office, case, [*CHECKS, LEADER_SIGNS, LEADER_SIGNS, CLERK_CONFIRMS])
    with office.agency.at_work():
        codes = set(Document.objects.values_list("code", flat=True))
    today = timezone.localdate()
    assert codes == {"01/CQHT-NV"}
    record = office.case(case).steps["number"]
    assert (record["number"], record["code"], record["date"]) == (1, "01/CQHT-NV", str(today))


def test_second_pass_gives_the_same_number(agencies: Agencies) -> None:
    """The leader does not sign after all: the corrected document keeps its number."""
    office = Office(agencies.binh_thuan)
    case = draft(office)
    walk(office, case, TO_NUMBER)
    office.act("giam-doc", case, "return", comment="Sửa trích yếu")
    submit(office, case)
    walk(office, case, BINH_THUAN)
    assert office.case(case).outcome == "issued"
    [entry] = entries(office)
    assert entry.number == 1
    another = draft(office)
    walk(office, another, TO_NUMBER)
    assert [entry.number for entry in entries(office)] == [1, 2]


def test_each_decision_names_who_decided_and_the_digest_of_what_they_saw(
    agencies: Agencies,
) -> None:
    office = Office(agencies.binh_thuan)
    case = draft(office)
    walk(office, case, [*CHECKS, LEADER_AGREES])
    with office.agency.at_work():
        version = DocumentVersion.objects.select_related("file").get(document__kind="main")
        decided = JournalEntry.objects.filter(subject_id=case.pk, verb="act.done").order_by("seq")
        found = [(entry.payload["act"], entry.actor) for entry in decided]
        digests = {
            each["sha256"] for entry in decided for each in entry.payload["outputs"]["documents"]
        }
    people = ("chuyen-vien", "truong-phong", "chanh-van-phong", "giam-doc")
    names = ("draft", "check_content", "check_form", "approve")
    assert found == [
        (f"documents.{name}", office.agency.person(who).id)
        for name, who in zip(names, people, strict=True)
    ]
    assert digests == {version.file.sha256}


def test_decision_without_a_document_is_refused(agencies: Agencies) -> None:
    office = Office(agencies.binh_thuan)
    office.promulgate(SHORT)
    case = office.begin("khong-tep")
    with pytest.raises(ActFailed, match="chưa có tệp văn bản"):
        office.act("chuyen-vien", case, "approve")
    with pytest.raises(ActFailed, match="chưa có văn bản chính"):
        office.act("chuyen-vien", case, "number")


SHORT = """
quytrinh: 1
flow: khong-tep
name: Không có tệp
document: internal
roles: {drafter: {name: Người soạn, who: {creator: true}}}
steps:
  - id: draft
    by: drafter
    actions:
      approve: {label: Duyệt, run: documents.approve}
      number: {label: Cấp số, run: documents.number}
  - {end: done}
"""


def test_void_number_needs_a_reason_and_frees_the_document_not_the_number(
    agencies: Agencies,
) -> None:
    office = Office(agencies.binh_thuan)
    office.promulgate(VOIDING)
    case = office.begin("huy-so")
    uploads = {"main": [pdf_upload(pdf("Dự thảo"))]}
    office.act("chuyen-vien", case, "number", values=fields(office), uploads=uploads)
    with pytest.raises(ActFailed, match="phải nêu lý do"):
        office.act("chuyen-vien", case, "void")
    office.act("chuyen-vien", case, "void", comment="Không ban hành nữa")
    office.act("chuyen-vien", case, "number", values=fields(office))
    assert [(entry.number, entry.state) for entry in entries(office)] == [
        (1, "void"),
        (2, "reserved"),
    ]


VOIDING = """
quytrinh: 1
flow: huy-so
name: Hủy số
document: outgoing
roles: {drafter: {name: Người soạn, who: {creator: true}}}
steps:
  - id: draft
    by: drafter
    form: du-thao
    actions: {number: {label: Cấp số, run: documents.number}}
  - id: keep
    by: drafter
    actions:
      done: {label: Xong}
      void: {label: Hủy số, to: draft, run: documents.void_number, comment: optional}
  - {end: done}
"""


def test_swapped_copy_of_ha_tinh_runs_under_binh_thuan_without_touching_python(
    agencies: Agencies, tmp_path: Path
) -> None:
    office = Office(agencies.ha_tinh)
    text = (FLOWS / "ha-tinh-van-ban-di.yaml").read_text()
    # Its articles stay those of Hà Tĩnh, and say so under another basis.
    text = re.sub(r'(cite: \[|", )"(\d)', r'\1"ha-tinh-33-2019:\2', text)
    sign, number = text.index("  - id: sign\n"), text.index("  - id: number\n")
    seal = text.index("  - id: seal\n")
    lawful = (FLOWS / "binh-thuan-van-ban-di.yaml").read_text()
    # BT-R13: the number comes only after somebody competent has approved the content.
    approve = lawful[lawful.index("  - id: approve\n") : lawful.index("  - id: number\n")]
    swapped = text[:sign] + approve + text[number:seal] + text[sign:number] + text[seal:]
    swapped = swapped.replace("basis: ha-tinh-33-2019", "basis: binh-thuan-866-2016")
    swapped = swapped.replace("flow: ha-tinh-van-ban-di", "flow: van-ban-di")
    # No deadline can be counted from a signature that comes later.
    swapped = swapped.replace("from: steps.sign.at, ", "")
    swapped = swapped.replace("type: boolean, default: true", "type: boolean, default: false")
    office.promulgate(swapped)
    case = draft(office)
    walk(office, case, [*TO_NUMBER, LEADER_SIGNS, CLERK_CONFIRMS])
    assert office.case(case).outcome == "issued"
    assert [act for act in acts(office, case) if act in ("documents.number", "signing.sign")] == [
        "documents.number",
        "signing.sign",
    ]
    assert judged(office, wordings(office)[-1], tmp_path).verdict == Verdict.VALID
