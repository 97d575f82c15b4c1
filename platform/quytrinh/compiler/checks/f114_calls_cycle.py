"""F114: procedures that call each other round in a circle would never come to an end."""

from __future__ import annotations

from collections.abc import Iterator

from quytrinh.compiler.context import Context
from quytrinh.language.ast import CallStep
from quytrinh.language.diagnostics import Diagnostic, error


def check(context: Context) -> Iterator[Diagnostic]:
    own = context.flow.id.text
    for step in context.flow.all_steps():
        if isinstance(step, CallStep) and (way := _way(context, step.flow.text, own)):
            message = f"Quy trình gọi vòng: {' → '.join((own, *way))}"
            yield error("F114", step.flow.span, message, "bỏ một lời gọi trong vòng")


def _way(context: Context, start: str, wanted: str) -> tuple[str, ...]:
    """The shortest chain of calls from one procedure to another; empty if there is none."""
    ways: list[tuple[str, ...]] = [(start,)]
    seen = {start}
    for way in ways:
        if way[-1] == wanted:
            return way
        signature = context.flows.get(way[-1])
        for called in signature.calls if signature else ():
            if called not in seen:
                seen.add(called)
                ways.append((*way, called))
    return ()
