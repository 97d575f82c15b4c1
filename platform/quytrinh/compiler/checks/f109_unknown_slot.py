"""F109: forms and plugins name only document slots that the flow has."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

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
                yield error("F109", word.span, message, _hint(field.slot, slots))
    for word in context.parameter_references("slot"):
        if word.text not in slots:
            message = f"Không có ngăn văn bản `{word.text}`"
            yield error("F109", word.span, message, _hint(word.text, slots))


def _hint(slot: str, slots: Mapping[str, str]) -> str:
    return did_you_mean(slot, slots) or "khai `document: internal` cho quy trình"
