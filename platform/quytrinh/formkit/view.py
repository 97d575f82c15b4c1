"""A form as a template draws it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from quytrinh.formkit.definition import Definition, Field, fields_of
from quytrinh.formkit.notation import write_date
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
class FormView:
    """A form on a page."""

    id: str
    name: str
    help: str
    fields: tuple[FieldView, ...] = field(default=())

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
        return cls(
            id=definition["form"],
            name=definition["name"],
            help=definition.get("help", ""),
            fields=tuple(
                _field_view(
                    each,
                    values.get(each.id, each.schema.get("default")),
                    tuple(errors.get(each.id, ())),
                    tuple(files.get(each.slot or "", ())),
                )
                for each in fields_of(definition)
            ),
        )


def _field_view(
    field: Field, value: Any, errors: tuple[str, ...], files: tuple[str, ...]
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
    return next((label for option, label in field.options if option == value), shown(field, value))
