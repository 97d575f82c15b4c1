"""F113: a case begins, or a wait ends, by an event of a known kind."""

from __future__ import annotations

from collections.abc import Iterator

from quytrinh.compiler.context import Context
from quytrinh.language.ast import WaitStep
from quytrinh.language.diagnostics import Diagnostic, did_you_mean, error
from quytrinh.language.schema import CALL_EVENT, EVENTS
from quytrinh.language.source import Word


def check(context: Context) -> Iterator[Diagnostic]:
    for start in context.flow.starts:
        if start.event:
            yield from _event(start.event, EVENTS)
    awaited = tuple(event for event in EVENTS if event != CALL_EVENT)
    for step in context.flow.all_steps():
        for event in step.events if isinstance(step, WaitStep) else ():
            yield from _event(event, awaited)


def _event(event: Word, known: tuple[str, ...]) -> Iterator[Diagnostic]:
    if event.text not in known:
        hint = did_you_mean(event.text, known)
        yield error("F113", event.span, f"Không có sự kiện `{event.text}`", hint)
