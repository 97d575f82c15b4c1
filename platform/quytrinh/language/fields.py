"""Types of case fields: from a form's JSON Schema to what an expression sees."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

# What members of an `each` and people in roles are: stored as keys, known by a form's `format`.
MEMBER_KINDS = ("person", "unit", "agency")
_SIMPLE = {"string": "string", "integer": "int", "number": "double", "boolean": "bool"}
TYPE_LABELS = {
    "string": "chữ",
    "int": "số nguyên",
    "double": "số",
    "bool": "đúng/sai",
    "timestamp": "thời điểm",
    "record": "nhóm giá trị",
    "dyn": "giá trị chưa rõ kiểu",
    "unit": "đơn vị",
    "person": "người",
    "agency": "cơ quan",
}
# Fields that every case has, whatever its forms say.
BUILT_IN = {
    "code": "string",
    "agency": "agency",
    "unit": "unit",
    "creator": "person",
    "started_at": "timestamp",
    "due_at": "timestamp",
    "subject": "string",
    "field": "string",
    "urgency": "string",
    "secrecy": "string",
    "source": "string",
    "received_at": "timestamp",
}
READ_ONLY = frozenset({"code", "agency", "unit", "creator", "started_at", "due_at"})


def type_of(schema: Mapping[str, Any]) -> str:
    """The expression type of one property: `double`, `list<string>` …"""
    if schema["type"] == "array":
        return f"list<{type_of(schema['items'])}>"
    if schema.get("format") == "date":
        return "timestamp"
    if schema.get("format") in MEMBER_KINDS:
        return str(schema["format"])
    return _SIMPLE[schema["type"]]


def element_of(kind: str) -> str:
    """The type of a list's elements; empty for what is no list."""
    return kind[5:-1] if kind.startswith("list<") else ""


def type_label(kind: str) -> str:
    """The Vietnamese name of an expression type."""
    if kind.startswith("list<"):
        return f"danh sách {type_label(kind[5:-1])}"
    return TYPE_LABELS.get(kind, kind)


def field_types(canonical_form: Mapping[str, Any]) -> dict[str, str]:
    """The types of a canonical form's fields; a document slot is no field of the case."""
    properties = canonical_form["schema"]["properties"]
    return {each["id"]: type_of(each) for each in properties if "x-slot" not in each}


def typed_values(values: Mapping[str, Any], types: Mapping[str, str]) -> dict[str, Any]:
    """Stored JSON values as expressions need them: doubles, dates as instants; None left out.

    A list that was never filled is empty.
    """
    empty: dict[str, Any] = {name: [] for name, kind in types.items() if element_of(kind)}
    return empty | {
        name: _typed(value, types.get(name, ""))
        for name, value in values.items()
        if value is not None
    }


def _typed(value: Any, kind: str) -> Any:
    if kind.startswith("list<") and isinstance(value, list):
        return [_typed(item, kind[5:-1]) for item in value]
    if kind == "double" and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if kind == "timestamp" and isinstance(value, str):
        read = datetime.fromisoformat(value)
        return read if read.tzinfo else read.replace(tzinfo=UTC)
    return plain_value(value)


def plain_value(value: Any) -> Any:
    """A value as plain data: what an expression may see, and nothing that has behaviour."""
    match value:
        case None | bool() | int() | float() | str():
            return value
        case datetime():
            return value if value.tzinfo else value.replace(tzinfo=UTC)
        case date():
            return datetime(value.year, value.month, value.day, tzinfo=UTC)
        case UUID():
            return str(value)
        case Mapping():
            return {str(k): plain_value(v) for k, v in value.items() if v is not None}
        case list() | tuple():
            return [plain_value(item) for item in value]
    raise TypeError(f"{type(value).__name__} cannot be part of a case record")
