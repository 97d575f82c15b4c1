"""F601: a step's `with:` fits the schema of its plugin."""

from __future__ import annotations

from collections.abc import Iterator

from quytrinh.compiler.context import Context
from quytrinh.compiler.parameters import read_parameters
from quytrinh.language.diagnostics import Diagnostic, error


def check(context: Context) -> Iterator[Diagnostic]:
    for use in context.flow.plugin_uses():
        name = use.run.text
        if name in context.registry:
            _, findings = read_parameters(use, context.registry.get(name))
            for span, message, hint in findings:
                yield error("F601", span, f"`{name}`: {message}", hint)
