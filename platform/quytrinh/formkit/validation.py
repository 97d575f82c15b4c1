"""Checks values against a form definition; every finding is told on its field, in words."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any

import re2
from django.utils.translation import gettext as _
from jsonschema import Draft202012Validator, FormatChecker, ValidationError
from jsonschema.validators import extend
from referencing import Registry

from quytrinh.formkit.definition import Definition, Field, asked_fields
from quytrinh.language.numbers import write_number

Errors = dict[str, list[str]]


def _pattern(
    validator: Any, pattern: str, instance: Any, schema: Mapping[str, Any]
) -> Iterator[ValidationError]:
    """Match in linear time; the stock keyword can be made to hang by a text."""
    if isinstance(instance, str) and not re2.search(pattern, instance):
        yield ValidationError(f"{instance!r} does not match")


# The empty registry resolves nothing: a definition cannot make the server fetch anything.
_Validator = extend(Draft202012Validator, {"pattern": _pattern})
_formats = FormatChecker(["date"])
_nothing_remote: Registry[Any] = Registry()


def validate(
    definition: Definition,
    values: Mapping[str, Any],
    *,
    complete: bool = True,
    filled_slots: Collection[str] = (),
) -> Errors:
    """Return the messages of each wrong field; `complete=False` asks for no missing one.

    None is a field left empty. `filled_slots` are the document slots that hold something.
    """
    errors: Errors = {}
    for field in asked_fields(definition, values):
        if field.slot:
            missing = field.required and field.slot not in filled_slots
            messages = [_("Phải chọn tệp")] if complete and missing else []
        else:
            messages = _check(field, values.get(field.id), complete=complete)
        if messages:
            errors[field.id] = messages
    return errors


def _check(field: Field, value: Any, *, complete: bool) -> list[str]:
    if value in (None, "", []):
        return [_("Bắt buộc nhập")] if complete and field.required else []
    validator = _Validator(dict(field.schema), registry=_nothing_remote, format_checker=_formats)
    found = sorted(validator.iter_errors(value), key=lambda error: list(error.absolute_path))
    messages = [_explain(field, error) for error in found] or _not_offered(field, value)
    return list(dict.fromkeys(messages))


def _not_offered(field: Field, value: Any) -> list[str]:
    """People, units and agencies are chosen from those there are."""
    if not field.picker:
        return []
    offered = {option for option, _label in field.options}
    chosen = value if field.many else [value]
    if all(each in offered for each in chosen):
        return []
    return [_("Chọn trong danh sách của cơ quan; giá trị này không có hoặc không còn")]


def _amount(value: Any) -> str:
    return write_number(value) if isinstance(value, int | float) else str(value)


_MESSAGES: Mapping[str, Callable[[Any], str]] = {
    "maxLength": lambda limit: _("Tối đa %(limit)s ký tự") % {"limit": _amount(limit)},
    "minLength": lambda limit: _("Ít nhất %(limit)s ký tự") % {"limit": _amount(limit)},
    "minimum": lambda limit: _("Không nhỏ hơn %(limit)s") % {"limit": _amount(limit)},
    "maximum": lambda limit: _("Không lớn hơn %(limit)s") % {"limit": _amount(limit)},
    "maxItems": lambda limit: _("Tối đa %(limit)s mục") % {"limit": _amount(limit)},
    "minItems": lambda limit: _("Ít nhất %(limit)s mục") % {"limit": _amount(limit)},
    "enum": lambda _values: _("Chọn một giá trị trong danh sách"),
    "pattern": lambda _pattern: _("Không đúng dạng quy định"),
    "format": lambda _format: _("Phải là ngày có thật, viết dạng 05/09/2026"),
}
_TYPES: Mapping[str, Callable[[], str]] = {
    "number": lambda: _("Phải là số, ví dụ 1.234.567,89"),
    "integer": lambda: _("Phải là số nguyên"),
    "string": lambda: _("Phải là chữ"),
    "boolean": lambda: _("Phải là có hoặc không"),
    "array": lambda: _("Phải là danh sách"),
}


def _explain(field: Field, error: ValidationError) -> str:
    if error.validator == "type":
        message = _TYPES[str(error.validator_value)]()
    elif error.validator in _MESSAGES:
        message = _MESSAGES[str(error.validator)](error.validator_value)
    else:
        message = _("Giá trị không hợp lệ")
    if field.many and error.absolute_path:
        place = int(error.absolute_path[0]) + 1
        return _("Mục %(place)s: %(message)s") % {"place": place, "message": message}
    return message
