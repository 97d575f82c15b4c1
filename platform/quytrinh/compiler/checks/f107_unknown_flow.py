"""F107: `call` names a procedure that exists."""

from __future__ import annotations

from collections.abc import Iterator

from quytrinh.compiler.context import Context
from quytrinh.language.ast import CallStep
from quytrinh.language.diagnostics import Diagnostic, did_you_mean, error


def check(context: Context) -> Iterator[Diagnostic]:
    # A flow that calls itself is found by F114.
    known = {*context.flows, context.flow.id.text}
    for step in context.flow.all_steps():
        if isinstance(step, CallStep) and step.flow.text not in known:
            message = f"Không có quy trình `{step.flow.text}` đang ban hành"
            hint = did_you_mean(step.flow.text, sorted(known - {context.flow.id.text}))
            yield error("F107", step.flow.span, message, hint or "ban hành quy trình đó trước")
