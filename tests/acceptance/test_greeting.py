"""A newcomer opens the address that `make run` printed."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.support.site import Site


def test_greeting_names_the_demo_agencies(page: Page) -> None:
    page.goto("/")
    for agency in ("Bình Thuận", "Quảng Bình", "Điện Biên", "Hà Tĩnh", "Bình Định"):
        expect(page.get_by_text(agency).first).to_be_visible()


@pytest.mark.parametrize("device", ["page", "phone"])
def test_greeting_is_accessible_and_fits(
    device: str, request: pytest.FixtureRequest, axe_violations: Callable[[Page], list[str]]
) -> None:
    page: Page = request.getfixturevalue(device)
    page.goto("/")
    assert axe_violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_unknown_page_is_a_plain_answer(site: Site) -> None:
    answer = httpx.get(f"{site.url}khong-co-trang-nay/")
    assert answer.status_code == 404
    assert "Traceback" not in answer.text
