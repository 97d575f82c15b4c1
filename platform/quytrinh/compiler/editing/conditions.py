"""Conditions without code: simple tests joined by one word, written as CEL and read back."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from quytrinh.language.condition_tree import (
    Call,
    Name,
    Node,
    Not,
    NotUnderstood,
    Pair,
    parse,
)
from quytrinh.language.condition_tree import Literal as Value
from quytrinh.language.fields import BUILT_IN
from quytrinh.language.tokens import BadCharacter

Joiner = Literal["&&", "||"]
RELATIONS = ("==", "!=", ">", ">=", "<", "<=")
FILLED, EMPTY = "has", "!has"


@dataclass(frozen=True, slots=True)
class FieldTest:
    """One test of a field: a relation to a value, or whether it was filled at all."""

    field: str
    operator: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class Condition:
    """Tests of which all must hold (`&&`), or one (`||`)."""

    joiner: Joiner
    tests: tuple[FieldTest, ...]


def read_condition(text: str) -> Condition | None:
    """The tests that a condition is made of; None where it says more than tests can."""
    if not text:
        return Condition("&&", ())
    try:
        tree = parse(text)
        joiner: Joiner = "||" if isinstance(tree, Pair) and tree.operator == "||" else "&&"
        parts = list(_parts(tree, joiner))
        if joiner == "||":
            tests = [_guarded(list(_parts(each, "&&"))) for each in parts]
        else:
            tests = _without_guards([_test(each) for each in parts])
    except (NotUnderstood, BadCharacter):
        return None
    return Condition(joiner, tuple(tests))


def write_condition(condition: Condition, types: Mapping[str, str]) -> str:
    """The CEL of a condition; a field that may be missing is asked for first.

    `types`: the expression type of each field, `case.` left out.
    """
    written = [_written(test, types) for test in condition.tests]
    return f" {condition.joiner} ".join(written)


def _written(test: FieldTest, types: Mapping[str, str]) -> str:
    name = f"case.{test.field}"
    if test.operator in (FILLED, EMPTY):
        return f"{test.operator}({name})"
    guard = "" if test.field in BUILT_IN else f"has({name}) && "
    return f"{guard}{name} {test.operator} {_literal(test.value, types.get(test.field, 'string'))}"


def _literal(value: str, kind: str) -> str:
    """A value as CEL writes it; what is no number where one is needed stays a text, and is told."""
    if kind == "bool" and value in ("true", "false"):
        return value
    number = value.replace(".", "").replace(",", ".")
    if kind in ("int", "double") and number.lstrip("-").replace(".", "", 1).isdigit():
        return number if kind == "double" else number.partition(".")[0]
    if "'" not in value and "\\" not in value:
        return f"'{value}'"
    return json.dumps(value, ensure_ascii=False)


def _parts(tree: Node, joiner: str) -> Iterator[Node]:
    if isinstance(tree, Pair) and tree.operator == joiner:
        yield from _parts(tree.left, joiner)
        yield from _parts(tree.right, joiner)
    else:
        yield tree


def _test(tree: Node) -> FieldTest:
    """A simple test; raise NotUnderstood."""
    match tree:
        case Call("has", (Name(path),), False):
            return FieldTest(_field(path), FILLED)
        case Not(Call("has", (Name(path),), False)):
            return FieldTest(_field(path), EMPTY)
        case Pair(operator, Name(path), Value(value)) if operator in RELATIONS:
            return FieldTest(_field(path), operator, _value(value))
        case Name(path):
            return FieldTest(_field(path), "==", "true")
        case Not(Name(path)):
            return FieldTest(_field(path), "==", "false")
    raise NotUnderstood("no simple test")


def _field(path: str) -> str:
    root, _, name = path.partition(".")
    if root != "case" or not name or "." in name:
        raise NotUnderstood(path)
    return name


def _value(value: str | int | float | bool) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _without_guards(tests: Sequence[FieldTest]) -> list[FieldTest]:
    """`has(x) && x > 1` is one test: the first part only makes the second one safe."""
    return [
        test
        for test, after in zip(tests, [*tests[1:], None], strict=True)
        if not (
            test.operator == FILLED
            and after is not None
            and after.field == test.field
            and after.operator in RELATIONS
        )
    ]


def _guarded(parts: Sequence[Node]) -> FieldTest:
    tests = _without_guards([_test(each) for each in parts])
    if len(tests) != 1:
        raise NotUnderstood("more than one test")
    return tests[0]
