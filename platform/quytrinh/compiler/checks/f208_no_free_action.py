"""F208: a person must always have something to choose: one action that nothing restricts."""

from __future__ import annotations

from collections.abc import Iterator

from quytrinh.compiler.context import Context
from quytrinh.language.ast import Action
from quytrinh.language.diagnostics import Diagnostic, error


def check(context: Context) -> Iterator[Diagnostic]:
    for step in context.flow.human_steps():
        if not any(_free(action) for action in step.actions):
            message = f"Có lúc người xử lý bước `{step.id.text}` không còn thao tác nào để đi tiếp"
            hint = "thêm một thao tác không có `when`, `at_most`, `return_to`"
            yield error("F208", step.id.span, message, hint)


def _free(action: Action) -> bool:
    route = action.route
    return action.when is None and route.at_most is None and route.return_to is None
