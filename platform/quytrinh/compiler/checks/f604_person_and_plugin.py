"""F604: some plugins act only on a person's word, some never wait for one."""

from __future__ import annotations

from collections.abc import Iterator

from quytrinh.compiler.context import Context
from quytrinh.language.ast import HumanStep
from quytrinh.language.diagnostics import Diagnostic, error
from quytrinh.spi import needs_person


def check(context: Context) -> Iterator[Diagnostic]:
    for use in context.flow.plugin_uses():
        name = use.run.text
        if name not in context.registry:
            continue
        needed = needs_person(context.registry.get(name))
        # What lateness starts, no person confirms.
        by_person = isinstance(use.step, HumanStep) and use.on_late is None
        if needed is True and not by_person:
            hint = (
                "quá hạn thì không có ai xác nhận; chọn việc máy tự làm được"
                if use.on_late
                else "thêm `by: …`"
            )
            yield error("F604", use.run.span, f"`{name}` phải có người xác nhận", hint)
        elif needed is False and by_person:
            message = f"`{name}` do máy tự làm, không chờ người xác nhận"
            yield error("F604", use.run.span, message, "để thành một bước riêng, không có `by`")
