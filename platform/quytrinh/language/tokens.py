"""The words of an expression, with their places: enough to rewrite and to print it back."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_TOKEN = re.compile(
    r"""
    (?P<space>\s+|//[^\n]*)
  | (?P<string>[rR]?(?:'''.*?'''|\"\"\".*?\"\"\"|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"))
  | (?P<double>\d+\.\d+(?:[eE][+-]?\d+)?|\d+[eE][+-]?\d+|\.\d+(?:[eE][+-]?\d+)?)
  | (?P<int>0[xX][0-9a-fA-F]+[uU]?|\d+[uU]?)
  | (?P<name>[A-Za-z_][A-Za-z0-9_]*)
  | (?P<operator>==|!=|<=|>=|&&|\|\||[-+*/%<>!?:.,()\[\]{}])
    """,
    re.VERBOSE | re.DOTALL,
)
_TIGHT_BEFORE = frozenset(".,)]}")
_TIGHT_AFTER = frozenset(".([{!")
# After these (or at the beginning) a minus is a sign, not a subtraction.
_BEFORE_SIGN = frozenset("([{,?:<>+-*/%!") | {"==", "!=", "<=", ">=", "&&", "||", "in"}


class BadCharacter(Exception):
    """A character which no word of an expression begins with."""

    def __init__(self, offset: int, character: str) -> None:
        super().__init__(character)
        self.offset = offset
        self.character = character


@dataclass(frozen=True, slots=True)
class Token:
    kind: str
    text: str
    offset: int

    @property
    def end(self) -> int:
        return self.offset + len(self.text)


def tokenize(text: str) -> list[Token]:
    tokens: list[Token] = []
    offset = 0
    while offset < len(text):
        match = _TOKEN.match(text, offset)
        if match is None:
            raise BadCharacter(offset, text[offset])
        kind = str(match.lastgroup)
        if kind != "space":
            tokens.append(Token(kind, match.group(), offset))
        offset = match.end()
    return tokens


def name_chain(tokens: Sequence[Token], start: int) -> tuple[str, int]:
    """`case.area` beginning at a token, and the index after it; "" where no name begins."""
    if start >= len(tokens) or tokens[start].kind != "name":
        return "", start
    parts = [tokens[start].text]
    at = start + 1
    while (
        at + 1 < len(tokens) and tokens[at].text == "." and tokens[at + 1].kind == "name"
    ):  # fmt: skip
        parts.append(tokens[at + 1].text)
        at += 2
    return ".".join(parts), at


def print_tokens(tokens: Sequence[Token]) -> str:
    """One spelling for one sequence of words."""
    printed = ""
    for index, token in enumerate(tokens):
        if index and _spaced(tokens, index):
            printed += " "
        printed += _normal_string(token.text) if token.kind == "string" else token.text
    return printed


def _spaced(tokens: Sequence[Token], index: int) -> bool:
    before, token = tokens[index - 1], tokens[index]
    if token.text in _TIGHT_BEFORE or before.text in _TIGHT_AFTER:
        return False
    if before.text == "-" and _is_sign(tokens, index - 1):
        return False
    if token.text in ("(", "["):
        called = before.kind == "name" and before.text != "in"
        return not (called or before.text in (")", "]"))
    return True


def _is_sign(tokens: Sequence[Token], index: int) -> bool:
    return index == 0 or tokens[index - 1].text in _BEFORE_SIGN


def _normal_string(text: str) -> str:
    if text[0] == '"' and not text.startswith('"""') and not set("\\'") & set(text):
        return f"'{text[1:-1]}'"
    return text
