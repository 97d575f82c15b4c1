"""F703: who refuses a document or takes one back says why."""

from __future__ import annotations

from collections.abc import Iterator

from quytrinh.compiler.context import Context
from quytrinh.language.diagnostics import Diagnostic, error

NEED_REASON = ("02", "13")


def check(context: Context) -> Iterator[Diagnostic]:
    for step in context.flow.human_steps():
        own = step.reports.done if step.reports else None
        for action in step.actions:
            told = action.reports or (None if action.route.return_to else own)
            if told is None or told.text not in NEED_REASON:
                continue
            if action.comment != "required" and step.form is None and action.form is None:
                message = f"Từ chối, lấy lại phải có lý do: `{action.id.text}` báo `{told.text}`"
                yield error("F703", told.span, message, "thêm `comment: required`")
