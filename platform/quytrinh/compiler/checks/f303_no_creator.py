"""F303: a role that is whoever began the case needs a person who begins every case."""

from __future__ import annotations

from collections.abc import Iterator

from quytrinh.compiler.context import Context
from quytrinh.language.diagnostics import Diagnostic, error


def check(context: Context) -> Iterator[Diagnostic]:
    if not any(start.event for start in context.flow.starts):
        return
    for role in context.flow.roles:
        for resolver in role.who:
            if resolver.kind == "creator" and not role.if_absent:
                message = f"Hồ sơ có thể do máy mở: vai trò `{role.id.text}` không có người tạo"
                yield error(
                    "F303", resolver.span, message, "thêm `if_absent`, hoặc nêu vai trò khác"
                )
