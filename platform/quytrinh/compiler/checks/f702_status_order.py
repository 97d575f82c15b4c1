"""F702: statuses are told in an order that the exchange takes, on every way through."""

from __future__ import annotations

from collections.abc import Iterator

from quytrinh.compiler.context import Context
from quytrinh.compiler.statuses import refused_orders
from quytrinh.language.diagnostics import Diagnostic, error


def check(context: Context) -> Iterator[Diagnostic]:
    if not context.all_targets_known:
        return
    for found in refused_orders(context.flow, context.graph):
        way = " → ".join(f"`{name}`" for name in found.way)
        message = f"Báo `{found.earlier}` trước `{found.word.text}` trên đường {way}"
        hint = f"nơi gửi đã nhận `{found.earlier}` thì không nhận `{found.word.text}` nữa"
        yield error("F702", found.word.span, message, hint)
