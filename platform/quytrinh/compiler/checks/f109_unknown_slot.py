"""F109: a form puts files only into document slots that the flow has."""

from __future__ import annotations

from collections.abc import Iterator

from quytrinh.compiler.context import Context
from quytrinh.language.diagnostics import Diagnostic, did_you_mean, error


def check(context: Context) -> Iterator[Diagnostic]:
    slots = context.scope.slots
    for word, form in context.used_forms():
        for field in form.fields:
            if field.slot is not None and field.slot not in slots:
                message = (
                    f"Không có ngăn văn bản `{field.slot}`"
                    f" (trường `{field.id.text}` của biểu mẫu `{word.text}`)"
                )
                hint = did_you_mean(field.slot, slots) or "khai `document: internal` cho quy trình"
                yield error("F109", word.span, message, hint)
