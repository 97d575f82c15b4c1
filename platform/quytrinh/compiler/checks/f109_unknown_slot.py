"""F109: forms, plugins and calls name only document slots that the procedure has."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from quytrinh.compiler.context import Context
from quytrinh.language.ast import CallStep
from quytrinh.language.diagnostics import Diagnostic, did_you_mean, error
from quytrinh.language.source import Word


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
        yield from _unknown(word, slots)
    for step in context.flow.all_steps():
        if isinstance(step, CallStep):
            yield from _given(context, step)


def _given(context: Context, step: CallStep) -> Iterator[Diagnostic]:
    called = context.flows.get(step.flow.text)
    for theirs, ours in step.documents:
        yield from _unknown(ours, context.scope.slots)
        if called and called.callable:
            yield from _unknown(theirs, called.slots, f" của `{step.flow.text}`")


def _unknown(word: Word, slots: Mapping[str, str], of: str = "") -> Iterator[Diagnostic]:
    if word.text not in slots:
        message = f"Không có ngăn văn bản `{word.text}`{of}"
        yield error("F109", word.span, message, _hint(word.text, slots))


def _hint(slot: str, slots: Mapping[str, str]) -> str:
    return did_you_mean(slot, slots) or "khai `document: internal` cho quy trình"
