"""A form as a template draws it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from quytrinh.formkit.definition import Definition, Field, asked_fields, fields_of
from quytrinh.formkit.notation import write_date
from quytrinh.formkit.pickers import name_of
from quytrinh.language.numbers import write_number


@dataclass(frozen=True, slots=True)
class Option:
    """A value to choose."""

    value: str
    label: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class FieldView:
    """A field with what is in it and what is wrong with it."""

    id: str
    label: str
    help: str
    widget: str
    required: bool
    text: str
    options: tuple[Option, ...] = ()
    checked: bool = False
    many: bool = False
    max_length: int | None = None
    files: tuple[str, ...] = ()
    errors: tuple[str, ...] = ()
    # `x-when` as the browser needs it; empty: always asked.
    condition: str = ""
    asked: bool = True

    @property
    def html_id(self) -> str:
        return f"field-{self.id}"

    @property
    def is_group(self) -> bool:
        """Whether the field is several controls under one legend."""
        return self.widget in ("radio", "checkboxes")

    @property
    def described_by(self) -> str:
        """Ids of the help and the error of this field."""
        parts = [f"{self.html_id}-help"] if self.help else []
        parts += [f"{self.html_id}-files"] if self.files else []
        parts += [f"{self.html_id}-error"] if self.errors else []
        return " ".join(parts)


@dataclass(frozen=True, slots=True)
class SectionView:
    """Fields under a title; without one the fields that no section names."""

    title: str
    help: str
    columns: int
    fields: tuple[FieldView, ...]


@dataclass(frozen=True, slots=True)
class FormView:
    """A form on a page."""

    id: str
    name: str
    help: str
    fields: tuple[FieldView, ...] = field(default=())
    sections: tuple[SectionView, ...] = field(default=())

    @property
    def has_conditions(self) -> bool:
        """Whether what is entered decides what else is asked."""
        return any(each.condition for each in self.fields)

    @property
    def wrong(self) -> tuple[FieldView, ...]:
        """The fields with errors, in the order of the page."""
        return tuple(each for each in self.fields if each.errors)

    @classmethod
    def of(
        cls,
        definition: Definition,
        *,
        values: Mapping[str, Any] | None = None,
        errors: Mapping[str, Sequence[str]] | None = None,
        files: Mapping[str, Sequence[str]] | None = None,
    ) -> FormView:
        """A form filled with `values`; `files` are the names of the files in each slot."""
        values, errors, files = values or {}, errors or {}, files or {}
        declared = fields_of(definition)
        filled = {each.id: values.get(each.id, each.schema.get("default")) for each in declared}
        asked = {each.id for each in asked_fields(definition, filled)}
        fields = {
            each.id: _field_view(
                each,
                filled[each.id],
                tuple(errors.get(each.id, ())),
                tuple(files.get(each.slot or "", ())),
                asked=each.id in asked,
            )
            for each in declared
        }
        return cls(
            id=definition["form"],
            name=definition["name"],
            help=definition.get("help", ""),
            fields=tuple(fields.values()),
            sections=_sections(definition, fields),
        )


def _sections(definition: Definition, fields: Mapping[str, FieldView]) -> tuple[SectionView, ...]:
    """The sections of the layout, then what stands in none (an action may ask for more)."""
    named = [
        SectionView(
            each["title"],
            each.get("help", ""),
            each.get("columns", 1),
            tuple(fields[name] for name in each["fields"] if name in fields),
        )
        for each in definition.get("layout", ())
    ]
    placed = {each.id for section in named for each in section.fields}
    rest = tuple(each for name, each in fields.items() if name not in placed)
    return (*named, SectionView("", "", 1, rest)) if rest else tuple(named)


def _field_view(
    field: Field, value: Any, errors: tuple[str, ...], files: tuple[str, ...], *, asked: bool
) -> FieldView:
    chosen = {str(each) for each in (value if isinstance(value, list) else [value])}
    return FieldView(
        id=field.id,
        label=field.label,
        help=field.help,
        widget=field.widget,
        required=field.required,
        text=shown(field, value),
        options=tuple(
            Option(str(option), label, str(option) in chosen) for option, label in field.options
        ),
        checked=value is True,
        many=field.many,
        max_length=field.schema.get("maxLength"),
        files=files,
        errors=errors,
        condition=json.dumps(field.condition, ensure_ascii=False) if field.condition else "",
        asked=asked,
    )


def shown(field: Field, value: Any) -> str:
    """A stored value as it stands in its control; what is not of its type stands as entered."""
    if value is None:
        return ""
    if isinstance(value, list):
        return "\n".join(shown(field, item) for item in value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return write_number(value)
    if field.single.get("format") == "date":
        try:
            return write_date(value)
        except ValueError:
            return str(value)
    return str(value)


def in_words(field: Field, value: Any) -> str:
    """A stored value as a person reads it: labels instead of values."""
    if isinstance(value, list):
        return ", ".join(in_words(field, item) for item in value)
    if isinstance(value, bool):
        return _("Có") if value else _("Không")
    if field.picker:
        return name_of(field.picker, str(value))
    return next((label for option, label in field.options if option == value), shown(field, value))
