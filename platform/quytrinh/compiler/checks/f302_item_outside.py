"""F302: `item` is one member of an `each`; outside of one there is none."""

from __future__ import annotations

from collections.abc import Iterator

from quytrinh.compiler.context import Context
from quytrinh.language.diagnostics import Diagnostic, error


def check(context: Context) -> Iterator[Diagnostic]:
    for place in context.places:
        step = place.site.step
        if step is not None and context.nesting.eaches(step.id.text):
            continue
        for problem in place.checked.problems:
            if problem.kind == "unknown" and problem.name.split(".")[0] == "item":
                role = place.site.role
                used = (
                    f": vai trò `{role.id.text}` dùng ở bước `{step.id.text}`"
                    if role and step
                    else ""
                )
                message = f"`item` chỉ có trong khối `each`{used}"
                hint = "kết quả của khối đọc bằng `results.…`, trường của hồ sơ bằng `case.…`"
                yield error("F302", place.span_of(problem), message, hint)
