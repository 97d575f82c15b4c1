"""F401: an expression names fields, slots and steps that exist where it stands."""

from __future__ import annotations

from collections.abc import Iterator

from quytrinh.compiler.context import Context, Place
from quytrinh.language.diagnostics import Diagnostic, did_you_mean, error

_ROOTS = ("case", "docs", "steps", "results", "setting", "item", "event")


def check(context: Context) -> Iterator[Diagnostic]:
    for place in context.places:
        for problem in place.checked.problems:
            if problem.kind != "unknown":
                continue
            root = problem.name.split(".")[0]
            if root in ("case", "item") and not context.all_forms_known:
                continue  # the form that is missing (F104) may well have it
            if root == "item" and not any(each.startswith("item.") for each in _known(place)):
                continue  # F302 says it
            message, hint = _explain(context, place, problem.name, root)
            yield error("F401", place.span_of(problem), message, hint)


def _known(place: Place) -> list[str]:
    return list(place.names.variables)


def _explain(context: Context, place: Place, name: str, root: str) -> tuple[str, str]:
    known = _known(place)
    near = [each.removeprefix(f"{root}.") for each in known if each.startswith(f"{root}.")]
    inner = name.removeprefix(f"{root}.")
    guess = did_you_mean(inner, near)
    if root == "case":
        return f"Không biểu mẫu nào có trường `{inner}`", _elsewhere(context, place, inner) or guess
    if root == "item":
        fixed = f"có phải `case.{inner}`?" if f"case.{inner}" in known else guess
        return f"Nhánh này không có `{name}`", fixed
    if root == "docs":
        return (
            f"Không có ngăn văn bản `{inner}`",
            guess or "khai `document: internal` cho quy trình",
        )
    if root == "steps":
        return f"Không có giá trị `{name}` của bước nào", _in_a_branch(context, inner) or guess
    if root == "results":
        return f"Không có khối `each` nào là `{inner}`", guess
    if root == "setting":
        return f"Không có tham số `{inner}`", guess or "khai tham số trong `settings`"
    if root == "event":
        return "`event` chỉ có trong `when` của `start` và của `wait`", ""
    return f"Không có tên `{name}`", _with_root(known, name)


def _with_root(known: list[str], name: str) -> str:
    guesses = (f"{root}.{name}" for root in _ROOTS)
    found = next((guess for guess in guesses if guess in known), "")
    return f"có phải `{found}`?" if found else "đọc trường của hồ sơ bằng `case.…`"


def _elsewhere(context: Context, place: Place, name: str) -> str:
    """A field that members fill belongs to their branches."""
    if f"item.{name}" in place.names.variables:
        return f"trường của nhánh đọc bằng `item.{name}`"
    for each, fields in context.scope.items.items():
        if name in fields.types:
            return f"trường `{name}` được nhập trong khối `{each}`: đọc bằng `results.{each}`"
    return ""


def _in_a_branch(context: Context, inner: str) -> str:
    eaches = context.nesting.eaches(inner.split(".")[0])
    return f"bước nằm trong khối `each`: đọc bằng `results.{eaches[0].id.text}`" if eaches else ""
