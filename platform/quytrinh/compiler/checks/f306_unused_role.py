"""F306: a role that no step names does nothing."""

from __future__ import annotations

from collections.abc import Iterator

from quytrinh.compiler.context import Context
from quytrinh.language.diagnostics import Diagnostic, warning


def check(context: Context) -> Iterator[Diagnostic]:
    used = {step.by.text for step in context.flow.human_steps()}
    used |= {word.text for word in context.parameter_references("role")}
    used |= {start.by.text for start in context.flow.starts if start.by}
    for role in context.flow.roles:
        if role.id.text not in used:
            message = f"Vai trò `{role.id.text}` không dùng"
            yield warning("F306", role.id.span, message, "bỏ vai trò này, hoặc ghi `by` ở một bước")
