"""F603: `confirm` starts a step's plugin and does nothing else; its ways are `outcomes`."""

from __future__ import annotations

from collections.abc import Iterator

from quytrinh.compiler.context import Context
from quytrinh.language.ast import Action
from quytrinh.language.diagnostics import Diagnostic, error
from quytrinh.language.schema import CONFIRM

HINT = "chỉ đặt `label`, `requires`, `comment`, `cite`"


def check(context: Context) -> Iterator[Diagnostic]:
    for step in context.flow.human_steps():
        for action in step.actions:
            if action.id.text != CONFIRM:
                continue
            if step.run is None:
                message = "`confirm` chỉ có ở bước có cả `by` và `run`"
                yield error("F603", action.id.span, message, "đặt mã khác cho thao tác")
            elif _says_more(action):
                message = "`confirm` chỉ đổi nhãn; kết quả khai ở `outcomes`"
                yield error("F603", action.id.span, message, HINT)


def _says_more(action: Action) -> bool:
    route = action.route
    routed = route.to or route.return_to or route.at_most
    return bool(
        routed or action.when or action.form or action.incomplete or action.run or action.reports
    )
