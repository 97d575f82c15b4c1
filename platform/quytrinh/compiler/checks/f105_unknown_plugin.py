"""F105: `run` names a plugin step that is installed."""

from __future__ import annotations

from collections.abc import Iterator

from quytrinh.compiler.context import Context
from quytrinh.language.diagnostics import Diagnostic, did_you_mean, error


def check(context: Context) -> Iterator[Diagnostic]:
    for use in context.flow.plugin_uses():
        name = use.run.text
        if name not in context.registry:
            hint = did_you_mean(name, context.registry.names())
            yield error("F105", use.run.span, f"Không có phần mở rộng `{name}`", hint)
