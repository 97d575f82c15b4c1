"""F202: from every step an end can be reached without a conditional action or a return."""

from __future__ import annotations

from collections.abc import Iterator

from quytrinh.compiler.context import Context
from quytrinh.language.diagnostics import Diagnostic, error


def check(context: Context) -> Iterator[Diagnostic]:
    if not context.all_targets_known:
        return
    graph = context.graph
    stuck = graph.reached_from_first - graph.can_finish
    for step in context.flow.steps:
        if step.id.text in stuck:
            message = f"Từ bước `{step.id.text}` không tới được kết thúc"
            hint = "cần một thao tác không có `when`, `at_most` dẫn dần tới một `end`"
            yield error("F202", step.id.span, message, hint)
