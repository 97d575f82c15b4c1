"""F212: `join` is the end of a branch; the top block has none."""

from __future__ import annotations

from collections.abc import Iterator

from quytrinh.compiler.context import Context
from quytrinh.language.diagnostics import Diagnostic, error


def check(context: Context) -> Iterator[Diagnostic]:
    for step, target in context.targets():
        if target.text == "join" and context.nesting.home[step.id.text].is_top:
            message = "`join` chỉ dùng trong nhánh"
            yield error("F212", target.span, message, "ngoài cùng hãy đi tới một `end`")
