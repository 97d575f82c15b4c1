"""F005: steps and ends share one name space, so that a route can mean one thing only."""

from __future__ import annotations

from collections.abc import Iterator

from quytrinh.compiler.context import Context
from quytrinh.language.diagnostics import Diagnostic, error
from quytrinh.language.source import Word


def check(context: Context) -> Iterator[Diagnostic]:
    first: dict[str, Word] = {}
    for step in context.flow.all_steps():
        known = first.setdefault(step.id.text, step.id)
        if known is not step.id:
            message = f"Mã bước `{step.id.text}` đã dùng ở dòng {known.span.line}"
            yield error("F005", step.id.span, message, "đặt mã khác cho một trong hai bước")
