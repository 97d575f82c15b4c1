"""F802: a step of a flow under a basis does not say which article it follows."""

from __future__ import annotations

from collections.abc import Iterator

from quytrinh.compiler.context import Context
from quytrinh.language.ast import HumanStep, ServiceStep
from quytrinh.language.diagnostics import Diagnostic, warning


def check(context: Context) -> Iterator[Diagnostic]:
    if not context.flow.basis or not context.packs.by_id:
        return
    for step in context.flow.all_steps():
        if not isinstance(step, HumanStep | ServiceStep) or step.cite:
            continue
        actions = step.actions if isinstance(step, HumanStep) else ()
        if not any(action.cite for action in actions) and not (step.due and step.due.cite):
            message = f"Bước `{step.id.text}` chưa dẫn căn cứ"
            yield warning("F802", step.id.span, message, 'thêm `cite: ["điều.khoản.điểm"]`')
