"""F110: `outcomes` names results that the plugin declares, or `failed`."""

from __future__ import annotations

from collections.abc import Iterator

from quytrinh.compiler.context import Context
from quytrinh.language.diagnostics import Diagnostic, did_you_mean, error

# Every plugin can fail for good: retries spent, no answer in time.
FAILED = "failed"


def check(context: Context) -> Iterator[Diagnostic]:
    for use in context.flow.steps_that_run():
        name = use.run.text
        if name not in context.registry:
            continue
        known = [outcome.id for outcome in context.registry.get(name).outcomes] + [FAILED]
        for outcome, _ in use.outcomes:
            if outcome.text not in known:
                message = f"`{name}` không có kết quả `{outcome.text}`"
                yield error("F110", outcome.span, message, did_you_mean(outcome.text, known))
