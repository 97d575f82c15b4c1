"""F506: who waits for an event only may wait for ever."""

from __future__ import annotations

from collections.abc import Iterator

from quytrinh.compiler.context import Context
from quytrinh.language.ast import Step, WaitStep
from quytrinh.language.diagnostics import Diagnostic, warning


def check(context: Context) -> Iterator[Diagnostic]:
    for step in context.flow.all_steps():
        if not isinstance(step, WaitStep) or not step.events or step.period or step.until:
            continue
        if not _limited(context, step):
            named = ", ".join(f"`{event.text}`" for event in step.events)
            message = f"Chờ {named} không giới hạn"
            hint = "thêm `for: …` cạnh `event` và `outcomes: {time: …}`"
            yield warning("F506", step.events[0].span, message, hint)


def _limited(context: Context, step: Step) -> bool:
    """Whether a block around it ends it when late."""
    owners = (nest.owner for nest in context.nesting.home[step.id.text].outward())
    return any(owner.on_late and owner.on_late.route for owner in owners if owner)
