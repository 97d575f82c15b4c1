"""F101: whatever names a role names one of this flow."""

from __future__ import annotations

from collections.abc import Iterator

from quytrinh.compiler.context import Context
from quytrinh.language.diagnostics import Diagnostic, did_you_mean, error


def check(context: Context) -> Iterator[Diagnostic]:
    for use in context.role_uses:
        word = use.role
        if word.text not in context.roles:
            hint = did_you_mean(word.text, context.roles) or "khai vai trò trong `roles`"
            yield error("F101", word.span, f"Không có vai trò `{word.text}`", hint)
