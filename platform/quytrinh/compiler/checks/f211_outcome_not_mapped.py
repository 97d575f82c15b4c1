"""F211: every result of a plugin that is not normal is told where it leads."""

from __future__ import annotations

from collections.abc import Iterator

from quytrinh.compiler.context import Context
from quytrinh.language.diagnostics import Diagnostic, error


def check(context: Context) -> Iterator[Diagnostic]:
    for use in context.flow.steps_that_run():
        if use.run.text not in context.registry:
            continue
        named = {outcome.text for outcome, _ in use.outcomes}
        for outcome in context.registry.get(use.run.text).outcomes:
            if not outcome.normal and outcome.id not in named:
                message = (
                    f"Chưa nói đi đâu khi kết quả của `{use.run.text}` là"
                    f" `{outcome.id}` ({outcome.title})"
                )
                hint = f"thêm `outcomes: {{{outcome.id}: …}}`"
                yield error("F211", use.run.span, message, hint)
