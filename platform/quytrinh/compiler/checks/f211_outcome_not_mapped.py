"""F211: every result that does not simply go on is told where it leads."""

from __future__ import annotations

from collections.abc import Iterator

from quytrinh.compiler.context import Context
from quytrinh.compiler.outcomes import results_of, routes_of
from quytrinh.language.diagnostics import Diagnostic, error


def check(context: Context) -> Iterator[Diagnostic]:
    for step in context.flow.all_steps():
        results = results_of(step, context.registry, context.flows)
        told = {outcome.text for outcome, _ in routes_of(step)}
        for name, title in results.named if results else ():
            if results and name not in told:
                message = (
                    f"Chưa nói đi đâu khi kết quả của `{results.of.text}` là `{name}` ({title})"
                )
                yield error("F211", results.of.span, message, f"thêm `outcomes: {{{name}: …}}`")
