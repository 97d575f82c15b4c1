"""F308: between agencies there is only the exchange of documents: nobody there has a task here."""

from __future__ import annotations

from collections.abc import Iterator

from quytrinh.compiler.context import Context
from quytrinh.language.ast import ChooseStep, EachStep, ServiceStep, WaitStep, walk
from quytrinh.language.diagnostics import Diagnostic, error

_ALLOWED = (ServiceStep, WaitStep, ChooseStep)


def check(context: Context) -> Iterator[Diagnostic]:
    for each in context.flow.all_steps():
        if not isinstance(each, EachStep) or context.scope.member_kind(each) != "agency":
            continue
        for step in walk(each.steps):
            if not isinstance(step, _ALLOWED):
                message = (
                    f"Bước `{step.id.text}` trong khối qua các cơ quan:"
                    " không giao việc cho người của cơ quan khác; hãy gửi văn bản"
                )
                hint = "trong khối này chỉ có bước của máy, `wait` và `choose`"
                yield error("F308", step.id.span, message, hint)
