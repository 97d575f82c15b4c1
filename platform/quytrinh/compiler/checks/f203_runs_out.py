"""F203: the top block may not run out: after its last step comes nothing, so it needs an `end`."""

from __future__ import annotations

from collections.abc import Iterator

from quytrinh.compiler.context import Context
from quytrinh.language.diagnostics import Diagnostic, error


def check(context: Context) -> Iterator[Diagnostic]:
    for step in context.graph.top.run_out:
        message = f"Sau bước `{step.id.text}` không còn bước nào; thiếu `end`"
        yield error("F203", step.id.span, message, "thêm `- {end: done}` ở cuối danh sách")
