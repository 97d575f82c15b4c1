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
_HINTS = (
    ("thời điểm", "ngày cố định viết như `timestamp('2026-01-31T00:00:00Z')`"),
    ("(số, số nguyên)", "viết số có phần thập phân (`10.0`) hoặc đổi bằng `double(…)`"),
    ("(số nguyên, số)", "viết số có phần thập phân (`10.0`) hoặc đổi bằng `double(…)`"),
)


def check(context: Context) -> Iterator[Diagnostic]:
    for place in context.places:
        for problem in place.checked.problems:
            if problem.kind == "type":
                message = f"Biểu thức sai kiểu ở cột {problem.offset + 1}: {problem.message}"
                hints = (hint for part, hint in _HINTS if part in problem.message)
                yield error("F402", place.span_of(problem), message, next(hints, ""))
        found = place.checked.type
        if found and found != "dyn" and found not in _ACCEPTED[place.expected]:
            needed = _LABELS[place.expected]
            message = f"Biểu thức cần {needed}, đang là {type_label(found)} (cột 1)"
            yield error("F402", place.expression.span, message)
