"""F108: a citation has the form `[pack:]article[.clause[.point]]`, and what it names is there."""

from __future__ import annotations

import re
from collections.abc import Iterator

from quytrinh.compiler.context import Context
from quytrinh.language.diagnostics import Diagnostic, did_you_mean, error
from quytrinh.language.regulation_schema import ARTICLE_PATTERN
from quytrinh.language.source import Word

_REFERENCE = re.compile(rf"(?:[a-z][a-z0-9-]{{0,63}}:)?{ARTICLE_PATTERN}")


def check(context: Context) -> Iterator[Diagnostic]:
    for word in context.flow.basis:
        if context.packs.by_id and word.text not in context.packs.by_id:
            hint = did_you_mean(word.text, context.packs.by_id)
            yield error("F108", word.span, f"Không có quy chế `{word.text}`", hint)
    for word in context.flow.cites():
        if not _REFERENCE.fullmatch(word.text):
            message = f"Không có điều `{word.text}`: không đúng dạng điều.khoản.điểm"
            yield error("F108", word.span, message, 'viết như "6", "6.2", "6.2.a", "quy-che:6.2.a"')
        elif ":" not in word.text and not context.flow.basis:
            message = f"Không biết điều `{word.text}` thuộc quy chế nào: quy trình không có `basis`"
            yield error("F108", word.span, message, f"viết `quy-che:{word.text}` hoặc khai `basis`")
        elif context.packs.by_id:
            yield from _article(context, word)


def _article(context: Context, word: Word) -> Iterator[Diagnostic]:
    named, _, article = word.text.rpartition(":")
    pack = context.packs.by_id.get(named or context.flow.basis[0].text)
    if pack is None:
        if named:
            hint = did_you_mean(named, context.packs.by_id)
            yield error("F108", word.span, f"Không có quy chế `{named}`", hint)
    elif article in pack.repealed:
        message = f"Điều {article} của {pack.short} đã hết hiệu lực: {pack.repealed[article]}"
        yield error("F108", word.span, message, "dẫn điều khoản thay thế")
    elif not pack.knows(article):
        hint = did_you_mean(article, pack.articles)
        yield error("F108", word.span, f"Không có điều `{article}` trong {pack.short}", hint)
