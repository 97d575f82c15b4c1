"""From the normal form back to a text: YAML in an author's order of keys, with the shorthands."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from quytrinh.compiler.yaml_style import yaml_text

_HEAD = ("quytrinh", "flow", "form")
_KEY_ORDER = (
    *("id", "end", "name", "title", "label", "help", "description", "document", "documents"),
    *("basis", "settings", "roles", "start", "schema", "layout", "event", "schedule", "every"),
    *("day", "before", "type", "who", "if_absent", "assign", "when", "by", "not_by", "form"),
    *("run", "call", "wait", "for", "until", "with", "choose", "each", "lead", "join", "parallel"),
    *("required", "to", "return_to", "then", "at_most", "due", "in", "at", "by_urgency", "from"),
    *("calendar", "remind", "escalate", "on_late", "stops_clock", "reports", "verbs", "requires"),
    *("incomplete", "comment", "cite", "actions", "outcomes", "steps", "properties"),
)
_RANK = {key: rank for rank, key in enumerate(_KEY_ORDER)}
# Lists of `{id, …}` in the normal form which are maps in the text.
_ORDERED_MAPS = frozenset({"roles", "actions", "properties", "settings", "documents", "parallel"})
# Below these the keys are not ours.
_AUTHORS_OWN = frozenset({"with", "x-labels", "by_urgency"})
# Lists whose only item may stand for them.
_SINGLE = frozenset({"basis", "start", "who", "event", "remind", "escalate"})
# Written an item a line, even where they are short.
_APART = frozenset({"steps", "roles", "settings", "start", "parallel", "properties"})
_SCHEMA_LINE = "# yaml-language-server: $schema={}\n"
Json = Mapping[str, Any]


def definition_text(canonical: Json, *, schema: str = "") -> str:
    """The YAML of a canonical flow or form: read again, it has the same normal form.

    `schema` = where an editor finds its JSON Schema.
    """
    basis = canonical.get("basis", ())
    home = f"{basis[0] if basis else ''}:"
    head = {key: canonical[key] for key in _HEAD if key in canonical}
    rest = {key: value for key, value in canonical.items() if key not in (*_HEAD, "uses")}
    body = yaml_text(head | _Author(home).mapping(rest), apart=_APART)
    return (_SCHEMA_LINE.format(schema) if schema else "") + body


class _Author:
    """Turns the one way of the normal form into the shortest way of the grammar."""

    def __init__(self, home: str) -> None:
        self.home = home

    def mapping(self, value: Json) -> dict[str, Any]:
        return {key: self.value(key, value[key]) for key in sorted(value, key=_rank)}

    def value(self, key: str, value: Any) -> Any:
        """The value of a key in an author's style."""
        if key == "cite":
            return [each.removeprefix(self.home) for each in value]
        if key in _AUTHORS_OWN:
            return value
        if key in _ORDERED_MAPS and isinstance(value, list):
            return {each["id"]: self._entry(key, each) for each in value}
        if isinstance(value, Mapping):
            return self._object(key, value)
        if isinstance(value, list):
            items = [self.value(f"{key}[]", item) for item in value]
            return items[0] if key in _SINGLE and len(items) == 1 else items
        return value

    def _entry(self, key: str, entry: Json) -> dict[str, Any]:
        rest = self.mapping({name: part for name, part in entry.items() if name != "id"})
        if key == "settings" and entry["type"] != "units":
            rest["default"] = entry["default"][0]
        return rest

    def _object(self, key: str, value: Json) -> Any:
        if key in ("outcomes", "verbs"):
            inner = _route if key == "outcomes" else _verb
            return {name: inner(self.mapping(part)) for name, part in value.items()}
        written = self.mapping(value)
        short = _SHORTHANDS.get(key)
        return short(written) if short else written


def _only(name: str) -> Callable[[dict[str, Any]], Any]:
    """An object with nothing but its main key is written as that key's value."""
    return lambda value: value[name] if list(value) == [name] else value


_route = _only("to")


def _verb(rule: dict[str, Any]) -> Any:
    return False if rule == {"allowed": False} else rule


def _join(value: dict[str, Any]) -> Any:
    return {"when": value["when"]} if value["kind"] == "when" else value["kind"]


_SHORTHANDS: Mapping[str, Callable[[dict[str, Any]], Any]] = {
    "due": _only("in"),
    "join": _join,
    "each": _only("list"),
    "reports": _only("done"),
    "remind[]": _only("before"),
    "escalate[]": _only("to"),
}


def _rank(key: str) -> tuple[int, str]:
    return (_RANK.get(key, len(_KEY_ORDER)), key)
