"""F605: what an action does goes with the decision: at once, and with one way to end."""

from __future__ import annotations

from collections.abc import Iterator

from quytrinh.compiler.context import Context
from quytrinh.language.diagnostics import Diagnostic, error

HINT = "để thành bước của máy, hoặc bước có `by` và `run`"


def check(context: Context) -> Iterator[Diagnostic]:
    for use in context.flow.plugin_uses():
        name = use.run.text
        if use.action is None or name not in context.registry:
            continue
        plugin = context.registry.get(name)
        if not plugin.inline:
            message = f"`{name}` không chạy ngay cùng thao tác được"
            yield error("F605", use.run.span, message, HINT)
        elif not all(outcome.normal for outcome in plugin.outcomes):
            message = f"`{name}` có kết quả phải rẽ nhánh, thao tác không rẽ được"
            yield error("F605", use.run.span, message, HINT)
