"""F303: a role that is whoever began the case needs a person who begins every case."""

from __future__ import annotations

from collections.abc import Iterator

from quytrinh.compiler.context import Context
from quytrinh.language.ast import Start
from quytrinh.language.diagnostics import Diagnostic, error
from quytrinh.language.schema import CALL_EVENT


def check(context: Context) -> Iterator[Diagnostic]:
    if not any(_by_machine(start) for start in context.flow.starts):
        return
    for role in context.flow.roles:
        for resolver in role.who:
            if resolver.kind == "creator" and not role.if_absent:
                message = f"Hồ sơ có thể do máy mở: vai trò `{role.id.text}` không có người tạo"
                yield error(
                    "F303", resolver.span, message, "thêm `if_absent`, hoặc nêu vai trò khác"
                )


def _by_machine(start: Start) -> bool:
    """Whether nobody begins; a call is made in the name of whoever acted last in the caller."""
    called = start.event is not None and start.event.text == CALL_EVENT
    return start.schedule is not None or (start.event is not None and not called)
