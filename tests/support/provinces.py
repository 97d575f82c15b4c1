"""Documents of Bình Thuận and of Hà Tĩnh on their way, as their procedures under tenants/ say."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from quytrinh.documents import storage
from quytrinh.documents.models import DocumentVersion, RegisterEntry
from quytrinh.journal.models import JournalEntry
from quytrinh.runtime.models import Case
from quytrinh.signing.child import verify
from quytrinh.signing.models import TrustAnchor
from quytrinh.signing.verdicts import DocumentFinding
from tests.integration.runtime.conftest import Office
from tests.support import letters
from tests.support.uploads import pdf_upload

LETTERS = {"binh-thuan": letters.BINH_THUAN, "ha-tinh": letters.HA_TINH}
DRAFT = {"subject": "Về việc phối hợp", "document_type": "CV", "urgency": "normal"}
RECIPIENTS = {
    "binh-thuan": "Cơ quan mẫu Hà Tĩnh (dữ liệu minh họa)\nLưu: VT",
    "ha-tinh": "Cơ quan mẫu Bình Thuận (dữ liệu minh họa)\nLưu: VT",
}
# In what capacity whoever signs does (Nghị định 30/2020, Điều 13).
CAPACITY = {"capacity": "head"}
ARRIVAL = {"subject": "Về việc phối hợp", "sender": "Sở B", "sender_code": "5/SB-VP"}
Road = Sequence[tuple[str, str]]
CHECKS: Road = [("truong-phong", "approve"), ("chanh-van-phong", "approve")]
LEADER_AGREES, LEADER_SIGNS = ("giam-doc", "approve"), ("giam-doc", "confirm")
CLERK_CONFIRMS = ("van-thu", "confirm")
TO_NUMBER: Road = [*CHECKS, LEADER_AGREES, CLERK_CONFIRMS]
BINH_THUAN: Road = [*TO_NUMBER, LEADER_SIGNS, CLERK_CONFIRMS]
HA_TINH: Road = [*CHECKS, LEADER_SIGNS, CLERK_CONFIRMS, CLERK_CONFIRMS]
ROADS = {"binh-thuan": BINH_THUAN, "ha-tinh": HA_TINH}


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
        office.act(who, case, action, values=CAPACITY)
        settle(office)


def settle(office: Office) -> None:
    """Do all background work: one job leads to the next."""
    while office.work_off():
        pass


def enter(office: Office, case: Case) -> None:
    """The clerk accepts what came and enters it in the register."""
    office.act("van-thu", case, "receive")
    office.act("van-thu", case, "confirm", values=ARRIVAL)


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
