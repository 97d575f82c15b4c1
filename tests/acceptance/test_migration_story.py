"""The head changes a procedure while cases run: looks, carries two over, takes one back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.support.api_client import ApiClient
from tests.support.desk import Desk
from tests.support.people import (
    OTHER_DIRECTOR,
    OTHER_SPECIALIST,
    OTHER_UNIT_HEAD,
    DemoPerson,
)
from tests.support.two_wordings import AFTER, BEFORE, FLOW

Enter = Callable[[DemoPerson], Desk]
Api = Callable[[DemoPerson], ApiClient]
TODAY = dt.date.today()


def draft(api: ApiClient, text: str) -> str:
    """Keep a text as a draft; return its id."""
    answer = api.http.post("drafts", json={"source": text})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["draft"]["id"])


@pytest.fixture
def cases(api: Api) -> list[str]:
    """Three cases that wait for the head of their unit, under the first wording."""
    api(OTHER_DIRECTOR).promulgate(BEFORE)
    return [api(OTHER_SPECIALIST).begin(FLOW, "submit") for _ in range(3)]


def test_head_carries_two_cases_over_and_takes_one_back(
    enter: Enter, api: Api, cases: list[str]
) -> None:
    """AD-16: nothing moves by itself; what is moved can be put back exactly."""
    codes = [api(OTHER_DIRECTOR).case(case)["code"] for case in cases]
    desk = enter(OTHER_DIRECTOR)
    promulgates_the_change(desk, draft(api(OTHER_DIRECTOR), AFTER))
    assert versions(api, cases) == [1, 1, 1]

    desk.page.get_by_role("link", name="Phiên bản 1: 3 hồ sơ").click()
    row = desk.page.get_by_role("row").filter(has_text=codes[0])
    expect(row).to_contain_text("Việc “Kiểm tra” đang mở ở bước phiên bản mới không còn.")
    desk.page.get_by_label("Kiểm tra").select_option(label="Thẩm định")
    desk.press("Xem thử lại")
    expect(row).to_contain_text("Chuyển được")
    for code in codes[:2]:
        desk.page.get_by_role("checkbox", name=f"Chọn {code}").check()
    desk.press("Chuyển các hồ sơ đã chọn")
    expect(desk.page.get_by_text("Đã xong 2/2 hồ sơ")).to_be_visible()
    assert versions(api, cases) == [2, 2, 1]
    assert waits_at(api, cases[0]) == "Thẩm định"

    desk.page.get_by_role("checkbox", name=f"Chọn {codes[1]}").check()
    desk.press("Hoàn tác các hồ sơ đã chọn")
    expect(
        desk.page.get_by_text("đã chuyển 1 · giữ phiên bản cũ 0 · đã hoàn tác 1")
    ).to_be_visible()
    assert versions(api, cases) == [2, 1, 1]
    api(OTHER_UNIT_HEAD).do(cases[0], "ok")
    assert waits_at(api, cases[0]) == "Lấy số"
    api(OTHER_UNIT_HEAD).do(cases[1], "ok")
    assert waits_at(api, cases[1]) == "Quyết định"

    desk.page.goto(f"/ho-so/{cases[1]}/")
    history = desk.page.get_by_role("region", name="Lịch sử xử lý")
    expect(history).to_contain_text("Chuyển từ phiên bản 1 sang phiên bản 2")
    expect(history).to_contain_text("Hoàn tác: từ phiên bản 2 về phiên bản 1")
    expect(desk.page.get_by_role("region", name="Đường đi của hồ sơ")).to_contain_text("Kiểm tra")


def promulgates_the_change(desk: Desk, version_id: str) -> None:
    """Enter the decision and put the draft in force."""
    desk.page.goto(f"/quy-trinh/ban-nhap/{version_id}/")
    desk.page.get_by_label("Số, ký hiệu quyết định").fill("29/QĐ-CQM")
    desk.page.get_by_label("Ngày quyết định").fill(f"{TODAY:%d/%m/%Y}")
    desk.page.get_by_label("Hiệu lực từ ngày").fill(f"{TODAY:%d/%m/%Y}")
    desk.press("Ban hành quy trình")
    expect(desk.page.get_by_role("status")).to_contain_text("Đã ban hành phiên bản 2")


def versions(api: Api, cases: list[str]) -> list[int]:
    """The version each case runs by."""
    return [api(OTHER_DIRECTOR).case(case)["version"] for case in cases]


def waits_at(api: Api, case: str) -> str:
    """The step at which a case waits."""
    [line] = api(OTHER_DIRECTOR).case(case)["waiting"]
    return str(line["step"])
