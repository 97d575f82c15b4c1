"""F306: a role that nothing names does nothing."""

from __future__ import annotations

from collections.abc import Iterator

from quytrinh.compiler.context import Context
from quytrinh.language.diagnostics import Diagnostic, warning


def check(context: Context) -> Iterator[Diagnostic]:
    used = {use.role.text for use in context.role_uses}
    for role in context.flow.roles:
        if role.id.text not in used:
            message = f"Vai trò `{role.id.text}` không dùng"
            yield warning("F306", role.id.span, message, "bỏ vai trò này, hoặc ghi `by` ở một bước")
