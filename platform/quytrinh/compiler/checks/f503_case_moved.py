"""F503: when a whole case is late nothing is known of where it stands, so it is not moved."""

from __future__ import annotations

from collections.abc import Iterator

from quytrinh.compiler.context import Context
from quytrinh.language.diagnostics import Diagnostic, error


def check(context: Context) -> Iterator[Diagnostic]:
    late = context.flow.on_late
    if late and not late.run:
        message = "Quá hạn cả hồ sơ chỉ chạy thêm việc, không chuyển bước"
        yield error("F503", late.span, message, "dùng `on_late: {run: …}`, hoặc đặt ở từng bước")
