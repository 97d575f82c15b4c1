"""F115: the called procedure may be called, and is given what it cannot begin without."""

from __future__ import annotations

from collections.abc import Iterator

from quytrinh.compiler.context import Context
from quytrinh.compiler.signatures import Signature
from quytrinh.language.ast import CallStep
from quytrinh.language.diagnostics import Diagnostic, did_you_mean, error


def check(context: Context) -> Iterator[Diagnostic]:
    for step in context.flow.all_steps():
        if isinstance(step, CallStep) and step.flow.text in context.flows:
            yield from _call(step, context.flows[step.flow.text])


def _call(step: CallStep, called: Signature) -> Iterator[Diagnostic]:
    name = step.flow.text
    if not called.callable:
        message = f"`{name}` không cho gọi từ quy trình khác"
        yield error("F115", step.flow.span, message, f"thêm `start: {{event: call}}` ở `{name}`")
        return
    given = {key.text for key, _ in step.fields}
    for missing in (each for each in called.required if each not in given):
        message = f"`{name}` thiếu đầu vào `{missing}`"
        hint = f"thêm `with: {{fields: {{{missing}: …}}}}`"
        yield error("F115", step.flow.span, message, hint)
    filled = {key.text for key, _ in step.documents}
    for missing in (each for each in called.required_slots if each not in filled):
        message = f"`{name}` thiếu văn bản `{missing}`"
        hint = f"thêm `with: {{documents: {{{missing}: …}}}}`"
        yield error("F115", step.flow.span, message, hint)
    for key, _ in step.fields:
        if key.text not in called.fields:
            message = f"`{name}` không nhận đầu vào `{key.text}`"
            yield error("F115", key.span, message, did_you_mean(key.text, called.fields))
