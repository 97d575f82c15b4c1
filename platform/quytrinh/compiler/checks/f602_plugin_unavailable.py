"""F602: a plugin that cannot work here says why."""

from __future__ import annotations

from collections.abc import Iterator

from quytrinh.compiler.context import Context
from quytrinh.language.diagnostics import Diagnostic, warning


def check(context: Context) -> Iterator[Diagnostic]:
    for use in context.flow.plugin_uses():
        name = use.run.text
        if name not in context.registry:
            continue
        availability = context.registry.get(name).availability()
        if not availability.usable:
            message = f"`{name}` chưa dùng được: {availability.reason}"
            yield warning("F602", use.run.span, message)
