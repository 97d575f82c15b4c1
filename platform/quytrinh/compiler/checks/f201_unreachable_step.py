"""F201: a step that no forward way leads to is never performed."""

from __future__ import annotations

from collections.abc import Iterator

from quytrinh.compiler.context import Context
from quytrinh.language.diagnostics import Diagnostic, error


def check(context: Context) -> Iterator[Diagnostic]:
    for graph in context.graph.blocks:
        for step in graph.steps if graph.whole else ():
            if step.id.text not in graph.reached_from_first:
                message = f"Không đường nào dẫn tới bước `{step.id.text}`"
                hint = "thêm `to` ở một bước khác, đổi chỗ bước này, hoặc bỏ bước"
                yield error("F201", step.id.span, message, hint)
