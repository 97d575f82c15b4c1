"""Operations as JSON: what another program asks for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from quytrinh.compiler.editing.operations import (
    Delete,
    DeleteRole,
    Insert,
    Move,
    Operation,
    Rename,
    Reorder,
    Rewrite,
    Set,
    Unwrap,
    Wrap,
)
from quytrinh.compiler.editing.refusal import EditRefused
from quytrinh.compiler.editing.tree import Path

MAX_PATH = 20
MAX_VALUES = 200
Raw = Mapping[str, Any]


def operation_from_json(raw: Raw) -> Operation:
    """Read `{"op": "move", "step": "draft", "by": 1}`; raise EditRefused saying what is wrong."""
    make = _OPERATIONS.get(str(raw.get("op")))
    if make is None:
        known = ", ".join(f"`{name}`" for name in _OPERATIONS)
        raise EditRefused(f"Không có thao tác `{raw.get('op')}`.", f"hiện có: {known}")
    return make(raw)


def _text(raw: Raw, key: str, default: str | None = None) -> str:
    value = raw.get(key, default)
    if not isinstance(value, str):
        raise EditRefused(f"Thao tác thiếu mục `{key}`, hoặc mục này không phải là chữ.")
    return value


def _number(raw: Raw, key: str) -> int:
    value = raw.get(key, 0)
    if not isinstance(value, int) or isinstance(value, bool):
        raise EditRefused(f"Mục `{key}` phải là số nguyên.")
    return value


def _path(value: Any) -> Path:
    fits = isinstance(value, list) and 0 < len(value) <= MAX_PATH
    if not fits or not all(type(part) in (str, int) for part in value):
        raise EditRefused('`path` phải là danh sách tên mục, ví dụ ["due", "in"].')
    return tuple(value)


def _set(raw: Raw) -> Operation:
    values = raw.get("values")
    if not isinstance(values, list) or not 0 < len(values) <= MAX_VALUES:
        raise EditRefused("`values` phải là danh sách {path, value}.")
    pairs = []
    for each in values:
        if not isinstance(each, Mapping):
            raise EditRefused("`values` phải là danh sách {path, value}.")
        pairs.append((_path(each.get("path")), each.get("value")))
    return Set(tuple(pairs), _text(raw, "step", ""))


def _insert(raw: Raw) -> Operation:
    data = raw.get("data")
    if not isinstance(data, Mapping):
        raise EditRefused("`data` phải là nội dung của bước mới.")
    block = _path(raw["block"]) if "block" in raw else ("steps",)
    return Insert(data, _text(raw, "after", ""), block)


_OPERATIONS: dict[str, Callable[[Raw], Operation]] = {
    "set": _set,
    "insert": _insert,
    "move": lambda raw: Move(_text(raw, "step"), _number(raw, "by"), _text(raw, "after", "")),
    "delete": lambda raw: Delete(_text(raw, "step"), raw.get("repair") is True),
    "delete_role": lambda raw: DeleteRole(_text(raw, "role")),
    "wrap": lambda raw: Wrap(_text(raw, "step"), _text(raw, "kind"), raw.get("members")),
    "unwrap": lambda raw: Unwrap(_text(raw, "step")),
    "rename": lambda raw: Rename(_text(raw, "kind"), _text(raw, "old"), _text(raw, "new")),
    "reorder": lambda raw: Reorder(
        _path(raw.get("path")), _number(raw, "by"), _text(raw, "step", "")
    ),
    "rewrite": lambda raw: Rewrite(_text(raw, "source")),
}
