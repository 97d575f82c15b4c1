"""What a person may do with any task, lived: put aside, taken up, an opinion asked and given."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Locator, expect

from tests.support.desk import TASK_ADDRESS, Desk
from tests.support.people import CLERK, SPECIALIST, UNIT_HEAD, DemoPerson

Enter = Callable[[DemoPerson], Desk]


def offer(desk: Desk, verb: str) -> Locator:
    """Open the menu of further operations at one of them."""
    menu = desk.page.locator("#verbs")
    if menu.get_attribute("open") is None:
        menu.locator("summary").first.click()
    named = desk.page.locator("summary", has_text=re.compile(rf"^{verb}$"))
    form = menu.locator("details.verb", has=named)
    form.locator("summary").click()
    return form


def use(desk: Desk, verb: str, **entered: str) -> None:
    """Fill the small form of a verb and press its button."""
    form = offer(desk, verb)
    for name, value in entered.items():
        field = form.locator(f"[name={name}]")
        if field.evaluate("field => field.localName") == "select":
            option = field.locator("option", has_text=value).first
            field.select_option(option.get_attribute("value"))
        else:
            field.fill(value)
    form.get_by_role("button", name=verb, exact=True).click()


def test_a_matter_is_put_aside_taken_up_and_an_opinion_is_asked(enter: Enter) -> None:
    """PR-19 (BT 7.2.c: chờ xác minh), PR-22: waiting has its reason, opinions stay in the case."""
    subject = "Xin chủ trương trang bị máy quét"
    enter(SPECIALIST).begin(subject)
    head = enter(UNIT_HEAD)
    head.open_task(subject)

    refused = offer(head, "Tạm dừng")
    refused.get_by_role("button", name="Tạm dừng", exact=True).click()
    expect(head.page.locator("#verbs [role=alert]")).to_be_visible()
    head.page.locator("#suspend-comment").fill("Chờ báo giá của nhà cung cấp")
    head.press("Tạm dừng")
    expect(head.page.locator("#history")).to_contain_text("Chờ báo giá của nhà cung cấp")
    head.page.goto("/viec/")
    row = head.page.locator("main").get_by_text("Chờ báo giá của nhà cung cấp")
    expect(row.first).to_be_visible()

    head.open_task(subject)
    expect(head.button("Đồng ý")).to_be_disabled()
    use(head, "Tiếp tục xử lý")
    expect(head.button("Đồng ý")).to_be_enabled()
    use(head, "Xin ý kiến", member=CLERK.name, comment="Còn máy quét nào dùng được không?")
    expect(head.page.locator("#questions")).to_contain_text("Chưa trả lời")

    clerk = enter(CLERK)
    clerk.open_task(subject)
    expect(clerk.page.locator("main")).to_contain_text("Còn máy quét nào dùng được không?")
    clerk.page.get_by_label("Ý kiến trả lời").fill("Chỉ còn một máy, đã hỏng khay giấy.")
    clerk.press("Gửi trả lời")

    head.open_task(subject)
    expect(head.page).to_have_url(TASK_ADDRESS)
    expect(head.page.locator("#questions")).to_contain_text("đã hỏng khay giấy")
    head.press("Đồng ý")
    expect(head.page.get_by_role("status")).to_contain_text("Đã xử lý")
