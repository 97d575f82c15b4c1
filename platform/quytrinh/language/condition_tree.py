"""The tree of an expression: the part of CEL that conditions are written in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from quytrinh.language.tokens import Token, name_chain, tokenize

MAX_DEPTH = 25
RELATIONS = frozenset({"==", "!=", "<", "<=", ">", ">=", "in"})
# From the weakest to the strongest.
_LEVELS = (frozenset({"||"}), frozenset({"&&"}), RELATIONS, frozenset("+-"), frozenset("*/%"))


class NotUnderstood(Exception):
    """The expression, or a part of it, is beyond what is read here."""


@dataclass(frozen=True, slots=True)
class Name:
    """`case.area`, with every part of it."""

    path: str


@dataclass(frozen=True, slots=True)
class Literal:
    value: str | int | float | bool


@dataclass(frozen=True, slots=True)
class Items:
    """`[1, 2]`"""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Call:
    """`size(x)`, or `x.startsWith(y)` with what it is called on first."""

    function: str
    arguments: tuple[Node, ...]
    method: bool = False


@dataclass(frozen=True, slots=True)
class Not:
    operand: Node


@dataclass(frozen=True, slots=True)
class Pair:
    """Two operands and what stands between."""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Either:
    """`test ? left : right`"""

    test: Node
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a value that is no plain name: `x[0]`, `x[0].unit` (then `key` is a text)."""

    whole: Node
    key: Node


Node: TypeAlias = Name | Literal | Items | Call | Not | Pair | Either | Part


def parse(text: str) -> Node:
    """The tree of an expression; raise NotUnderstood or BadCharacter."""
    parser = _Parser(tokenize(text))
    tree = parser.whole()
    parser.expect("")
    return tree


class _Parser:
    """Descends from the weakest operator to names and literals."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self.tokens = tokens
        self.at = 0
        self.depth = 0

    @property
    def here(self) -> str:
        return self.tokens[self.at].text if self.at < len(self.tokens) else ""

    def expect(self, text: str) -> None:
        if self.here != text:
            raise NotUnderstood(self.here)
        self.at += 1

    def whole(self) -> Node:
        test = self.pair(0)
        if self.here != "?":
            return test
        self.at += 1
        left = self.pair(0)
        self.expect(":")
        return Either(test, left, self.whole())

    def pair(self, level: int) -> Node:
        if level == len(_LEVELS):
            return self._signed()
        left = self.pair(level + 1)
        while self.here in _LEVELS[level]:
            operator = self.here
            self.at += 1
            left = Pair(operator, left, self.pair(level + 1))
        return left

    def _signed(self) -> Node:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise NotUnderstood("too deep")
        found = self._prefixed()
        self.depth -= 1
        return found

    def _prefixed(self) -> Node:
        if self.here == "!":
            self.at += 1
            return Not(self._signed())
        if self.here == "-":
            self.at += 1
            number = self._signed()
            if isinstance(number, Literal) and type(number.value) in (int, float):
                return Literal(-number.value)  # type: ignore[operator]
            raise NotUnderstood("-")
        return self._called_on(self._primary())

    def _called_on(self, target: Node) -> Node:
        """Calls of methods and parts: `x.startsWith('a')`, `x[0].unit`."""
        while self.here in (".", "["):
            self.at += 1
            if self.tokens[self.at - 1].text == "[":
                target = Part(target, self.whole())
                self.expect("]")
                continue
            name = self.here
            self.at += 1
            if self.here == "(":
                self.at += 1
                target = Call(name, (target, *self._arguments(")")), method=True)
            else:
                target = Part(target, Literal(name))
        return target

    def _primary(self) -> Node:
        if self.here == "(":
            self.at += 1
            inner = self.whole()
            self.expect(")")
            return inner
        if self.here == "[":
            self.at += 1
            return Items(self._arguments("]"))
        if self.at >= len(self.tokens):
            raise NotUnderstood("the end")
        token = self.tokens[self.at]
        if token.kind == "name" and token.text not in ("true", "false"):
            return self._named()
        self.at += 1
        return Literal(_value(token))

    def _named(self) -> Node:
        path, after = name_chain(self.tokens, self.at)
        called = after < len(self.tokens) and self.tokens[after].text == "("
        if not called:
            self.at = after
            return Name(path)
        target, _, function = path.rpartition(".")
        self.at = after + 1
        arguments = self._arguments(")")
        if target:
            return Call(function, (Name(target), *arguments), method=True)
        return Call(function, arguments)

    def _arguments(self, closing: str) -> tuple[Node, ...]:
        found: list[Node] = []
        while self.here != closing:
            if found:
                self.expect(",")
            found.append(self.whole())
        self.at += 1
        return tuple(found)


def _value(token: Token) -> str | int | float | bool:
    text = token.text
    if text in ("true", "false"):
        return text == "true"
    if token.kind == "double":
        return float(text)
    if token.kind == "int" and text.isdigit():
        return int(text)
    quoted = text[0] in "'\"" and text[:3] not in ("'''", '"""') and "\\" not in text
    if token.kind == "string" and quoted:
        return text[1:-1]
    raise NotUnderstood(text)
