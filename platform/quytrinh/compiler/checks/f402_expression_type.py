"""F402: every part of an expression has the type its place needs."""

from __future__ import annotations

from collections.abc import Iterator

from quytrinh.compiler.context import Context, Expected
from quytrinh.language.diagnostics import Diagnostic, error
from quytrinh.language.fields import type_label

_LABELS: dict[Expected, str] = {
    "condition": "đúng/sai",
    "unit": "mã đơn vị",
    "person": "người hoặc danh sách người",
}
_ACCEPTED: dict[Expected, tuple[str, ...]] = {
    "condition": ("bool",),
    "unit": ("string",),
    "person": ("string", "list<string>"),
}
_DATE_HINT = "ngày cố định viết như `timestamp('2026-01-31T00:00:00Z')`"


def check(context: Context) -> Iterator[Diagnostic]:
    for place in context.places:
        for problem in place.checked.problems:
            if problem.kind == "type":
                message = f"Biểu thức sai kiểu ở cột {problem.offset + 1}: {problem.message}"
                hint = _DATE_HINT if "thời điểm" in problem.message else ""
                yield error("F402", place.span_of(problem), message, hint)
        found = place.checked.type
        if found and found != "dyn" and found not in _ACCEPTED[place.expected]:
            needed = _LABELS[place.expected]
            message = f"Biểu thức cần {needed}, đang là {type_label(found)} (cột 1)"
            yield error("F402", place.expression.span, message)
