"""F202: from every step the end of its block can be reached without conditions and returns."""

from __future__ import annotations

from collections.abc import Iterator

from quytrinh.compiler.context import Context
from quytrinh.compiler.graph import BlockGraph
from quytrinh.language.diagnostics import Diagnostic, error


def check(context: Context) -> Iterator[Diagnostic]:
    for graph in context.graph.blocks:
        if graph.whole:
            yield from _block(graph)


def _block(graph: BlockGraph) -> Iterator[Diagnostic]:
    stuck = graph.reached_from_first - graph.can_finish
    end = "kết thúc" if graph.nest.is_top else "cuối nhánh"
    target = "một `end`" if graph.nest.is_top else "`join`"
    for step in graph.steps:
        if step.id.text in stuck:
            message = f"Từ bước `{step.id.text}` không tới được {end}"
            hint = f"cần một thao tác không có `when`, `at_most` dẫn dần tới {target}"
            yield error("F202", step.id.span, message, hint)
