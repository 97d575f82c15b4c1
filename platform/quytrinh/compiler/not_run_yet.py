"""F012: constructs that can be declared, checked and drawn, but that the engine does not run yet.

No rule of the language: promulgation refuses a flow that has one.
"""

from __future__ import annotations

from collections.abc import Iterator

from quytrinh.language.ast import (
    CallStep,
    Due,
    EachStep,
    Flow,
    HumanStep,
    ParallelStep,
    Start,
    Step,
    WaitStep,
)
from quytrinh.language.diagnostics import Diagnostic, Span, error
from quytrinh.language.schema import WORDS_OF_TIME

EVENTS_RUN = ("exchange.received",)
Unrun = tuple[str, Span]


def not_run_yet(flow: Flow) -> tuple[Diagnostic, ...]:
    """What keeps a flow without errors from being promulgated."""
    hint = "xem và so sánh được, nhưng chưa ban hành được; chờ phiên bản sau của phần mềm"
    return tuple(
        error("F012", span, f"Phiên bản này chưa chạy được `{name}`", hint)
        for name, span in _constructs(flow)
    )


def _constructs(flow: Flow) -> Iterator[Unrun]:
    for position, start in enumerate(flow.starts):
        yield from _start(start, position, [each for each in flow.starts if each.by])
    for due in flow.dues():
        yield from _due(due)
    if flow.on_late:
        yield "on_late", flow.on_late.span
    for rule in flow.verb_rules():
        yield "verbs", rule.span
    for step in flow.all_steps():
        yield from _step(step)


def _start(start: Start, position: int, by_people: list[Start]) -> Iterator[Unrun]:
    if start.schedule:
        yield "schedule", start.schedule.span
    if start.when:
        yield "when", start.when.span
    if start.event and start.event.text not in EVENTS_RUN:
        yield start.event.text, start.event.span
    if start.by and start is not by_people[0]:
        yield "start", start.span


def _due(due: Due) -> Iterator[Unrun]:
    for word in (due.within, *(when for _, when in due.by_urgency)):
        if word and word.text in WORDS_OF_TIME:
            yield word.text, word.span
    for name, expression in (("at", due.at), ("from", due.since)):
        if expression:
            yield name, expression.span
    for name, told in (("remind", due.remind), ("escalate", due.escalate)):
        if told:
            yield name, due.span


def _step(step: Step) -> Iterator[Unrun]:
    kinds = {ParallelStep: "parallel", EachStep: "each", CallStep: "call", WaitStep: "wait"}
    if name := kinds.get(type(step)):
        yield name, step.id.span
    if step.on_late:
        yield "on_late", step.on_late.span
    if step.stops_clock:
        yield "stops_clock", step.id.span
    if isinstance(step, HumanStep) and step.not_by:
        yield "not_by", step.not_by[0].span
