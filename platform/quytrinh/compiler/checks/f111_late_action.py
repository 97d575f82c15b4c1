"""F111: what is done in the name of silence is one of the step's own actions."""

from __future__ import annotations

from collections.abc import Iterator

from quytrinh.compiler.context import Context
from quytrinh.language.ast import HumanStep
from quytrinh.language.diagnostics import Diagnostic, did_you_mean, error


def check(context: Context) -> Iterator[Diagnostic]:
    for step, late in context.flow.latenesses():
        if step is None or late.action is None:
            continue  # F503 speaks of the whole case
        known = [each.id.text for each in step.actions] if isinstance(step, HumanStep) else []
        if late.action.text not in known:
            message = f"Bước `{step.id.text}` không có thao tác `{late.action.text}`"
            hint = did_you_mean(late.action.text, known)
            yield error("F111", late.action.span, message, hint or "chuyển bước bằng `to`")
