"""A site, a browser and its pages for stories lived from outside."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    expect,
    sync_playwright,
)

from tests.support.api_client import ApiClient
from tests.support.desk import Desk
from tests.support.people import DemoPerson
from tests.support.site import Site, embedded_site, production_site

AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text(encoding="utf-8")
DESKTOP = {"width": 1366, "height": 768}
PHONE = {"width": 390, "height": 844}
# As root in a container Chromium has no sandbox, and /dev/shm may be small.
CHROMIUM_ARGUMENTS = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"]
expect.set_options(timeout=15_000)


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The demo installation, in the shape QUYTRINH_TEST_DB names."""
    on_postgresql = os.environ.get("QUYTRINH_TEST_DB") == "postgresql"
    shape = production_site if on_postgresql else embedded_site
    with shape(tmp_path_factory.mktemp("site")) as running:
        yield running


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The distribution's Chromium."""
    program = os.environ.get("QUYTRINH_CHROMIUM") or "/usr/bin/chromium"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=program, args=CHROMIUM_ARGUMENTS, headless=True
        )
        yield chromium
        chromium.close()


NewContext = Callable[..., BrowserContext]
Enter = Callable[[DemoPerson], Desk]


@pytest.fixture(scope="session")
def complaints() -> list[str]:
    """What browsers complained of since the test began."""
    return []


@pytest.fixture(autouse=True)
def no_complaints(complaints: list[str]) -> Iterator[None]:
    """Whatever a test does: a script that fails, or anything the strict CSP refuses, fails it."""
    complaints.clear()
    yield
    assert complaints == []


@pytest.fixture(scope="session")
def open_context(browser: Browser, site: Site, complaints: list[str]) -> NewContext:
    """A function that opens another browser profile."""

    def listen(message: ConsoleMessage) -> None:
        # A refusal that the test wants (404, 409, 422) is told here too, and is no fault.
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            complaints.append(f"{message.page and message.page.url}: {message.text}")

    def open_one(**options: Any) -> BrowserContext:
        defaults = {"base_url": site.url, "viewport": DESKTOP, "locale": "vi-VN"}
        context = browser.new_context(**{**defaults, **options})
        context.set_default_timeout(10_000)
        context.on("console", listen)
        context.on("weberror", lambda error: complaints.append(str(error.error)))
        return context

    return open_one


@pytest.fixture
def new_context(open_context: NewContext) -> Iterator[NewContext]:
    """A function that opens another browser profile for this test: another person's desk."""
    with ExitStack() as stack:

        def open_one(**options: Any) -> BrowserContext:
            context = open_context(**options)
            stack.callback(context.close)
            return context

        yield open_one


@pytest.fixture(scope="session")
def profile_of(open_context: NewContext) -> Callable[[DemoPerson], BrowserContext]:
    """A function that returns the profile a person of the demo keeps through all tests."""

    @cache
    def profile(person: DemoPerson) -> BrowserContext:
        context = open_context()
        desk = Desk(context.new_page(), person).enter()
        desk.page.close()
        return context

    return profile


@pytest.fixture
def enter(profile_of: Callable[[DemoPerson], BrowserContext]) -> Iterator[Enter]:
    """A function that seats a person at their browser, logged in and before their inbox."""
    with ExitStack() as stack:

        def seat(person: DemoPerson) -> Desk:
            page = profile_of(person).new_page()
            stack.callback(page.close)
            page.goto("/viec/")
            return Desk(page, person)

        yield seat


@pytest.fixture(scope="session")
def api(site: Site) -> Iterator[Callable[[DemoPerson], ApiClient]]:
    """A function that returns a person's API client; each logs in once."""
    with ExitStack() as stack:

        @cache
        def client(person: DemoPerson) -> ApiClient:
            opened = ApiClient(site.url, person)
            stack.callback(opened.http.close)
            return opened

        yield client


@pytest.fixture
def page(new_context: NewContext) -> Page:
    """A page at a desk."""
    return new_context().new_page()


@pytest.fixture
def phone(new_context: NewContext) -> Page:
    """A page on a phone."""
    return new_context(viewport=PHONE, has_touch=True, is_mobile=True).new_page()


@pytest.fixture(scope="session")
def axe_violations() -> Callable[..., list[str]]:
    """A function that lists what axe finds wrong on a page, one line each.

    `rules` names a few, for a page already checked that only changed its colours.
    """

    def check(page: Page, *, rules: Sequence[str] = ()) -> list[str]:
        if not page.evaluate("'axe' in window"):
            page.evaluate(AXE)  # not a script element: the pages' CSP would refuse it, rightly
        options: dict[str, Any] = {"resultTypes": ["violations"]}
        if rules:
            options["runOnly"] = {"type": "rule", "values": list(rules)}
        result = page.evaluate("options => axe.run(document, options)", options)
        return [
            f"{violation['id']}: {node['html']}"
            for violation in result["violations"]
            for node in violation["nodes"]
        ]

    return check
