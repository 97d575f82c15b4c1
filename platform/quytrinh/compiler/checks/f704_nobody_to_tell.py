"""F704: statuses are told to the sender of a message; without a message there is nobody."""

from __future__ import annotations

from collections.abc import Iterator

from quytrinh.compiler.context import Context
from quytrinh.language.diagnostics import Diagnostic, warning


def check(context: Context) -> Iterator[Diagnostic]:
    if any(start.event for start in context.flow.starts):
        return
    for word in context.flow.statuses():
        message = "Không có nơi gửi để báo: quy trình không khởi tạo bằng gói tin"
        yield warning("F704", word.span, message, "thêm `start: {event: exchange.received}`")
