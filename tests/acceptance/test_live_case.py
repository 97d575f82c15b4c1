"""The page of a case follows what happens to it elsewhere, without being loaded again."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import expect

from tests.support.api_client import ApiClient
from tests.support.desk import Desk
from tests.support.people import SPECIALIST, UNIT_HEAD, DemoPerson

Enter = Callable[[DemoPerson], Desk]
Api = Callable[[DemoPerson], ApiClient]


def test_a_case_that_moves_on_is_drawn_again_where_nobody_types(enter: Enter, api: Api) -> None:
    case_id = api(SPECIALIST).submit("Việc đang mở ở hai nơi")
    page = enter(UNIT_HEAD).page
    page.goto(f"/ho-so/{case_id}/")
    page.get_by_label("Ý kiến").fill("đang gõ dở")
    api(UNIT_HEAD).do(case_id, "approve")
    expect(page.locator("#history")).to_contain_text("Đồng ý")
    expect(page.locator("#place strong")).to_have_text("Quyết định")
    expect(page.get_by_label("Ý kiến")).to_have_value("đang gõ dở")
