"""Evaluates a checked expression over the record of a case: plain data, bounded, no guesses."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

from cel_expr_python import cel

from quytrinh.language.expression_check import cel_type, has_argument, size_problem
from quytrinh.language.fields import plain_value
from quytrinh.language.tokens import Token, name_chain, print_tokens, tokenize

ROOTS = ("case", "docs", "steps", "item", "results", "setting", "event")


class ExpressionError(Exception):
    """An expression could not be evaluated; this never counts as false."""

    def __init__(self, text: str, reason: str) -> None:
        super().__init__(f"{text}: {reason}")
        self.text = text
        self.reason = reason


def evaluate(text: str, record: Mapping[str, Any]) -> Any:
    """The value of a normalised expression over `case`, `docs`, `steps` …, `now`.

    `has()` of a list tells whether there is anything in it. A missing field, a wrong type, a
    division by zero: all raise ExpressionError.
    """
    try:
        instants: dict[str, datetime] = {}
        data = {root: _lift(plain_value(record.get(root, {})), root, instants) for root in ROOTS}
        if "now" in record:
            data["now"] = plain_value(record["now"])
        named = _instants_in(text, instants)
        data |= {name: instants[name] for name in named}
        value = _compiled(text, named, _empty_lists(text, data)).eval(data=data)
    except Exception as raised:
        raise ExpressionError(text, str(raised)) from raised
    if value.type() == cel.Type.ERROR:
        raise ExpressionError(text, str(value.plain_value()))
    return value.plain_value()


def holds(text: str, record: Mapping[str, Any]) -> bool:
    """Whether a condition holds; anything but a truth value is an error."""
    value = evaluate(text, record)
    if not isinstance(value, bool):
        raise ExpressionError(text, f"not a truth value: {value!r}")
    return value


def _lift(value: Any, path: str, instants: dict[str, datetime]) -> Any:
    """Take instants out of maps: the library knows them only as variables of their own."""
    if isinstance(value, dict):
        kept = {name: _lift(part, f"{path}.{name}", instants) for name, part in value.items()}
        return {name: part for name, part in kept.items() if f"{path}.{name}" not in instants}
    if isinstance(value, list):
        # A list has no names to lift to: inside one an instant stays text.
        return [_lift(item, "", {}) for item in value]
    if isinstance(value, datetime):
        instants[path] = value
        return value.isoformat()
    return value


def _instants_in(text: str, instants: Mapping[str, datetime]) -> tuple[str, ...]:
    """The instants that an expression names, `case.on.getFullYear()` included."""
    if not instants:
        return ()
    chains = _chains(text)
    return tuple(sorted(name for name in instants if _names(name, chains)))


def _names(name: str, chains: Iterable[str]) -> bool:
    return any(chain == name or chain.startswith(f"{name}.") for chain in chains)


@lru_cache(maxsize=2048)
def _chains(text: str) -> frozenset[str]:
    tokens = tokenize(text)
    return frozenset(name_chain(tokens, index)[0] for index in range(len(tokens)))


@lru_cache(maxsize=256)
def _environment(instants: tuple[str, ...]) -> Any:
    roots = {root: cel_type("record") for root in ROOTS}
    lifted = dict.fromkeys((*instants, "now"), cel.Type.TIMESTAMP)
    return cel.NewEnv(variables={**roots, **lifted})


def _empty_lists(text: str, data: Mapping[str, Any]) -> tuple[str, ...]:
    """The lists that an expression asks for with `has()` and that have nothing in them."""
    return tuple(name for name in _asked(text) if _found(data, name) == [])


@lru_cache(maxsize=2048)
def _asked(text: str) -> tuple[str, ...]:
    tokens = tokenize(text)
    names = {has_argument(tokens, index)[0] for index in range(len(tokens))}
    return tuple(sorted(names - {""}))


def _found(data: Mapping[str, Any], name: str) -> Any:
    value: Any = data
    for part in name.split("."):
        if not isinstance(value, Mapping):
            return None
        value = value.get(part)
    return value


@lru_cache(maxsize=2048)
def _compiled(text: str, instants: tuple[str, ...], empty: tuple[str, ...]) -> Any:
    if problem := size_problem(text):
        raise ValueError(problem.message)
    # What was lifted out is there; a list with nothing in it is not.
    known = dict.fromkeys(instants, "true") | dict.fromkeys(empty, "false")
    tokens = _without_has(tokenize(text), known) if known else None
    return _environment(instants).compile(print_tokens(tokens) if tokens else text)


def _without_has(tokens: list[Token], known: Mapping[str, str]) -> list[Token]:
    """`has()` of a name of which it is known replaced by what is known."""
    words: list[Token] = []
    index = 0
    while index < len(tokens):
        name, end = has_argument(tokens, index)
        if name in known:
            words.append(Token("name", known[name], tokens[index].offset))
            index = end
        else:
            words.append(tokens[index])
            index += 1
    return words
