"""F101: `by`, and a plugin's parameter that is a role, name a role of this flow."""

from __future__ import annotations

from collections.abc import Iterator

from quytrinh.compiler.context import Context
from quytrinh.language.diagnostics import Diagnostic, did_you_mean, error


def check(context: Context) -> Iterator[Diagnostic]:
    named = [step.by for step in context.flow.human_steps()]
    named += [start.by for start in context.flow.starts if start.by]
    for word in (*named, *context.parameter_references("role")):
        if word.text not in context.roles:
            hint = did_you_mean(word.text, context.roles) or "khai vai trò trong `roles`"
            yield error("F101", word.span, f"Không có vai trò `{word.text}`", hint)
