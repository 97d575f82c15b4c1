"""The head of an agency declares a procedure in the editor: no YAML typed, interactions counted."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.acceptance.conftest import DESKTOP, PHONE
from tests.support.desk import Desk
from tests.support.people import DIRECTOR, DemoPerson

Enter = Callable[[DemoPerson], Desk]
AFFORDED = 60
STEPS = (
    ("documents.draft", "nguoi_lap", "2"),
    ("documents.check_content", "phu_trach", "1"),
    ("documents.approve", "lanh_dao", "1"),
    ("documents.number", "van_thu", ""),
    ("signing.sign", "lanh_dao", ""),
    ("signing.seal", "van_thu", ""),
)


@dataclass
class Counted:
    """A head at the editor; a click, a choice and one entry of text count one each."""

    page: Page
    count: int = field(default=0)

    def click(self, name: str, role: str = "button") -> None:
        self.count += 1
        self.page.get_by_role(role, name=name, exact=True).first.click()  # type: ignore[arg-type]

    def pick(self, label: str, value: str) -> None:
        self.count += 1
        self.page.get_by_label(label, exact=True).first.select_option(value)

    def enter(self, label: str, text: str) -> None:
        self.count += 1
        self.page.get_by_label(label, exact=True).first.fill(text)
        self.page.keyboard.press("Tab")

    def add(self, kind: str, role: str, steps: int) -> None:
        """Add a step and wait until the table shows so many."""
        self.pick("Việc gì", kind)
        self.pick("Ai làm", role)
        self.click("Thêm bước")
        expect(self.page.locator(".step-line")).to_have_count(steps + 1)
        at_rest(self.page)


def at_rest(page: Page) -> None:
    """Wait until what the last edit brought stands on the page; hands are slower than that."""
    moving = ".htmx-request, .htmx-swapping, .htmx-settling, .htmx-added"
    expect(page.locator(moving)).to_have_count(0)


def shot(page: Page, name: str) -> None:
    """Keep a picture where somebody asked for one."""
    folder = os.environ.get("QUYTRINH_SHOTS")
    if folder:
        page.screenshot(path=str(Path(folder) / f"{name}.png"), full_page=True)


@pytest.mark.parametrize("size", [DESKTOP])
def test_six_steps_from_an_empty_page_to_no_errors(enter: Enter, size: dict[str, int]) -> None:
    """PR-01: an outgoing document from draft to seal in at most sixty interactions."""
    desk = enter(DIRECTOR)
    desk.page.set_viewport_size(size)  # type: ignore[arg-type]
    desk.page.goto("/quy-trinh/")
    head = Counted(desk.page)
    head.click("Quy trình mới", role="link")
    head.count += 1
    desk.page.get_by_label("Tên quy trình").fill("Ký và phát hành văn bản đi")
    head.pick("Xử lý loại văn bản", "outgoing")
    head.click("Bắt đầu soạn")
    shot(desk.page, "empty")
    for number, (kind, role, days) in enumerate(STEPS, start=1):
        head.add(kind, role, number)
        if days:
            head.pick("Thời hạn: đơn vị", "d")
            expect(desk.page.locator(".step-line[aria-current]")).to_contain_text("1 ngày")
            if days != "1":
                head.enter("Thời hạn", days)
    expect(desk.page.locator("#state")).to_contain_text("Không có lỗi")
    expect(desk.page.locator("#state")).to_contain_text("Đã lưu")
    expect(desk.page.locator(".step-line").first).to_contain_text("2 ngày làm việc")
    expect(desk.page.locator("#drawing svg .step-selected")).to_have_count(1)
    shot(desk.page, "six")
    desk.page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    shot(desk.page, "six-phone")
    assert head.count <= AFFORDED, head.count
    selected_everywhere(desk.page)
    by_keyboard(desk.page)


def selected_everywhere(page: Page) -> None:
    """A box of the drawing opens its step; the drawing shows which one is open."""
    page.set_viewport_size(DESKTOP)  # type: ignore[arg-type]
    page.locator("#drawing [data-step='phe_duyet']").click()
    expect(page.locator("#inspector-title")).to_have_text("Phê duyệt")
    expect(page.locator("#line-phe_duyet")).to_have_attribute("aria-current", "true")


def by_keyboard(page: Page) -> None:
    """Moved, deleted and brought back without a mouse."""
    line = page.locator("#line-phe_duyet")
    line.focus()
    page.keyboard.press("Alt+ArrowUp")
    expect(page.locator(".step-line").nth(1)).to_contain_text("Phê duyệt")
    expect(line).to_be_focused()
    at_rest(page)
    page.keyboard.press("Delete")
    expect(page.locator(".step-line")).to_have_count(len(STEPS))
    page.keyboard.press("Control+z")
    expect(page.locator(".step-line")).to_have_count(len(STEPS) + 1)
