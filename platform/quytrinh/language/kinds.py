"""The kinds of value a file of ours is made of: one definition for checking and for JSON Schema.

A grammar is a tree of these; `shaping` checks nodes against it, `json_schema` publishes it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

RESERVED = frozenset(
    {"next", "join", "start", "end", "case", "item", "docs", "results", "steps", "event", "now"}
    | {"confirm", "cancelled", "failed", "time", "true", "false", "null"}
)


SETTING_REFERENCE = {
    "title": "tham số của cơ quan",
    "type": "object",
    "properties": {"setting": {"type": "string", "description": "Mã tham số, khai ở `settings`"}},
    "required": ["setting"],
    "additionalProperties": False,
}


@dataclass(frozen=True)
class Text:
    """Any text that is not empty; `code` is the diagnostic of one that `pattern` refuses.

    `by_rule`: the pattern is published, but a rule of the compiler says what is wrong with a text.
    """

    label: str = "chữ"
    pattern: str = ""
    code: str = "F011"
    max_length: int = 10_000
    # A place where `6.2` or `2` may stand: an editor reads those as numbers.
    numeric: bool = False
    # A place where `true` may stand: an editor reads that as a truth value.
    truth: bool = False
    by_rule: bool = False
    # Reserved words that are meant here.
    also: tuple[str, ...] = ()
    # A setting of the agency may stand for it.
    settable: bool = False

    @property
    def hint(self) -> str:
        return f"{self.label}: {self.pattern}"

    def accepts(self, text: str) -> bool:
        return not self.pattern or self.by_rule or re.fullmatch(self.pattern, text) is not None


@dataclass(frozen=True)
class Choice:
    """One of a few words; `label` names the list in messages."""

    values: tuple[str, ...]
    code: str = "F011"


@dataclass(frozen=True)
class Whole:
    """A whole number."""

    minimum: int = 0
    settable: bool = False


@dataclass(frozen=True)
class Number:
    """A number, whole or not."""


@dataclass(frozen=True)
class Truth:
    """`true` or `false`, and nothing that merely looks like them."""

    only: bool | None = None


@dataclass(frozen=True)
class Raw:
    """Anything; its own schema is applied afterwards."""

    schema: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class ListOf:
    """A list; where `single`, one value may stand for a list of one."""

    item: Kind
    single: bool = False
    minimum: int = 0
    maximum: int | None = None
    empty_code: str = "F011"


@dataclass(frozen=True)
class MapOf:
    """Names of the author's choice, each with a value; the order is kept."""

    key: Text
    value: Kind
    minimum: int = 0
    maximum: int | None = None


@dataclass(frozen=True)
class Key:
    """One key of an object."""

    name: str
    kind: Kind = field(default_factory=Text)
    required: bool = False
    help: str = ""


@dataclass(frozen=True)
class Object:
    """Known keys; a scalar stands for `{main: scalar}` where `main` is given."""

    label: str
    keys: tuple[Key, ...]
    main: str = ""
    excluding: tuple[tuple[str, str], ...] = ()
    # Exactly one of these keys is required.
    one_of: tuple[str, ...] = ()
    # At least one of these keys is required.
    any_of: tuple[str, ...] = ()
    # `a` has a meaning only beside `b`.
    needs: tuple[tuple[str, str], ...] = ()

    def key(self, name: str) -> Key | None:
        return next((key for key in self.keys if key.name == name), None)


@dataclass(frozen=True)
class OneKindOf:
    """An object whose kind is told by one of its keys, as a step's is.

    Kinds may contain each other: the published schema names it `$defs/<name>`. `together`: of two
    such keys that may stand side by side, the one that tells the kind.
    """

    label: str
    name: str
    by_key: Mapping[str, Object]
    together: Mapping[tuple[str, str], str] = field(default_factory=dict)


@dataclass(frozen=True)
class ByValue:
    """An object whose kind is told by the value of one of its keys, as a rule's pattern is."""

    label: str
    key: str
    by_value: Mapping[str, Object]


Kind = Text | Choice | Whole | Number | Truth | Raw | ListOf | MapOf | Object | OneKindOf | ByValue


def json_schema(kind: Kind) -> dict[str, Any]:
    """The published JSON Schema of a kind."""
    match kind:
        case Text():
            return _text_schema(kind)
        case Choice(code="F010"):
            return {"const": 1}
        case Choice(values=values):
            return {"enum": list(values)}
        case Whole(minimum=minimum, settable=settable):
            return _settable({"type": "integer", "minimum": minimum}, settable=settable)
        case Number():
            return {"type": "number"}
        case Truth(only=only):
            return {"type": "boolean"} if only is None else {"const": only}
        case Raw(schema=schema):
            return dict(schema)
        case ListOf():
            return _list_schema(kind)
        case MapOf():
            return _map_schema(kind)
        case Object():
            return _object_schema(kind)
        case OneKindOf(name=name):
            return {"$ref": f"#/$defs/{name}"}
        case ByValue():
            return {"anyOf": [_object_schema(each) for each in kind.by_value.values()]}


def definition_of(kind: OneKindOf) -> dict[str, Any]:
    """The schema that references to a kind lead to."""
    return {"anyOf": [_object_schema(each) for each in kind.by_key.values()]}


def _text_schema(kind: Text) -> dict[str, Any]:
    types = ["string", *["number"] * kind.numeric, *["boolean"] * kind.truth]
    schema: dict[str, Any] = {"type": types if len(types) > 1 else "string"}
    if kind.pattern:
        schema["pattern"] = f"^(?:{kind.pattern})$"
    else:
        schema["minLength"] = 1
    if kind.max_length != Text.max_length:
        schema["maxLength"] = kind.max_length
    return _settable(schema, settable=kind.settable)


def _settable(schema: dict[str, Any], *, settable: bool) -> dict[str, Any]:
    return {"anyOf": [schema, SETTING_REFERENCE]} if settable else schema


def _list_schema(kind: ListOf) -> dict[str, Any]:
    item = json_schema(kind.item)
    schema: dict[str, Any] = {"type": "array", "items": item}
    if kind.minimum:
        schema["minItems"] = kind.minimum
    if kind.maximum is not None:
        schema["maxItems"] = kind.maximum
    return {"anyOf": [item, schema]} if kind.single else schema


def _map_schema(kind: MapOf) -> dict[str, Any]:
    schema: dict[str, Any] = {
        "type": "object",
        "propertyNames": _text_schema(replace(kind.key, numeric=False)),
        "additionalProperties": json_schema(kind.value),
    }
    if kind.minimum:
        schema["minProperties"] = kind.minimum
    if kind.maximum is not None:
        schema["maxProperties"] = kind.maximum
    return schema


def _object_schema(kind: Object) -> dict[str, Any]:
    properties: dict[str, Any] = {}
    for key in kind.keys:
        described = {"description": key.help} if key.help else {}
        properties[key.name] = {**described, **json_schema(key.kind)}
    schema: dict[str, Any] = {
        "title": kind.label,
        "type": "object",
        "properties": properties,
        "additionalProperties": False,
    }
    if required := [key.name for key in kind.keys if key.required]:
        schema["required"] = required
    if kind.one_of:
        schema["oneOf"] = [{"required": [name]} for name in kind.one_of]
    if kind.any_of:
        schema["anyOf"] = [{"required": [name]} for name in kind.any_of]
    if kind.excluding:
        schema["not"] = {"anyOf": [{"required": list(pair)} for pair in kind.excluding]}
    if kind.needs:
        schema["dependentRequired"] = {name: [other] for name, other in kind.needs}
    if not kind.main:
        return schema
    main = next(key for key in kind.keys if key.name == kind.main)
    return {"anyOf": [json_schema(main.kind), schema]}
