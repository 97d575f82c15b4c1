"""F106: a deadline counts on a calendar that exists."""

from __future__ import annotations

from collections.abc import Iterator

from quytrinh.compiler.context import Context
from quytrinh.language.diagnostics import Diagnostic, did_you_mean, error
from quytrinh.language.schema import CALENDARS


def check(context: Context) -> Iterator[Diagnostic]:
    for due in context.flow.dues():
        if due.calendar and due.calendar.text not in CALENDARS:
            name = due.calendar.text
            hint = did_you_mean(name, CALENDARS)
            yield error("F106", due.calendar.span, f"Không có lịch `{name}`", hint)
