"""F012: constructs that can be declared, checked and drawn, but that the engine does not run yet.

No rule of the language: promulgation refuses a flow that has one.
"""

from __future__ import annotations

from collections.abc import Iterator

from quytrinh.language.ast import Flow, WaitStep
from quytrinh.language.diagnostics import Diagnostic, Span, error
from quytrinh.language.schema import CALL_EVENT

EVENTS_RUN = ("exchange.received", CALL_EVENT)
Unrun = tuple[str, Span]


def not_run_yet(flow: Flow) -> tuple[Diagnostic, ...]:
    """What keeps a flow without errors from being promulgated."""
    hint = "xem và so sánh được, nhưng chưa ban hành được; chờ phiên bản sau của phần mềm"
    return tuple(
        error("F012", span, f"Phiên bản này chưa chạy được `{name}`", hint)
        for name, span in _constructs(flow)
    )


def _constructs(flow: Flow) -> Iterator[Unrun]:
    for start in [start for start in flow.starts if start.by][1:]:
        yield "start", start.span
    for start in flow.starts:
        if start.event and start.event.text not in EVENTS_RUN:
            yield start.event.text, start.event.span
    if flow.on_late:
        yield "on_late", flow.on_late.span
    for role in flow.roles:
        if role.assign != "claim":
            yield "assign", role.span
    for step in flow.all_steps():
        # Of a case's documents only answers are told yet.
        for event in step.events if isinstance(step, WaitStep) else ():
            if event.text not in EVENTS_RUN:
                yield event.text, event.span
