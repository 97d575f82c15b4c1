"""F108: a citation has the form `[pack:]article[.clause[.point]]`, and its pack can be told.

Whether the article exists is checked where regulation packs are known.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from quytrinh.compiler.context import Context
from quytrinh.language.diagnostics import Diagnostic, error

_REFERENCE = re.compile(
    r"(?:[a-z][a-z0-9-]{0,63}:)?[0-9]{1,3}[a-zđ]?(?:\.[0-9]{1,3}[a-zđ]?)?(?:\.[a-zđ]{1,2})?"
)


def check(context: Context) -> Iterator[Diagnostic]:
    for word in context.flow.cites():
        if not _REFERENCE.fullmatch(word.text):
            message = f"Không có điều `{word.text}`: không đúng dạng điều.khoản.điểm"
            yield error("F108", word.span, message, 'viết như "6", "6.2", "6.2.a", "quy-che:6.2.a"')
        elif ":" not in word.text and not context.flow.basis:
            message = f"Không biết điều `{word.text}` thuộc quy chế nào: quy trình không có `basis`"
            yield error("F108", word.span, message, f"viết `quy-che:{word.text}` hoặc khai `basis`")
