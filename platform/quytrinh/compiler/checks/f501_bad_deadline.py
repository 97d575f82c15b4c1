"""F501: a deadline is a length of time or one of a few words; a reminder is a length of time."""

from __future__ import annotations

import re
from collections.abc import Iterator

from quytrinh.compiler.context import Context
from quytrinh.language.ast import WaitStep
from quytrinh.language.diagnostics import Diagnostic, error
from quytrinh.language.schema import PERIOD_PATTERN, WHEN_PATTERN, WORDS_OF_TIME
from quytrinh.language.source import Word

_WHEN_HINT = (
    "viết một số kèm `m` (phút), `h` (giờ) hoặc `d` (ngày): `30m`, `4h`, `2d`; "
    f"hoặc {', '.join(f'`{word}`' for word in WORDS_OF_TIME)}"
)
_PERIOD_HINT = "viết một số kèm `m`, `h`, `d`, `w` (tuần) hoặc `y` (năm): `30m`, `4h`, `2d`"


def check(context: Context) -> Iterator[Diagnostic]:
    for due in context.flow.dues():
        for word in (due.within, *(when for _, when in due.by_urgency)):
            yield from _deadline(word, WHEN_PATTERN, _WHEN_HINT)
        for reminder in due.remind:
            yield from _deadline(reminder.before, PERIOD_PATTERN, _PERIOD_HINT)
        for escalation in due.escalate:
            yield from _deadline(escalation.after, PERIOD_PATTERN, _PERIOD_HINT)
    for step in context.flow.all_steps():
        if isinstance(step, WaitStep):
            yield from _deadline(step.period, PERIOD_PATTERN, _PERIOD_HINT)
    for start in context.flow.starts:
        if start.schedule:
            yield from _deadline(start.schedule.before, PERIOD_PATTERN, _PERIOD_HINT)
    for rule in context.flow.verb_rules():
        yield from _deadline(rule.max, PERIOD_PATTERN, _PERIOD_HINT)


def _deadline(word: Word | None, pattern: str, hint: str) -> Iterator[Diagnostic]:
    if word is not None and not re.fullmatch(pattern, word.text):
        yield error("F501", word.span, f"Thời hạn `{word.text}` không hợp lệ", hint)
