"""Work without a mouse, and reading and deciding without scripts."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.support.api_client import ApiClient
from tests.support.desk import INBOX_ADDRESS, TASK_ADDRESS, Desk
from tests.support.pdf import letter
from tests.support.people import DIRECTOR, SPECIALIST, UNIT_HEAD, DemoPerson

Enter = Callable[[DemoPerson], Desk]
Api = Callable[[DemoPerson], ApiClient]
PDF_FILE = ("to-trinh.pdf", letter(("Kính trình.",)), "application/pdf")


def rows(page: Page) -> Locator:
    """The rows of the inbox."""
    return page.locator("[data-walk] a.row")


def test_a_routine_task_is_done_by_keys_alone(enter: Enter, api: Api) -> None:
    """PR-21: two keys to the list, arrows to a row, Enter opens, Ctrl+Enter does."""
    for number in (1, 2):
        api(SPECIALIST).submit(f"Việc làm bằng bàn phím {number}", urgency="flash")
    head = enter(UNIT_HEAD)
    head.page.goto("/viec/")
    keyboard = head.page.keyboard
    keyboard.press("Tab")
    expect(head.page.get_by_role("link", name="Đến danh sách việc")).to_be_focused()
    keyboard.press("Enter")
    keyboard.press("ArrowDown")
    expect(rows(head.page).nth(0)).to_be_focused()
    keyboard.press("ArrowDown")
    expect(rows(head.page).nth(1)).to_be_focused()
    keyboard.press("ArrowUp")
    keyboard.press("End")
    expect(rows(head.page).last).to_be_focused()
    keyboard.press("Home")
    expect(rows(head.page).first).to_be_focused()
    subject = rows(head.page).first.locator(".row-title").inner_text()
    keyboard.press("Enter")
    expect(head.page).to_have_url(TASK_ADDRESS)
    keyboard.press("Control+Enter")
    expect(head.page).to_have_url(INBOX_ADDRESS)
    expect(head.page.get_by_role("status")).to_contain_text("Đã xử lý xong")
    expect(head.page.get_by_text(subject, exact=True)).to_have_count(0)


def test_a_decision_is_written_and_sent_without_the_mouse(enter: Enter, api: Api) -> None:
    """The skip link of a task leads to its form; Ctrl+Enter works inside a field."""
    case_id = api(SPECIALIST).submit("Quyết định bằng bàn phím")
    api(UNIT_HEAD).do(case_id, "approve")
    api(DIRECTOR).task_of(case_id)
    director = enter(DIRECTOR)
    director.open_task("Quyết định bằng bàn phím")
    keyboard = director.page.keyboard
    keyboard.press("Tab")
    expect(director.page.get_by_role("link", name="Đến việc cần làm")).to_be_focused()
    keyboard.press("Enter")
    keyboard.press("Tab")
    expect(director.page.get_by_label("Ý kiến chỉ đạo")).to_be_focused()
    keyboard.type("Đồng ý, giao Văn phòng.")
    keyboard.press("Control+Enter")
    expect(director.page.get_by_role("status")).to_contain_text("Đã xử lý xong")
    assert api(DIRECTOR).case(case_id)["values"]["directive"] == "Đồng ý, giao Văn phòng."


def test_ctrl_enter_sends_the_start_of_a_case(enter: Enter) -> None:
    desk = enter(SPECIALIST)
    desk.page.goto("/ho-so/moi/phieu-trinh/")
    desk.page.get_by_label("Trích yếu").fill("Lập hồ sơ bằng bàn phím")
    desk.page.get_by_label("Nội dung trình").fill("Kính trình.")
    desk.page.keyboard.press("Control+Enter")
    expect(desk.page.get_by_role("heading", level=1)).to_have_text("Lập hồ sơ bằng bàn phím")


@pytest.fixture
def scriptless(new_context: Callable[..., BrowserContext]) -> Iterator[Page]:
    """A page of a browser that runs no scripts."""
    yield new_context(java_script_enabled=False).new_page()


def test_reading_and_deciding_need_no_script(scriptless: Page, api: Api) -> None:
    """Entered, found, read, returned, decided: with HTML alone."""
    subject = "Đọc và quyết không cần JavaScript"
    case_id = api(SPECIALIST).submit(subject, files={"main": PDF_FILE})
    head = Desk(scriptless, UNIT_HEAD).enter()
    head.open_task(subject)
    expect(head.page.locator("img.page-image")).to_be_visible()
    expect(head.place()).to_have_attribute("data-step", "review")
    assert head.answer_to(lambda: head.press("Trả lại")).status == 422
    head.page.get_by_label("Ý kiến").fill("Sửa lại.")
    head.press("Trả lại")
    expect(head.page.get_by_role("status")).to_contain_text("Đã xử lý xong")
    api(SPECIALIST).do(case_id, "submit", subject=subject, content="Đã sửa.")
    head.open_task(subject)
    head.press("Đồng ý")
    expect(head.page.get_by_role("status")).to_contain_text("Đã xử lý xong")
    assert api(DIRECTOR).task_of(case_id)
