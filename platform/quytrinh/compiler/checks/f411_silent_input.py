"""F411: what is done in the name of silence asks nobody for anything."""

from __future__ import annotations

from collections.abc import Iterator

from quytrinh.compiler.context import Context
from quytrinh.language.ast import Action, HumanStep
from quytrinh.language.diagnostics import Diagnostic, error
from quytrinh.language.schema import CONFIRM
from quytrinh.spi import needs_person


def check(context: Context) -> Iterator[Diagnostic]:
    for step, late in context.flow.latenesses():
        if late.action is None or not isinstance(step, HumanStep):
            continue
        action = next((each for each in step.actions if each.id.text == late.action.text), None)
        if action and (why := _asked(context, step, action)):
            message = (
                f"Thao tác `{action.id.text}` cần nhập liệu nên không thể tự làm khi quá hạn: {why}"
            )
            hint = "dùng một thao tác không hỏi gì, hoặc chuyển bước bằng `on_late: {to: …}`"
            yield error("F411", late.action.span, message, hint)


def _asked(context: Context, step: HumanStep, action: Action) -> str:
    """What the action asks of a person; empty for nothing."""
    complete = not (action.incomplete or action.route.return_to)
    form = context.forms.get(step.form.text) if step.form else None
    if action.form:
        return f"hỏi biểu mẫu `{action.form.text}`"
    if form and form.required and complete:
        return f"biểu mẫu `{form.id.text}` có trường bắt buộc"
    if action.requires:
        return f"bắt buộc `{action.requires[0].text}`"
    if action.comment == "required":
        return "bắt buộc ghi ý kiến"
    run = step.run if action.id.text == CONFIRM else action.run
    if run and run.text in context.registry and needs_person(context.registry.get(run.text)):
        return f"`{run.text}` phải có người xác nhận"
    return ""
