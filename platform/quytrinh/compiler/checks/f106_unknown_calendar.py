"""F106: deadlines and waits count on a calendar that exists."""

from __future__ import annotations

from collections.abc import Iterator

from quytrinh.compiler.context import Context
from quytrinh.language.ast import WaitStep
from quytrinh.language.diagnostics import Diagnostic, did_you_mean, error


def check(context: Context) -> Iterator[Diagnostic]:
    flow = context.flow
    named = [due.calendar for due in flow.dues()]
    named += [step.calendar for step in flow.all_steps() if isinstance(step, WaitStep)]
    for word in named:
        if word and word.text not in context.calendars:
            hint = did_you_mean(word.text, context.calendars)
            yield error("F106", word.span, f"Không có lịch `{word.text}`", hint)
