"""Bình Thuận numbers before the leader signs, Hà Tĩnh after: the same platform, two texts.

The texts are tests/fixtures/two_provinces. Steps of signing and exchange are stand-ins
(tests/support/stubs): what is shown here is the order, not the signature.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils import timezone

from quytrinh.documents.models import Document, DocumentVersion, RegisterEntry
from quytrinh.journal.models import JournalEntry
from quytrinh.runtime import actions
from quytrinh.runtime.actions.entry import receive_upload
from quytrinh.runtime.exceptions import ActFailed
from quytrinh.runtime.models import Case, InboxEntry
from quytrinh.runtime.plugins import registry
from quytrinh.tenancy.context import tenant_context
from quytrinh.tenancy.ids import uuid7
from tests.integration.runtime.conftest import Office
from tests.support.agencies import Agencies
from tests.support.pdf import pdf
from tests.support.stubs import VERDICTS, with_stand_ins
from tests.support.uploads import pdf_upload

pytestmark = pytest.mark.django_db(transaction=True)

TEXTS = Path(__file__).parents[2] / "fixtures" / "two_provinces"
DRAFT = {
    "subject": "Về việc phối hợp",
    "document_type": "CV",
    "urgency": "normal",
    "recipients": "Sở B\nSở C",
}
ARRIVAL = {"subject": "Về việc phối hợp", "sender": "Sở B", "sender_code": "5/SB-VP"}
UP_TO_FORM = [
    ("chuyen-vien", "submit"),
    ("truong-phong", "approve"),
    ("chanh-van-phong", "approve"),
]
BINH_THUAN = [
    *UP_TO_FORM,
    ("giam-doc", "approve"),
    ("van-thu", "confirm"),
    ("giam-doc", "confirm"),
    ("van-thu", "confirm"),
]
HA_TINH = [*UP_TO_FORM, ("giam-doc", "confirm"), ("van-thu", "confirm"), ("van-thu", "confirm")]


@pytest.fixture
def agencies(agencies: Agencies, monkeypatch: pytest.MonkeyPatch) -> Iterator[Agencies]:
    """Both agencies with the procedures of their provinces in force."""
    with_stand_ins(monkeypatch)
    registry.cache_clear()
    for agency in agencies:
        declare(Office(agency))
    yield agencies
    monkeypatch.undo()
    registry.cache_clear()


def declare(office: Office) -> None:
    """Take the texts of an agency's province in."""
    folder = TEXTS / office.agency.slug
    with tenant_context(office.agency.tenant.pk):
        for form in sorted(folder.glob("form-*.yaml")):
            saved, findings = actions.save_form(source=form.read_text(), file=form.name)
            assert saved, findings
    for flow in sorted(folder.glob("van-ban-*.yaml")):
        office.promulgate(flow.read_text())


@pytest.fixture(autouse=True)
def store(settings, tmp_path: Path) -> None:
    """Keep the files of each test apart."""
    settings.MEDIA_ROOT, settings.CACHE_ROOT = tmp_path / "files", tmp_path / "cache"


def draft(office: Office) -> Case:
    """Begin an outgoing document and submit its draft."""
    case = office.begin("van-ban-di")
    uploads = {"main": [pdf_upload(pdf("Dự thảo"))], "annexes": [pdf_upload(pdf("Phụ lục"))]}
    office.act("chuyen-vien", case, "submit", values=DRAFT, uploads=uploads)
    return case


def walk(office: Office, case: Case, road: list[tuple[str, str]]) -> None:
    for who, action in road:
        office.act(who, case, action, values=DRAFT if action == "submit" else None)
        while office.work_off():
            pass  # one job leads to the next


def acts(office: Office, case: Case) -> list[str]:
    """Return the acts in the journal of a case, in order."""
    with office.agency.at_work():
        entries = JournalEntry.objects.filter(subject_id=case.pk).order_by("seq")
        return [entry.payload["act"] for entry in entries if "act" in entry.payload]


def entries(office: Office) -> list[RegisterEntry]:
    with office.agency.at_work():
        return list(RegisterEntry.objects.select_related("series__register").order_by("pk"))


@pytest.mark.parametrize(("province", "road"), [(0, BINH_THUAN), (1, HA_TINH)])
def test_outgoing_document_is_issued_in_the_order_of_its_province(
    agencies: Agencies, province: int, road: list[tuple[str, str]]
) -> None:
    office = Office(list(agencies)[province])
    case = draft(office)
    walk(office, case, road[1:])
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
    assert (entry.state, entry.signer, entry.recipients) == ("issued", leader, DRAFT["recipients"])


def test_number_is_on_the_document_and_its_annexes_and_in_the_record(agencies: Agencies) -> None:
    office = Office(agencies.ha_tinh)
    case = draft(office)
    walk(office, case, HA_TINH[1:5])
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
    walk(office, case, BINH_THUAN[1:5])
    office.act("giam-doc", case, "return", comment="Sửa trích yếu")
    walk(office, case, BINH_THUAN)
    assert office.case(case).outcome == "issued"
    [entry] = entries(office)
    assert entry.number == 1
    another = draft(office)
    walk(office, another, BINH_THUAN[1:5])
    assert [entry.number for entry in entries(office)] == [1, 2]


def test_each_decision_names_who_decided_and_the_digest_of_what_they_saw(
    agencies: Agencies,
) -> None:
    office = Office(agencies.binh_thuan)
    case = draft(office)
    walk(office, case, BINH_THUAN[1:4])
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
    office.act("chuyen-vien", case, "number", values=DRAFT, uploads=uploads)
    with pytest.raises(ActFailed, match="phải nêu lý do"):
        office.act("chuyen-vien", case, "void")
    office.act("chuyen-vien", case, "void", comment="Không ban hành nữa")
    office.act("chuyen-vien", case, "number", values=DRAFT)
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


# --- incoming ---------------------------------------------------------------------------------


def arrive(office: Office, key: str = "goi-1", verdict: str = "valid") -> Case:
    """A message arrives; its signatures are found as `verdict` says."""
    with tenant_context(office.agency.tenant.pk):
        received = receive_upload(upload=pdf_upload(pdf("Công văn")), actor=uuid7())
        case = actions.start_from_message(
            event="exchange.received",
            key=key,
            fields={**ARRIVAL, "source": "axis"},
            documents={"main": [received]},
            facts={"sender": "Sở B", "number": "5", "notation": "SB-VP", "code": "5/SB-VP"},
        )
    VERDICTS[case.code] = verdict
    office.work_off()
    return case


def reported(office: Office, case: Case) -> list[str]:
    with office.agency.at_work():
        entries = JournalEntry.objects.filter(subject_id=case.pk, verb="status.reported")
        return [entry.payload["status"] for entry in entries.order_by("seq")]


DIRECTIVE = {"lead": "phong-nghiep-vu", "instruction": "Tham mưu trả lời"}


@pytest.mark.parametrize("province", [0, 1])
def test_signed_document_is_registered_distributed_handled_and_filed(
    agencies: Agencies, province: int
) -> None:
    office = Office(list(agencies)[province])
    case = arrive(office)
    office.act("van-thu", case, "confirm", values=ARRIVAL)
    support = {"support": "van-phong"} if province else {}
    office.act("giam-doc", case, "forward", values={**DIRECTIVE, **support})
    if province:
        office.act("chanh-van-phong", case, "done", values={"opinion": "Nhất trí"})
    office.act("truong-phong", case, "done", values={"result": "Đã trả lời"})
    office.act("van-thu", case, "done", values={"dossier": "12/HS"})
    assert office.case(case).outcome == "completed"
    assert reported(office, case) == ["03", "04", "05", "06"]
    [entry] = entries(office)
    assert (entry.number, entry.code, entry.sender) == (1, "5/SB-VP", "Sở B")
    assert entry.series.register.key == "den"


def test_unsigned_document_is_refused_in_binh_thuan(agencies: Agencies) -> None:
    office = Office(agencies.binh_thuan)
    case = arrive(office, verdict="unsigned")
    assert office.place(case) == "refuse"
    office.act("van-thu", case, "refuse", comment="Văn bản chưa ký số")
    assert (office.case(case).outcome, reported(office, case)) == ("refused", ["02"])
    assert entries(office) == []


def test_broken_document_is_told_to_the_leader_and_asked_again_in_ha_tinh(
    agencies: Agencies,
) -> None:
    office = Office(agencies.ha_tinh)
    case = arrive(office, verdict="broken")
    office.work_off()
    with office.agency.at_work():
        told = InboxEntry.objects.filter(case=case, kind="inform")
        assert [entry.holder_key for entry in told] == ["position:giam-doc"]
    office.act("van-thu", case, "confirm", comment="Chữ ký số không toàn vẹn")
    office.work_off()
    assert (office.case(case).outcome, reported(office, case)) == ("resend", ["02"])


def test_verdict_that_could_not_be_reached_is_sought_again(agencies: Agencies) -> None:
    office = Office(agencies.binh_thuan)
    case = arrive(office, verdict="undetermined")
    assert office.place(case) == "recheck"
    VERDICTS[case.code] = "valid"
    office.act("van-thu", case, "again")
    office.work_off()
    assert office.place(case) == "register"


def test_paper_is_taken_in_by_the_clerk(agencies: Agencies) -> None:
    office = Office(agencies.binh_thuan)
    with tenant_context(office.agency.tenant.pk):
        case_id = actions.begin_case(
            flow_key="van-ban-den",
            actor=office.agency.person("van-thu"),
            values=ARRIVAL,
            uploads={"main": [pdf_upload(pdf("Bản quét"))]},
        )
    with office.agency.at_work():
        case = Case.objects.get(pk=case_id)
    office.act("van-thu", case, "confirm", values=ARRIVAL)
    assert office.place(case) == "distribute"
    assert reported(office, case) == []


def test_swapped_copy_of_ha_tinh_runs_under_binh_thuan_without_touching_python(
    agencies: Agencies,
) -> None:
    office = Office(agencies.ha_tinh)
    text = (TEXTS / "ha-tinh" / "van-ban-di.yaml").read_text()
    sign, number = text.index("  - id: sign\n"), text.index("  - id: number\n")
    seal = text.index("  - id: seal\n")
    swapped = text[:sign] + text[number:seal] + text[sign:number] + text[seal:]
    swapped = swapped.replace("basis: ha-tinh-33-2019", "basis: binh-thuan-866-2016")
    office.promulgate(swapped)
    case = draft(office)
    walk(
        office,
        case,
        [*HA_TINH[1:3], ("van-thu", "confirm"), ("giam-doc", "confirm"), ("van-thu", "confirm")],
    )
    assert office.case(case).outcome == "issued"
    assert [act for act in acts(office, case) if act in ("documents.number", "signing.sign")] == [
        "documents.number",
        "signing.sign",
    ]


# --- pages ------------------------------------------------------------------------------------


def test_registers_are_read_by_the_clerk_whole_and_by_others_as_far_as_they_may_see(
    agencies: Agencies,
) -> None:
    office = Office(agencies.binh_thuan)
    case = draft(office)
    walk(office, case, BINH_THUAN[1:5])
    arrived = arrive(office)
    office.act("van-thu", arrived, "confirm", values=ARRIVAL)

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
