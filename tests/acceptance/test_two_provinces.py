"""A document goes from Bình Thuận to Hà Tĩnh and is answered: each in the order of its province."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.support import letters
from tests.support.checked_signatures import ask
from tests.support.desk import Desk
from tests.support.people import (
    ADMINISTRATOR,
    CLERK,
    DIRECTOR,
    OTHER_CLERK,
    OTHER_DIRECTOR,
    OTHER_OFFICE_HEAD,
    OTHER_SPECIALIST,
    OTHER_UNIT_HEAD,
    SPECIALIST,
    UNIT_HEAD,
    DemoPerson,
)
from tests.support.site import Site

QUESTION = "Phối hợp phòng, chống thiên tai mùa mưa bão"
ANSWER = "Góp ý kế hoạch bảo vệ bờ biển, đê điều"
UNSIGNED = "Lịch họp giao ban liên tỉnh"
BROKEN = "Danh sách đầu mối liên lạc"
ORIGINAL = "Danh bạ điện thoại cơ quan"
BINH_THUAN, HA_TINH = (
    f"Cơ quan mẫu {place} (dữ liệu minh họa)" for place in ("Bình Thuận", "Hà Tĩnh")
)
BY_MACHINE = 30_000  # milliseconds that background work may take on a busy machine
Enter = Callable[[DemoPerson], Desk]


@dataclass(frozen=True, slots=True)
class Rooms:
    """The desks of both agencies."""

    enter: Enter

    def issue_in_binh_thuan(self, subject: str, file: Path) -> str:
        """Draft, check, agree, number, sign, seal; return the address of the case."""
        address = self.enter(SPECIALIST).draft(
            "van-ban-di", "Trình duyệt", file=file, subject=subject, recipients=HA_TINH
        )
        for person, label in (
            (UNIT_HEAD, "Đồng ý nội dung"),
            (ADMINISTRATOR, "Đúng thể thức"),
            (DIRECTOR, "Duyệt và chuyển ban hành"),
            (CLERK, "Cấp số"),
            (DIRECTOR, "Ký số"),
            (CLERK, "Ký số cơ quan"),
        ):
            self.enter(person).do(subject, label)
        return address

    def issue_in_ha_tinh(self, subject: str, file: Path, answers: str) -> str:
        """Draft, check, sign, number, seal; return the address of the case."""
        address = self.enter(OTHER_SPECIALIST).draft(
            "van-ban-di",
            "Trình duyệt",
            file=file,
            subject=subject,
            recipients=BINH_THUAN,
            answers=answers,
        )
        for person, label in (
            (OTHER_UNIT_HEAD, "Đồng ý nội dung"),
            (OTHER_OFFICE_HEAD, "Đúng thể thức"),
            (OTHER_DIRECTOR, "Ký số, chuyển văn thư"),
            (OTHER_CLERK, "Cấp số"),
            (OTHER_CLERK, "Ký số cơ quan"),
        ):
            self.enter(person).do(subject, label)
        return address


@pytest.fixture
def rooms(enter: Enter) -> Rooms:
    """Everybody at their desk, when they are needed."""
    return Rooms(enter)


@pytest.fixture
def root(site: Site) -> Path:
    """The certificate both agencies trust."""
    return Path(site.environment["QUYTRINH_VAR"]) / "keys" / "root.crt"


def written(folder: Path, content: bytes, name: str) -> Path:
    (folder / name).write_bytes(content)
    return folder / name


def test_a_document_is_sent_received_and_answered(rooms: Rooms, root: Path, tmp_path: Path) -> None:
    """BT 6.2, 7.2; HT 8.2, 9, 10.1: two orders of number and signature, each lawful at home."""
    question = written(tmp_path, letters.BINH_THUAN.pdf(), "Công văn phối hợp.pdf")
    sent = rooms.issue_in_binh_thuan(QUESTION, question)
    specialist = rooms.enter(SPECIALIST)
    tells(specialist.page, sent, ["Đã đến"])
    expect(specialist.page.locator(".case-state")).to_contain_text("Đã phát hành")
    number = number_on(specialist.page)
    issued = newest_file(specialist.page)
    assert ask(issued, root, tmp_path).agree_on_valid == 2

    clerk, director = rooms.enter(OTHER_CLERK), rooms.enter(OTHER_DIRECTOR)
    clerk.open_task(QUESTION)
    finds_valid(clerk.page, signatures=2)
    clerk.press("Tiếp nhận")
    clerk.open_task(QUESTION)
    expect(clerk.page.locator("form[enctype] [name=sender_code]")).to_have_value(number)
    clerk.press("Vào sổ, trình lãnh đạo")
    tells(specialist.page, sent, ["Đã đến", "Đã tiếp nhận"])
    director.do(
        QUESTION,
        "Chuyển xử lý",
        lead="phong-nghiep-vu",
        support="van-phong",
        deadline=f"{dt.date.today() + dt.timedelta(days=7):%d/%m/%Y}",
        instruction="Tham mưu văn bản trả lời trong tuần.",
    )
    # Điều 9: the unit in charge and those that co-ordinate work side by side.
    whole = ["Đã đến", "Đã tiếp nhận", "Phân công xử lý", "Đang xử lý"]
    tells(specialist.page, sent, whole)
    rooms.enter(OTHER_OFFICE_HEAD).do(QUESTION, "Gửi ý kiến", opinion="Nhất trí phối hợp.")

    draft = written(tmp_path, letters.HA_TINH.pdf(), "Công văn góp ý.pdf")
    answered = rooms.issue_in_ha_tinh(ANSWER, draft, answers=number)
    other = rooms.enter(OTHER_SPECIALIST)
    tells(other.page, answered, ["Đã đến"])
    answer = newest_file(other.page)
    # the leader's, then number, date and seal of the agency
    assert ask(answer, root, tmp_path).agree_on_valid == 4
    receiver = rooms.enter(CLERK)
    receiver.open_task(ANSWER)
    finds_valid(receiver.page, signatures=4)
    receiver.press("Tiếp nhận")
    receiver.open_task(ANSWER)
    expect(receiver.page.locator("form[enctype] [name=answers]")).to_have_value(number)
    receiver.press("Vào sổ, trình lãnh đạo")
    tells(other.page, answered, ["Đã đến", "Đã tiếp nhận"])

    rooms.enter(OTHER_UNIT_HEAD).do(QUESTION, "Hoàn thành xử lý", result="Đã trả lời bằng văn bản.")
    rooms.enter(OTHER_CLERK).do(QUESTION, "Đưa vào hồ sơ", dossier="12/HS-2026")
    tells(specialist.page, sent, [*whole, "Hoàn thành"])
    for content in (issued, answer):
        tampering_is_told(content, root, tmp_path)


def test_an_unsigned_document_is_refused_with_the_reason(rooms: Rooms, tmp_path: Path) -> None:
    """BT 6.1.b: the sender reads on its own page that it was refused, and why."""
    may_send_unsigned(rooms.enter(OTHER_DIRECTOR), form="du-thao-kem-giay")
    file = written(tmp_path, letters.HA_TINH.pdf(), "Lịch họp.pdf")
    sent = send_unsigned(rooms, OTHER_SPECIALIST, OTHER_CLERK, UNSIGNED, file, to=BINH_THUAN)
    clerk = rooms.enter(CLERK)
    clerk.open_task(UNSIGNED)
    verdict = clerk.page.locator(".verification").first
    expect(verdict).to_contain_text("Không có chữ ký", ignore_case=True, timeout=BY_MACHINE)
    expect(clerk.page.locator("#task")).to_contain_text("Từ chối tiếp nhận")
    reason = "Văn bản chưa được ký số, đề nghị ký số rồi gửi lại."
    clerk.page.get_by_label("Ý kiến").fill(reason)
    clerk.press("Từ chối tiếp nhận")
    sender = rooms.enter(OTHER_SPECIALIST)
    tells(sender.page, sent, ["Đã đến", "Từ chối tiếp nhận"])
    expect(sender.page.locator("#exchange")).to_contain_text(reason)


def test_a_broken_document_is_told_to_the_leader_and_asked_for_again(
    rooms: Rooms, tmp_path: Path
) -> None:
    """HT 8.2: one byte changed; the leader is told, the sender is asked for another copy."""
    specialist = rooms.enter(SPECIALIST)
    original = written(tmp_path, letters.BINH_THUAN.pdf(), "Danh bạ.pdf")
    issued = rooms.issue_in_binh_thuan(ORIGINAL, original)
    tells(specialist.page, issued, ["Đã đến"])
    file = written(tmp_path, tampered(newest_file(specialist.page)), "Danh sách (hỏng).pdf")

    may_send_unsigned(rooms.enter(DIRECTOR))
    sent = send_unsigned(rooms, SPECIALIST, CLERK, BROKEN, file, to=HA_TINH)
    clerk = rooms.enter(OTHER_CLERK)
    clerk.open_task(BROKEN)
    director = rooms.enter(OTHER_DIRECTOR)
    director.page.get_by_role("link", name="Xem để biết").click()
    told = director.page.locator("a.row[href^='/ho-so/']").filter(has_text=BROKEN)
    expect(told).to_contain_text("Báo cáo lãnh đạo")
    told.click()
    verdict = director.page.locator(".verification").first
    expect(verdict).to_contain_text("KHÔNG HỢP LỆ", timeout=BY_MACHINE)
    clerk.page.get_by_label("Ý kiến").fill("Chữ ký số không còn toàn vẹn.")
    clerk.press("Đề nghị gửi lại")
    tells(specialist.page, sent, ["Đã đến", "Từ chối tiếp nhận"])
    said = "Đề nghị gửi lại: Chữ ký số không còn toàn vẹn."
    expect(specialist.page.locator("#exchange")).to_contain_text(said)


UNSIGNING = """
quytrinh: 1
flow: gui-thang
name: Gửi thẳng, không ký số
document: outgoing
roles:
  drafter: {name: Người soạn, who: {creator: true}}
  clerk: {name: Văn thư, who: {role: van-thu}}
steps:
  - {id: draft, by: drafter, form: du-thao, actions: {submit: {label: Chuyển văn thư}}}
  - {id: number, by: clerk, run: documents.number, actions: {confirm: {label: Cấp số và gửi}}}
  - id: dispatch
    run: exchange.dispatch
    outcomes: {unknown_receiver: {return_to: draft}, excluded: {return_to: draft}}
  - {end: sent, name: Đã gửi}
"""


def may_send_unsigned(head: Desk, form: str = "du-thao") -> None:
    """The head puts a procedure in force that signs nothing."""
    head.page.goto("/quy-trinh/ban-nhap/")
    head.page.get_by_label("Văn bản YAML").fill(UNSIGNING.replace("form: du-thao", f"form: {form}"))
    head.press("Kiểm tra và lưu")
    head.page.get_by_label("Số, ký hiệu quyết định").fill("28/QĐ-CQM")
    for day in ("Ngày quyết định", "Hiệu lực từ ngày"):
        head.page.get_by_label(day).fill(f"{dt.date.today():%d/%m/%Y}")
    head.press("Ban hành quy trình")
    expect(head.page.get_by_role("status")).to_contain_text("Đã ban hành phiên bản")


def send_unsigned(
    rooms: Rooms, author: DemoPerson, clerk: DemoPerson, subject: str, file: Path, *, to: str
) -> str:
    """Send a file as it is; return the address of the case."""
    address = rooms.enter(author).draft(
        "gui-thang", "Chuyển văn thư", file=file, subject=subject, recipients=to
    )
    rooms.enter(clerk).do(subject, "Cấp số và gửi")
    return address


def tells(page: Page, address: str, statuses: list[str]) -> None:
    """The sender's page shows these statuses of the receiver, in this order."""
    page.goto(address)
    expect(page.locator("#exchange .words strong")).to_have_text(statuses, timeout=BY_MACHINE)


def number_on(page: Page) -> str:
    """Return number and notation as the sender's page has them."""
    said = page.locator("#exchange").inner_text()
    found = re.search(r"\d+/[A-Za-zĐ]+-[A-Z]+", said)
    assert found, said
    return found.group()


def newest_file(page: Page) -> bytes:
    """Download the main document as it is now."""
    page.reload()
    with page.expect_download() as download:
        page.get_by_role("link", name="Tải về").first.click()
    return Path(download.value.path()).read_bytes()


def finds_valid(page: Page, *, signatures: int) -> None:
    """The badge of the document says that its signatures are valid, and whose they are."""
    panel = page.locator(".verification").first
    expect(panel.locator(".badge").first).to_have_text("HỢP LỆ", timeout=BY_MACHINE)
    panel.locator("summary").click()
    expect(panel.locator(".signatures li")).to_have_count(signatures)


def tampered(content: bytes) -> bytes:
    """The file with one byte of the draft changed."""
    assert content.count(b"ReportLab") >= 1
    return content.replace(b"ReportLab", b"ReportLob", 1)


def tampering_is_told(content: bytes, root: Path, folder: Path) -> None:
    """Each engine finds one changed byte out in each signature."""
    found = ask(tampered(content), root, folder)
    assert found.pyhanko == [False] * len(found.pyhanko)
    assert not any("is Valid" in said for said in found.poppler)
