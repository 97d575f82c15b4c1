"""Bình Thuận numbers before the leader signs, Hà Tĩnh after: the same platform, two texts."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

import pytest
from django.utils import timezone

from quytrinh.documents import storage
from quytrinh.documents.models import Document, DocumentVersion, RegisterEntry
from quytrinh.exchange.models import ExchangeMessage
from quytrinh.journal.models import JournalEntry
from quytrinh.runtime import actions
from quytrinh.runtime.actions.entry import receive_upload
from quytrinh.runtime.exceptions import ActFailed
from quytrinh.runtime.models import Case, InboxEntry
from quytrinh.signing import core
from quytrinh.signing.actions import add_trust_anchor
from quytrinh.signing.child import verify
from quytrinh.signing.models import TrustAnchor
from quytrinh.signing.verdicts import DocumentFinding, Verdict
from quytrinh.tenancy.context import tenant_context
from quytrinh.tenancy.ids import uuid7
from tests.integration.runtime.conftest import Office
from tests.support import letters
from tests.support.agencies import TENANTS, Agencies
from tests.support.keys import connect, equip
from tests.support.pdf import pdf
from tests.support.signing import NUMBERED, authority, decision, values
from tests.support.uploads import pdf_upload

pytestmark = pytest.mark.django_db(transaction=True)

LETTERS = {"binh-thuan": letters.BINH_THUAN, "ha-tinh": letters.HA_TINH}
DRAFT = {"subject": "Về việc phối hợp", "document_type": "CV", "urgency": "normal"}
RECIPIENTS = {
    "binh-thuan": "Cơ quan mẫu Hà Tĩnh (dữ liệu minh họa)\nLưu: VT",
    "ha-tinh": "Cơ quan mẫu Bình Thuận (dữ liệu minh họa)\nLưu: VT",
}
ARRIVAL = {"subject": "Về việc phối hợp", "sender": "Sở B", "sender_code": "5/SB-VP"}
Road = Sequence[tuple[str, str]]
CHECKS: Road = [("truong-phong", "approve"), ("chanh-van-phong", "approve")]
LEADER_AGREES, LEADER_SIGNS = ("giam-doc", "approve"), ("giam-doc", "confirm")
CLERK_CONFIRMS = ("van-thu", "confirm")
TO_NUMBER: Road = [*CHECKS, LEADER_AGREES, CLERK_CONFIRMS]
BINH_THUAN: Road = [*TO_NUMBER, LEADER_SIGNS, CLERK_CONFIRMS]
HA_TINH: Road = [*CHECKS, LEADER_SIGNS, CLERK_CONFIRMS, CLERK_CONFIRMS]
ROADS = {"binh-thuan": BINH_THUAN, "ha-tinh": HA_TINH}


@pytest.fixture
def agencies(agencies: Agencies, settings, tmp_path: Path) -> Agencies:
    """Both agencies with keys for their leaders and for themselves, on one axis."""
    for agency in agencies:
        equip(agency)
        connect(agency, settings, tmp_path / "axis")
    return agencies


@pytest.fixture(autouse=True)
def store(settings, tmp_path: Path) -> None:
    """Keep the files of each test apart."""
    settings.MEDIA_ROOT, settings.CACHE_ROOT = tmp_path / "files", tmp_path / "cache"


def fields(office: Office) -> dict[str, str]:
    return {**DRAFT, "recipients": RECIPIENTS[office.agency.slug]}


def draft(office: Office, *, annexes: Sequence[bytes] = ()) -> Case:
    """Begin an outgoing document and submit its draft."""
    case = office.begin("van-ban-di")
    submit(office, case, annexes=annexes)
    return case


def submit(office: Office, case: Case, *, annexes: Sequence[bytes] = ()) -> None:
    main = LETTERS[office.agency.slug].pdf()
    uploads = {"main": [pdf_upload(main, "Công văn.pdf")]}
    if annexes:
        uploads["annexes"] = [pdf_upload(each, "Phụ lục.pdf") for each in annexes]
    office.act("chuyen-vien", case, "submit", values=fields(office), uploads=uploads)


def walk(office: Office, case: Case, road: Road) -> None:
    for who, action in road:
        office.act(who, case, action)
        settle(office)


def settle(office: Office) -> None:
    """Do all background work: one job leads to the next."""
    while office.work_off():
        pass


def acts(office: Office, case: Case) -> list[str]:
    """Return the acts in the journal of a case, in order."""
    with office.agency.at_work():
        entries = JournalEntry.objects.filter(subject_id=case.pk).order_by("seq")
        return [entry.payload["act"] for entry in entries if "act" in entry.payload]


def entries(office: Office) -> list[RegisterEntry]:
    with office.agency.at_work():
        return list(RegisterEntry.objects.select_related("series__register").order_by("pk"))


def wordings(office: Office, slot: str = "main") -> list[bytes]:
    """Return the bytes of every version of a document, oldest first."""
    with office.agency.at_work():
        found = DocumentVersion.objects.filter(document__kind=slot).order_by("number")
        return [storage.path_of(each.file.sha256).read_bytes() for each in found]


def judged(office: Office, content: bytes, tmp_path: Path) -> DocumentFinding:
    """Return what the signatures of a file are worth to the agency."""
    (tmp_path / "asked.pdf").write_bytes(content)
    with office.agency.at_work():
        anchors = TrustAnchor.objects.certificates()
    return verify(tmp_path / "asked.pdf", anchors=anchors)


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


# --- incoming ---------------------------------------------------------------------------------


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


@pytest.mark.parametrize("content", [decision, broken])
def test_document_without_a_valid_signature_is_refused_in_binh_thuan(
    agencies: Agencies, content
) -> None:
    """Điều 6.1.b."""
    office = Office(agencies.binh_thuan)
    case = arrive(office, content())
    assert office.place(case) == "refuse"
    office.act("van-thu", case, "refuse", comment="Văn bản chưa ký số")
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
        assert [entry.holder_key for entry in told] == ["position:giam-doc"]
    office.act("van-thu", case, "confirm", comment="Chữ ký số không toàn vẹn")
    settle(office)
    assert (office.case(case).outcome, reported(office, case)) == ("resend", ["02"])


@pytest.mark.parametrize("slug", ["quang-binh", "dien-bien", "binh-dinh"])
def test_document_of_doubtful_signature_is_returned_with_the_reason_elsewhere(
    agencies: Agencies, slug: str
) -> None:
    """Nghị định 30/2020, Điều 21.2: anomalies are told to who is responsible and to the sender."""
    office = Office(agencies.bring(slug))
    case = arrive(office, broken())
    with office.agency.at_work():
        assert InboxEntry.objects.filter(case=case, kind="inform").exists()
    office.act("van-thu", case, "refuse", comment="Chữ ký số không hợp lệ")
    assert (office.case(case).outcome, reported(office, case)) == ("refused", ["02"])
    assert office.place(arrive(office, key="goi-2")) == "register"
    unsigned = arrive(office, decision(), key="goi-3")
    assert office.place(unsigned) == "refuse"


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
    assert office.place(case) == "register"


def take_in_paper(office: Office, scan: bytes) -> Case:
    with tenant_context(office.agency.tenant.pk):
        case_id = actions.begin_case(
            flow_key="van-ban-den",
            actor=office.agency.person("van-thu"),
            values=ARRIVAL,
            uploads={"main": [pdf_upload(scan, "Bản quét.pdf")]},
        )
    with office.agency.at_work():
        return Case.objects.get(pk=case_id)


def test_paper_is_taken_in_by_the_clerk_of_binh_thuan(agencies: Agencies) -> None:
    office = Office(agencies.binh_thuan)
    case = take_in_paper(office, pdf("Bản quét"))
    office.act("van-thu", case, "confirm", values=ARRIVAL)
    assert office.place(case) == "distribute"
    assert reported(office, case) == []


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
    assert office.place(case) == "register"
    finding = judged(office, wordings(office)[-1], tmp_path)
    assert [(each.field, each.verdict) for each in finding.signatures] == [
        ("DauSoHoa", Verdict.VALID)
    ]


def test_swapped_copy_of_ha_tinh_runs_under_binh_thuan_without_touching_python(
    agencies: Agencies, tmp_path: Path
) -> None:
    office = Office(agencies.ha_tinh)
    text = (TENANTS / "ha-tinh" / "flows" / "van-ban-di.yaml").read_text()
    sign, number = text.index("  - id: sign\n"), text.index("  - id: number\n")
    seal = text.index("  - id: seal\n")
    swapped = text[:sign] + text[number:seal] + text[sign:number] + text[seal:]
    swapped = swapped.replace("basis: ha-tinh-33-2019", "basis: binh-thuan-866-2016")
    office.promulgate(swapped)
    case = draft(office)
    walk(office, case, [*CHECKS, CLERK_CONFIRMS, LEADER_SIGNS, CLERK_CONFIRMS])
    assert office.case(case).outcome == "issued"
    assert [act for act in acts(office, case) if act in ("documents.number", "signing.sign")] == [
        "documents.number",
        "signing.sign",
    ]
    assert judged(office, wordings(office)[-1], tmp_path).verdict == Verdict.VALID


# --- pages ------------------------------------------------------------------------------------


def test_registers_are_read_by_the_clerk_whole_and_by_others_as_far_as_they_may_see(
    agencies: Agencies,
) -> None:
    office = Office(agencies.binh_thuan)
    case = draft(office)
    walk(office, case, TO_NUMBER)
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
