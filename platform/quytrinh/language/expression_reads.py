"""What an expression reads, and what is sure once it holds: `has(x) && x > 1` reads x safely."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache

from quytrinh.language.condition_tree import (
    Call,
    Either,
    Items,
    Literal,
    Name,
    Node,
    Not,
    NotUnderstood,
    Pair,
    Part,
    parse,
)
from quytrinh.language.expression_check import COMPREHENSIONS, has_argument
from quytrinh.language.tokens import BadCharacter, name_chain, tokenize

Facts = frozenset[str]
NOTHING: Facts = frozenset()


def fact_of(name: str) -> str:
    """What must be there for a name to be read: `case.area`, `steps.review`, `item.outer.note`."""
    parts = name.split(".")
    size = 2
    while parts[0] == "item" and size < len(parts) and parts[size - 1] == "outer":
        size += 1
    return ".".join(parts[:size])


def unsure_reads(text: str, is_sure: Callable[[str], bool], given: Facts = NOTHING) -> list[str]:
    """The names read where they may be missing, in the order of the text, each once."""
    tree = _tree(text)
    found = _reads(tree, given) if tree is not None else _plain_names(text)
    return list(dict.fromkeys(name for name in found if not is_sure(fact_of(name))))


def facts_if(text: str, truth: bool) -> Facts:
    """What is surely there once the expression was found true (or false)."""
    tree = _tree(text)
    return _implied(tree, truth) if tree is not None else NOTHING


def constant(text: str, is_sure: Callable[[str], bool]) -> bool | None:
    """Whether a condition is the same for every case: always true, never, or (None) open."""
    tree = _tree(text)
    return _settled(tree, is_sure) if tree is not None else None


@lru_cache(maxsize=2048)
def _tree(text: str) -> Node | None:
    try:
        return parse(text)
    except (NotUnderstood, BadCharacter):
        return None


def _plain_names(text: str) -> Iterator[str]:
    """Of an expression that cannot be followed: every name outside `has(…)`."""
    tokens = tokenize(text)
    index = 0
    while index < len(tokens):
        _, after = has_argument(tokens, index)
        name, end = name_chain(tokens, index)
        if after == index and "." in name:
            yield name
        index = max(after, end, index + 1)


def _asked(node: Node) -> str:
    match node:
        case Call(function="has", arguments=(Name(path),), method=False):
            return path
    return ""


def _reads(node: Node, given: Facts, bound: Facts = NOTHING) -> Iterator[str]:
    match node:
        case Name(path):
            if path.split(".")[0] not in bound and fact_of(path) not in given:
                yield path
        case Pair("&&" | "||" as operator, left, right):
            yield from _reads(left, given, bound)
            yield from _reads(right, given | _implied(left, operator == "&&"), bound)
        case Pair(_, left, right):
            yield from _reads(left, given, bound)
            yield from _reads(right, given, bound)
        case Not(operand):
            yield from _reads(operand, given, bound)
        case Either(test, left, right):
            yield from _reads(test, given, bound)
            yield from _reads(left, given | _implied(test, True), bound)
            yield from _reads(right, given | _implied(test, False), bound)
        case Part(whole, key):
            yield from _reads(whole, given, bound)
            yield from _reads(key, given, bound)
        case Items(items):
            for each in items:
                yield from _reads(each, given, bound)
        case Call():
            yield from _call_reads(node, given, bound)


def _call_reads(node: Call, given: Facts, bound: Facts) -> Iterator[str]:
    arguments = node.arguments
    if _asked(node):
        return
    match arguments:
        case (over, Name(variable), *rest) if node.method and node.function in COMPREHENSIONS:
            yield from _reads(over, given, bound)
            for each in rest:
                yield from _reads(each, given, bound | {variable})
            return
    for each in arguments:
        yield from _reads(each, given, bound)


def _implied(node: Node, truth: bool) -> Facts:
    if asked := _asked(node):
        return frozenset({fact_of(asked)}) if truth else NOTHING
    match node:
        case Not(operand):
            return _implied(operand, not truth)
        case Pair("&&" | "||" as operator, left, right):
            first, second = _implied(left, truth), _implied(right, truth)
            return first | second if (operator == "&&") == truth else first & second
    return NOTHING


def _settled(node: Node, is_sure: Callable[[str], bool]) -> bool | None:
    if asked := _asked(node):
        return True if is_sure(fact_of(asked)) and asked.count(".") == 1 else None
    match node:
        case Literal(value=bool() as value):
            return value
        case Not(operand):
            inner = _settled(operand, is_sure)
            return None if inner is None else not inner
        case Pair("&&" | "||" as operator, left, right):
            sides = {_settled(left, is_sure), _settled(right, is_sure)}
            decisive = operator == "||"
            if decisive in sides:
                return decisive
            return None if None in sides else not decisive
        case Pair("==" | "!=" as operator, Literal(first), Literal(second)):
            return (first == second) == (operator == "==")
    return None
