"""F209: every loop passes a person or a date, otherwise machines would run it for ever."""

from __future__ import annotations

from collections.abc import Iterator

from quytrinh.compiler.context import Context
from quytrinh.compiler.machine_ways import machine_loops
from quytrinh.language.diagnostics import Diagnostic, error


def check(context: Context) -> Iterator[Diagnostic]:
    if not context.all_targets_known:
        return
    for loop in machine_loops(context.graph):
        names = ", ".join(f"`{name}`" for name in loop)
        message = f"Vòng lặp {names} chạy mãi: không có người hay thời hạn dừng"
        hint = "đưa một bước của người hoặc một `wait` vào vòng"
        yield error("F209", context.steps[loop[0]].id.span, message, hint)
