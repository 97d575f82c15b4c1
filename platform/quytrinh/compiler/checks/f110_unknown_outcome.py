"""F110: `outcomes` names results that the plugin, the called procedure or the wait can have."""

from __future__ import annotations

from collections.abc import Iterator

from quytrinh.compiler.context import Context
from quytrinh.compiler.outcomes import results_of, routes_of
from quytrinh.language.diagnostics import Diagnostic, did_you_mean, error


def check(context: Context) -> Iterator[Diagnostic]:
    for step in context.flow.all_steps():
        results = results_of(step, context.registry, context.flows)
        for outcome, _ in routes_of(step) if results else ():
            if results and outcome.text not in results.known:
                message = f"`{results.of.text}` không có kết quả `{outcome.text}`"
                hint = did_you_mean(outcome.text, results.known)
                yield error("F110", outcome.span, message, hint)
