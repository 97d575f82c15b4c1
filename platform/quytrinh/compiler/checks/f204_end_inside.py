"""F204: a case ends once, so `end` stands in the top block; a branch ends by its join."""

from __future__ import annotations

from collections.abc import Iterator

from quytrinh.compiler.context import Context
from quytrinh.language.ast import EndStep
from quytrinh.language.diagnostics import Diagnostic, error


def check(context: Context) -> Iterator[Diagnostic]:
    for graph in context.graph.blocks:
        for step in graph.steps:
            if isinstance(step, EndStep) and not graph.nest.is_top:
                message = "`end` chỉ đặt ngoài cùng; trong nhánh hãy dùng `to: join`"
                yield error(
                    "F204", step.outcome.span, message, "bỏ `end`, ghi `to: join` ở bước trước"
                )
