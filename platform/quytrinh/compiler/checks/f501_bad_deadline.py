"""F501: a deadline is a number of minutes, hours or days."""

from __future__ import annotations

import re
from collections.abc import Iterator

from quytrinh.compiler.context import Context
from quytrinh.language.diagnostics import Diagnostic, error
from quytrinh.language.schema import PERIOD, WHENS_LATER
from quytrinh.language.source import Word


def check(context: Context) -> Iterator[Diagnostic]:
    for due in context.flow.dues():
        for word in (due.within, *(when for _, when in due.by_urgency)):
            yield from _deadline(word)


def _deadline(word: Word) -> Iterator[Diagnostic]:
    if word.text in WHENS_LATER:
        message = f"Phiên bản này chưa chạy được thời hạn `{word.text}`"
        yield error("F012", word.span, message, "dùng số phút, giờ hoặc ngày, ví dụ `4h`")
    elif not re.fullmatch(PERIOD, word.text):
        message = f"Thời hạn `{word.text}` không hợp lệ"
        hint = "viết một số kèm `m` (phút), `h` (giờ) hoặc `d` (ngày): `30m`, `4h`, `2d`"
        yield error("F501", word.span, message, hint)
