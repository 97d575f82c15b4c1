"""F215: work is returned to people, to a block or to a called procedure, never to a machine."""

from __future__ import annotations

from collections.abc import Iterator

from quytrinh.compiler.context import Context
from quytrinh.language.ast import CallStep, EachStep, HumanStep, ParallelStep
from quytrinh.language.diagnostics import Diagnostic, error

_RETURNABLE = (HumanStep, ParallelStep, EachStep, CallStep)


def check(context: Context) -> Iterator[Diagnostic]:
    for _, _, target in context.returns():
        step = context.steps.get(target.text)
        if step is not None and not isinstance(step, _RETURNABLE):
            message = f"Không trả lại cho máy: `{target.text}`"
            yield error("F215", target.span, message, "trả lại một bước của người, hoặc cả khối")
