"""F402: every part of an expression has the type its place needs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from quytrinh.compiler.context import Context, Place
from quytrinh.compiler.sites import Need
from quytrinh.language.ast import CallStep, EachStep
from quytrinh.language.diagnostics import Diagnostic, error
from quytrinh.language.fields import MEMBER_KINDS, type_label


@dataclass(frozen=True)
class _Wanted:
    label: str
    kinds: tuple[str, ...]
    hint: str = ""


_PICKER = "khai kiểu ở biểu mẫu: `format: unit`, `format: person` hoặc `format: agency`"
_WANTED: dict[Need, _Wanted] = {
    "condition": _Wanted("đúng/sai", ("bool",)),
    "unit": _Wanted("mã đơn vị", ("string", "unit")),
    "person": _Wanted(
        "người hoặc danh sách người", ("string", "person", "list<string>", "list<person>")
    ),
    "field": _Wanted("chữ", ("string",)),
    "instant": _Wanted("thời điểm", ("timestamp",)),
    "members": _Wanted(
        "danh sách đơn vị, người hoặc cơ quan",
        tuple(f"list<{kind}>" for kind in MEMBER_KINDS),
        _PICKER,
    ),
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
        wanted = _wanted(context, place)
        found = place.kind if place.checked.type else ""
        if wanted and found and found not in (*wanted.kinds, "dyn"):
            message = f"Biểu thức cần {wanted.label}, đang là {type_label(found)} (cột 1)"
            yield error("F402", place.site.expression.span, message, wanted.hint)


def _wanted(context: Context, place: Place) -> _Wanted | None:
    site = place.site
    if site.need == "member" and isinstance(site.step, EachStep):
        kind = context.scope.member_kind(site.step)
        label = type_label(kind) if kind in MEMBER_KINDS else "một thành viên"
        hint = "cùng kiểu với danh sách của `each`"
        return _Wanted(label, (kind or "string", *(() if kind else MEMBER_KINDS)), hint)
    if site.need == "input" and isinstance(site.step, CallStep):
        called = context.flows.get(site.step.flow.text)
        kind = called.fields.get(site.detail, "") if called else ""
        text = ("string",) if kind in MEMBER_KINDS else ()
        hint = f"kiểu của `{site.detail}` ở quy trình `{site.step.flow.text}`"
        return _Wanted(type_label(kind), (kind, *text), hint) if kind else None
    return _WANTED.get(site.need)
