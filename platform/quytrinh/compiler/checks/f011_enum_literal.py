"""F011: a field compared with a text that is not in its list of values is never equal to it."""

from __future__ import annotations

from collections.abc import Iterator

from quytrinh.compiler.context import Context, Place
from quytrinh.language.diagnostics import Diagnostic, did_you_mean, error
from quytrinh.language.expression_check import Problem
from quytrinh.language.tokens import Token, name_chain, tokenize


def check(context: Context) -> Iterator[Diagnostic]:
    for place in context.places:
        if not place.checked.problems:
            yield from _literals(place)


def _literals(place: Place) -> Iterator[Diagnostic]:
    text = place.site.expression.text
    if not any(name in text for name in place.names.enums):
        return
    tokens = tokenize(text)
    for index in range(len(tokens)):
        name, end = name_chain(tokens, index)
        values = place.names.enums.get(name)
        if values is None:
            continue
        for literal in _compared(tokens, index, end):
            text = literal.text[1:-1]
            if text not in values:
                listed = ", ".join(f"`{value}`" for value in values)
                found = Problem("type", literal.offset, len(literal.text), "")
                message = f"Giá trị `{text}` không thuộc {listed} (trường `{name}`)"
                hint = did_you_mean(text, [str(value) for value in values])
                yield error("F011", place.span_of(found), message, hint)


def _compared(tokens: list[Token], start: int, end: int) -> Iterator[Token]:
    """The literals beside a name: `case.kind == 'x'`, `'x' != case.kind`, `in ['x', 'y']`."""
    if end + 1 < len(tokens) and tokens[end].text in ("==", "!="):
        yield from _plain(tokens[end + 1 : end + 2])
    if start >= 2 and tokens[start - 1].text in ("==", "!="):
        yield from _plain(tokens[start - 2 : start - 1])
    if [token.text for token in tokens[end : end + 2]] == ["in", "["]:
        rest = tokens[end + 2 :]
        closing = next((i for i, token in enumerate(rest) if token.text == "]"), 0)
        yield from _plain(rest[:closing])


def _plain(tokens: list[Token]) -> Iterator[Token]:
    """Strings without escapes, whose value is what stands between the quotes."""
    for token in tokens:
        if token.kind == "string" and token.text[0] in "'\"" and "\\" not in token.text:
            yield token
