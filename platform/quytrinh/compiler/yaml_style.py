"""Plain data as YAML that people like to read: what is short stands on one line.

Only what our subset reads is written: no anchors, no tags, no exponents. PyYAML's own writer
puts the same thing in flow or in block style everywhere, and folds long texts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

import yaml

WIDTH = 100
_INDENT = "  "
# What may not stand unquoted: at the beginning, or anywhere (`,[]{}` matter on one line only).
_LEADING = frozenset("-?:,[]{}#&*!|>'\"%@`= \t")
_INSIDE = re.compile(r": |:$| #|[,\[\]{}]|^(?:---|\.\.\.)|\s$")
_RESOLVER = yaml.resolver.Resolver()
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t"}


def yaml_text(value: Mapping[str, Any], *, apart: frozenset[str] = frozenset()) -> str:
    """A mapping as a YAML text; the items of lists and maps under `apart` get a line each."""
    return "\n".join(_Writer(apart).mapping(value, "")) + "\n"


class _Writer:
    def __init__(self, apart: frozenset[str]) -> None:
        self.apart = apart

    def mapping(self, value: Mapping[str, Any], indent: str) -> Iterator[str]:
        for key, inner in value.items():
            yield from self._entry(f"{indent}{scalar(key)}:", inner, indent, key)

    def _entry(self, head: str, value: Any, indent: str, key: str) -> Iterator[str]:
        """`head` and a value after it, on its line where there is room, else below."""
        inline = on_one_line(value)
        fits = len(head) + 1 + len(inline) <= WIDTH
        spread = (key in self.apart and bool(value)) or self._stands_apart(value)
        if isinstance(value, str) and "\n" in value and _may_be_literal(value):
            yield f"{head} |-"
            yield from (f"{indent}{_INDENT}{line}" if line else "" for line in value.split("\n"))
        elif not isinstance(value, Mapping | list) or (fits and not spread) or not value:
            yield f"{head} {inline}"
        elif isinstance(value, Mapping):
            yield head
            yield from self.mapping(value, indent + _INDENT)
        else:
            yield head
            for item in value:
                yield from self._item(item, indent + _INDENT)

    def _stands_apart(self, value: Any) -> bool:
        """Whether something inside has a line of its own."""
        inner = value.items() if isinstance(value, Mapping) else ()
        return any(key in self.apart or self._stands_apart(part) for key, part in inner)

    def _item(self, item: Any, indent: str) -> Iterator[str]:
        inline = f"{indent}- {on_one_line(item)}"
        if (
            not isinstance(item, Mapping)
            or (len(inline) <= WIDTH and not self._stands_apart(item))
            or not item
        ):
            yield inline
            return
        lines = self.mapping(item, indent + _INDENT)
        yield f"{indent}- {next(lines).lstrip()}"
        yield from lines


def scalar(value: Any) -> str:
    """A scalar as it may stand anywhere on a line."""
    match value:
        case True | False:
            return str(value).lower()
        case int():
            return str(value)
        case float():
            return format(Decimal(repr(value)), "f")
        case str():
            return _plain_or_quoted(value)
    raise TypeError(f"no scalar of ours: {value!r}")


def _plain_or_quoted(text: str) -> str:
    if not text.isprintable():
        return '"' + "".join(_escaped(character) for character in text) + '"'
    if text and text[0] not in _LEADING and not _INSIDE.search(text) and _is_text(text):
        return text
    if '"' in text or "\\" in text:
        return "'" + text.replace("'", "''") + "'"
    return f'"{text}"'


def _is_text(text: str) -> bool:
    """Whether other readers of YAML take it for a text too, and not for a number or an hour."""
    tag = _RESOLVER.resolve(yaml.ScalarNode, text, (True, False))  # type: ignore[no-untyped-call]
    return bool(tag == "tag:yaml.org,2002:str")


def _escaped(character: str) -> str:
    if character in _ESCAPES:
        return _ESCAPES[character]
    if character.isprintable():
        return character
    code = ord(character)
    return f"\\u{code:04X}" if code <= 0xFFFF else f"\\U{code:08X}"


def _may_be_literal(text: str) -> bool:
    """Whether a block scalar gives back every line as it is."""
    lines = text.split("\n")
    return (
        bool(lines[0])
        and bool(lines[-1])
        and not lines[0][0].isspace()
        and all(line.isprintable() and not line.endswith(" ") for line in lines)
    )


def on_one_line(value: Any) -> str:
    """A value as it may stand anywhere on a line."""
    if isinstance(value, Mapping):
        parts = (f"{scalar(key)}: {on_one_line(inner)}" for key, inner in value.items())
        return f"{{{', '.join(parts)}}}"
    if isinstance(value, list):
        return f"[{', '.join(on_one_line(item) for item in value)}]"
    return scalar(value)
