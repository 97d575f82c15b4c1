"""F402: every part of an expression has the type its place needs."""

from __future__ import annotations

from collections.abc import Iterator

from quytrinh.compiler.context import Context, Expected
from quytrinh.language.diagnostics import Diagnostic, error

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
_TYPE_LABELS = {
    "string": "chữ",
    "int": "số nguyên",
    "double": "số",
    "bool": "đúng/sai",
    "timestamp": "thời điểm",
    "record": "nhóm giá trị",
}


def check(context: Context) -> Iterator[Diagnostic]:
    for place in context.places:
        for problem in place.checked.problems:
            if problem.kind == "type":
                message = f"Biểu thức sai kiểu ở cột {problem.offset + 1}: {problem.message}"
                yield error("F402", place.span_of(problem), message)
        found = place.checked.type
        if found and found != "dyn" and found not in _ACCEPTED[place.expected]:
            label = _TYPE_LABELS.get(found, found)
            message = f"Biểu thức cần {_LABELS[place.expected]}, đang là {label} (cột 1)"
            yield error("F402", place.expression.span, message)
