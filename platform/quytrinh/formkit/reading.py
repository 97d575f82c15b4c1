"""From what a browser posts to the values a case stores."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any, NamedTuple

from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

from quytrinh.formkit.definition import Definition, Field, asked_fields, fields_of
from quytrinh.formkit.notation import NotADate, NotANumber, read_date, read_number

_YES = frozenset({"on", "true", "1"})


class Posted(NamedTuple):
    """What was entered. A text that is not of its field's type stays text: validation tells."""

    values: Mapping[str, Any]
    uploads: Mapping[str, Sequence[UploadedFile]]


def read_post(
    definition: Definition, post: QueryDict, files: MultiValueDict[str, UploadedFile]
) -> Posted:
    """Read the fields of this form; what else was posted is not looked at.

    A field left empty is None, so that a value entered earlier can be taken back.
    """
    values: dict[str, Any] = {}
    uploads: dict[str, list[UploadedFile]] = {}
    for field in fields_of(definition):
        if not field.slot:
            values[field.id] = _read(field, post)
        elif sent := files.getlist(field.id):
            uploads[field.slot] = sent if field.many else sent[-1:]
    return Posted(values, uploads)


def keep_known(definition: Definition, values: Mapping[str, Any]) -> dict[str, Any]:
    """Of values sent as JSON, those of this form's fields, their letters composed.

    What the others leave unasked (`x-when`) is taken back.
    """
    known = {field.id for field in fields_of(definition) if not field.slot}
    composed = {name: _composed(value) for name, value in values.items() if name in known}
    asked = {field.id for field in asked_fields(definition, composed)}
    return {name: value if name in asked else None for name, value in composed.items()}


def _composed(value: Any) -> Any:
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    return [_composed(item) for item in value] if isinstance(value, list) else value


def _clean(text: str) -> str:
    """Composed letters, one kind of line end, nothing around."""
    return unicodedata.normalize("NFC", text).replace("\r\n", "\n").strip()


def _read(field: Field, post: QueryDict) -> Any:
    if field.type == "boolean":
        return post.get(field.id) in _YES
    if field.many:
        texts = post.getlist(field.id)
        if field.widget == "lines":
            texts = [line for text in texts for line in text.splitlines()]
        return [_value(field, text) for text in map(_clean, texts) if text]
    text = _clean(post.get(field.id, ""))
    return _value(field, text) if text else None


def _value(field: Field, text: str) -> Any:
    chosen = [value for value, _label in field.options if str(value) == text]
    if chosen:
        return chosen[0]
    with suppress(NotANumber, NotADate):
        if field.single["type"] in ("integer", "number"):
            return read_number(text)
        if field.single.get("format") == "date":
            return read_date(text)
    return text
