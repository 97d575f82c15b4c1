"""F218: without `start` the role of the first step begins, so that step must be a person's."""

from __future__ import annotations

from collections.abc import Iterator

from quytrinh.compiler.context import Context
from quytrinh.language.ast import HumanStep
from quytrinh.language.diagnostics import Diagnostic, error


def check(context: Context) -> Iterator[Diagnostic]:
    first = context.flow.steps[0]
    if not context.flow.starts and not isinstance(first, HumanStep):
        message = f"Không suy ra được ai khởi tạo: bước đầu `{first.id.text}` không có `by`"
        yield error("F218", first.id.span, message, "thêm `start: {by: …}`")
