"""F504: a reminder longer than the deadline would come before the work does."""

from __future__ import annotations

from collections.abc import Iterator

from quytrinh.compiler.context import Context
from quytrinh.compiler.durations import minutes
from quytrinh.language.diagnostics import Diagnostic, warning


def check(context: Context) -> Iterator[Diagnostic]:
    for due in context.flow.dues():
        limit = minutes(due.within, due.calendar)
        for reminder in due.remind:
            before = minutes(reminder.before, due.calendar)
            if due.within and limit is not None and before is not None and before > limit:
                message = f"Nhắc trước {reminder.before.text} nhưng hạn chỉ {due.within.text}"
                yield warning("F504", reminder.before.span, message, "nhắc gần hạn hơn")
