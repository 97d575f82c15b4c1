"""F401: an expression names fields, slots and steps that exist."""

from __future__ import annotations

from collections.abc import Iterator

from quytrinh.compiler.context import Context
from quytrinh.language.diagnostics import Diagnostic, did_you_mean, error


def check(context: Context) -> Iterator[Diagnostic]:
    for place in context.places:
        for problem in place.checked.problems:
            if problem.kind != "unknown":
                continue
            root = problem.name.split(".")[0]
            if root == "case" and not context.all_forms_known:
                continue  # the form that is missing (F104) may well have it
            message, hint = _explain(context, problem.name, root)
            yield error("F401", place.span_of(problem), message, hint)


def _explain(context: Context, name: str, root: str) -> tuple[str, str]:
    known = list(context.scope.checker.variables)
    near = [each.removeprefix(f"{root}.") for each in known if each.startswith(f"{root}.")]
    inner = name.removeprefix(f"{root}.")
    if root == "case":
        return f"Không biểu mẫu nào có trường `{inner}`", did_you_mean(inner, near)
    if root == "docs":
        hint = did_you_mean(inner, near) or "khai `document: internal` cho quy trình"
        return f"Không có ngăn văn bản `{inner}`", hint
    if root == "steps":
        return f"Không có giá trị `{name}` của bước nào", did_you_mean(inner, near)
    guess = f"case.{name}"
    hint = f"có phải `{guess}`?" if guess in known else "đọc trường của hồ sơ bằng `case.…`"
    return f"Không có tên `{name}`", hint
