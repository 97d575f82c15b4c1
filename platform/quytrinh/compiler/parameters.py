"""A step's `with:`: its scalars typed by the plugin's schema, then checked against it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from jsonschema import Draft202012Validator
from referencing import Registry as NoReferences

from quytrinh.language.ast import PluginUse
from quytrinh.language.diagnostics import Span, did_you_mean
from quytrinh.language.numbers import read_integer, read_number, read_truth
from quytrinh.language.settings import REFERENCE
from quytrinh.language.source import ListNode, MapNode, Node, Word
from quytrinh.spi import StepPlugin

_READERS = {"integer": read_integer, "number": read_number, "boolean": read_truth}
_TYPE_LABELS = {
    "integer": "số nguyên",
    "number": "số",
    "boolean": "true hoặc false",
    "string": "chữ",
    "array": "danh sách",
    "object": "nhóm mục",
}
_MESSAGES = {
    "type": "`{value}` không phải {expected}",
    "enum": "`{value}` không thuộc {expected}",
    "required": "thiếu mục `{missing}`",
    "minimum": "`{value}` nhỏ hơn {expected}",
    "maximum": "`{value}` lớn hơn {expected}",
    "pattern": "`{value}` không khớp mẫu {expected}",
}


def read_parameters(
    use: PluginUse, plugin: StepPlugin, *, keep_settings: bool = False
) -> tuple[dict[str, Any], list[tuple[Span, str, str]]]:
    """The typed parameters, and what the schema refuses: place, message, hint.

    `keep_settings`: name the agency's settings instead of giving their values.
    """
    node = use.parameters or MapNode((), use.run.span)
    if isinstance(node, Word) and not node.text:
        node = MapNode((), node.span)
    if not isinstance(node, MapNode):
        return {}, [(node.span, "cần một nhóm mục", "")]
    typed = _typed(node, plugin.schema)
    validator = Draft202012Validator(dict(plugin.schema), registry=NoReferences())
    findings = list(_findings(validator, typed, node))
    return (_with_references(node, typed) if keep_settings else typed), findings


def _with_references(node: Node, typed: Any) -> Any:
    """The typed parameters with each value of a setting replaced by its name."""
    if isinstance(node, MapNode):
        return {key.text: _with_references(value, typed[key.text]) for key, value in node.entries}
    if isinstance(node, ListNode):
        if node.items and isinstance(node.items[0], Word) and node.items[0].setting:
            return {REFERENCE: node.items[0].setting}
        pairs = zip(node.items, typed, strict=True)
        return [_with_references(item, value) for item, value in pairs]
    return {REFERENCE: node.setting} if node.setting else typed


def references(use: PluginUse, plugin: StepPlugin, kind: str) -> Iterator[Word]:
    """The parameters that name a role or a document slot: the schema says `x-refers: <kind>`."""
    if use.parameters is not None:
        yield from _references(use.parameters, plugin.schema, kind)


def _references(node: Node, schema: Mapping[str, Any], kind: str) -> Iterator[Word]:
    if isinstance(node, Word):
        if schema.get("x-refers") == kind:
            yield node
    elif isinstance(node, ListNode):
        for item in node.items:
            yield from _references(item, _items(schema), kind)
    else:
        for key, value in node.entries:
            yield from _references(value, _property(schema, key.text), kind)


def _items(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    items = schema.get("items")
    return items if isinstance(items, Mapping) else {}


def _property(schema: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = schema.get("properties", {}).get(name, schema.get("additionalProperties"))
    return found if isinstance(found, Mapping) else {}


def _findings(
    validator: Draft202012Validator, typed: dict[str, Any], node: MapNode
) -> Iterator[tuple[Span, str, str]]:
    for found in validator.iter_errors(typed):
        place = _place(node, list(found.absolute_path))
        if found.validator == "additionalProperties" and isinstance(place, MapNode):
            yield from _unknown_keys(place, found.schema)
            continue
        template = _MESSAGES.get(str(found.validator), "{message}")
        message = template.format(
            value=found.instance,
            expected=_expected(found.validator_value),
            missing=_missing(found.validator_value, found.instance),
            message=found.message,
        )
        yield place.span, message, ""


def _unknown_keys(node: MapNode, schema: Any) -> Iterator[tuple[Span, str, str]]:
    known = list(schema.get("properties", {}))
    for key, _ in node.entries:
        if key.text not in known:
            yield key.span, f"không có mục `{key.text}`", did_you_mean(key.text, known)


def _expected(value: Any) -> str:
    if isinstance(value, list):
        return " / ".join(_expected(each) for each in value)
    return _TYPE_LABELS.get(value, str(value)) if isinstance(value, str) else str(value)


def _missing(required: Any, instance: Any) -> str:
    if not isinstance(required, list) or not isinstance(instance, dict):
        return ""
    return "`, `".join(str(name) for name in required if name not in instance)


def _place(node: Node, path: list[str | int]) -> Node:
    for part in path:
        inner: Node | None = None
        if isinstance(node, MapNode):
            inner = node.get(str(part))
        elif isinstance(node, ListNode) and isinstance(part, int):
            inner = node.items[part]
        if inner is None:
            return node
        node = inner
    return node


def _typed(node: Node, schema: Mapping[str, Any]) -> Any:
    """YAML gives only strings; the schema says which of them are numbers or truth values."""
    if isinstance(node, MapNode):
        return {key.text: _typed(value, _property(schema, key.text)) for key, value in node.entries}
    if isinstance(node, ListNode):
        return [_typed(item, _items(schema)) for item in node.items]
    return _scalar(node.text, schema.get("type"))


def _scalar(text: str, kind: Any) -> Any:
    """The text as the first of the schema's types that it can be; else as it is, and refused."""
    for name in kind if isinstance(kind, list) else [kind]:
        read = _READERS.get(name)
        try:
            return read(text) if read else text
        except ValueError:
            continue
    return text
