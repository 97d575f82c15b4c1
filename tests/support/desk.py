"""A person at a browser: what they press and what they look for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page, Response, expect

from tests.support.people import FLOW, DemoPerson

CASE_ADDRESS = re.compile(r"/ho-so/[0-9a-f-]{36}/$")
TASK_ADDRESS = re.compile(r"/viec/[0-9a-f-]{36}/$")
INBOX_ADDRESS = re.compile(r"/viec/$")
HERE = ".step-current"


@dataclass(frozen=True, slots=True)
class Desk:
    """A page of one person's browser profile."""

    page: Page
    person: DemoPerson

    def enter(self) -> Desk:
        """Come in from the greeting by one click."""
        self.page.goto("/")
        self.page.get_by_role("button", name=self.person.name).click()
        expect(self.page).to_have_url(INBOX_ADDRESS)
        return self

    def begin(self, subject: str, *, file: Path | None = None, content: str = "Kính trình.") -> str:
        """Begin a case and submit it; return its address."""
        self.page.goto(f"/ho-so/moi/{FLOW}/")
        self.page.get_by_label("Trích yếu").fill(subject)
        self.page.get_by_label("Nội dung trình").fill(content)
        if file:
            self.page.get_by_label("Hồ sơ trình").set_input_files(file)
        self.press("Trình duyệt")
        expect(self.page).to_have_url(CASE_ADDRESS)
        return self.page.url

    def draft(self, flow: str, label: str, *, file: Path, **entered: str) -> str:
        """Begin a case of some procedure with a file, submit it; return its address."""
        self.page.goto(f"/ho-so/moi/{flow}/")
        for name, value in entered.items():
            self.enter_field(name, value)
        self.page.locator("form[enctype] [name=file]").set_input_files(file)
        self.press(label)
        expect(self.page).to_have_url(CASE_ADDRESS)
        return self.page.url

    def start(self, flow: str, **entered: str | Path) -> str:
        """Begin a case with the form of its start; return its address."""
        self.page.goto(f"/ho-so/moi/{flow}/")
        for name, value in entered.items():
            self.enter_field(name, value)
        self.press("Lập hồ sơ")
        expect(self.page).to_have_url(CASE_ADDRESS)
        return self.page.url

    def do(self, subject: str, label: str, **entered: str | Path) -> None:
        """Wait for the task of a case, fill fields by their labels, press its button."""
        self.page.goto("/viec/")
        expect(self._waiting(subject)).to_be_visible(timeout=30_000)
        self._waiting(subject).click()
        expect(self.page).to_have_url(TASK_ADDRESS)
        for name, value in entered.items():
            self.enter_field(name, value)
        self.press(label)
        expect(self.page.get_by_role("status")).to_contain_text(re.compile("đã", re.IGNORECASE))

    def enter_field(self, name: str, value: str | Path) -> None:
        """Fill a field of the form by its name, choose its value, or attach a file."""
        field = self.page.locator(f"form[enctype] [name={name}]")
        if isinstance(value, Path):
            field.set_input_files(value)
            return
        if field.first.get_attribute("type") in ("radio", "checkbox"):
            field.and_(self.page.locator(f"[value='{value}']")).check()
        elif field.evaluate("field => field.localName") == "select":
            field.select_option(value)
        else:
            field.fill(value)

    def _waiting(self, subject: str) -> Locator:
        """What waits in the inbox to be done, not only to be known."""
        tasks = self.page.locator("a[href^='/viec/']")
        return tasks.filter(has_text=subject)

    def open_task(self, subject: str) -> None:
        """Open the task of a case from the inbox."""
        self.page.goto("/viec/")
        self.page.get_by_role("link", name=subject).click()
        expect(self.page).to_have_url(TASK_ADDRESS)

    def press(self, label: str) -> None:
        """Press the button with this label."""
        self.button(label).click()

    def button(self, label: str) -> Locator:
        """The button with this label; the hint of its keys is not part of the label."""
        return self.page.get_by_role("button", name=re.compile(rf"^{label}( Ctrl Enter)?$"))

    def answer_to(self, press: Any) -> Response:
        """Press something that posts a form; return the answer to the post itself."""
        with self.page.expect_response(lambda found: found.request.method == "POST") as answer:
            press()
        return answer.value

    def place(self) -> Locator:
        """The current place in the whole drawing."""
        return self.page.locator("#drawing").locator(HERE)

    def history(self) -> Locator:
        """The lines of the history, latest first."""
        return self.page.locator(".history-line")
