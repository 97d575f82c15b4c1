"""F215: work is returned to people; a machine has nothing to correct."""

from __future__ import annotations

from collections.abc import Iterator

from quytrinh.compiler.context import Context
from quytrinh.language.ast import HumanStep
from quytrinh.language.diagnostics import Diagnostic, error


def check(context: Context) -> Iterator[Diagnostic]:
    for _, target in context.returns():
        step = context.steps.get(target.text)
        if step is not None and not isinstance(step, HumanStep):
            message = f"Không trả lại cho máy: `{target.text}`"
            yield error("F215", target.span, message, "trả lại một bước của người")
