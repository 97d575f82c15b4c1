"""F406: an expression can be read, and is small enough to be run at any time."""

from __future__ import annotations

from collections.abc import Iterator

from quytrinh.compiler.context import Context
from quytrinh.language.diagnostics import Diagnostic, error


def check(context: Context) -> Iterator[Diagnostic]:
    for place in context.places:
        for problem in place.checked.problems:
            if problem.kind in ("syntax", "size"):
                message = f"Biểu thức sai ở cột {problem.offset + 1}: {problem.message}"
                yield error("F406", place.span_of(problem), message)
