"""F502: without a deadline nothing is ever late."""

from __future__ import annotations

from collections.abc import Iterator

from quytrinh.compiler.context import Context
from quytrinh.language.diagnostics import Diagnostic, error


def check(context: Context) -> Iterator[Diagnostic]:
    for step, late in context.flow.latenesses():
        due = step.due if step else context.flow.due
        if due is None:
            message = "Chưa có thời hạn thì không có quá hạn"
            yield error("F502", late.span, message, "thêm `due` cạnh `on_late`")
