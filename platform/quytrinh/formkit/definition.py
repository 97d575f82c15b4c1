"""A canonical form definition as its pages and its checks need it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from quytrinh.formkit.pickers import offered
from quytrinh.language.fields import MEMBER_KINDS

Definition = Mapping[str, Any]
_LONG_TEXT = 200


@dataclass(frozen=True)
class Field:
    """One field of a form."""

    schema: Mapping[str, Any]
    required: bool

    @property
    def id(self) -> str:
        return str(self.schema["id"])

    @property
    def label(self) -> str:
        return str(self.schema.get("title", self.id))

    @property
    def help(self) -> str:
        return str(self.schema.get("description", ""))

    @property
    def type(self) -> str:
        return str(self.schema["type"])

    @property
    def slot(self) -> str | None:
        """The document slot that a file field fills."""
        slot: str | None = self.schema.get("x-slot")
        return slot

    @property
    def many(self) -> bool:
        """Whether the field holds a list."""
        return self.type == "array"

    @property
    def single(self) -> Mapping[str, Any]:
        """The schema of one value: of the field, or of each item of its list."""
        items: Mapping[str, Any] = self.schema.get("items", {}) if self.many else self.schema
        return items

    @property
    def picker(self) -> str | None:
        """From which list of the agency the value is chosen: `person`, `unit`, `agency`."""
        kind: str | None = self.single.get("format")
        return kind if kind in MEMBER_KINDS else None

    @property
    def condition(self) -> Mapping[str, Sequence[str]]:
        """The field is asked only where each of these fields has one of these values."""
        condition: Mapping[str, Sequence[str]] = self.schema.get("x-when", {})
        return condition

    @property
    def options(self) -> tuple[tuple[Any, str], ...]:
        """The values one may choose from, with their labels."""
        if self.picker:
            return tuple(offered(self.picker).items())
        labels = self.schema.get("x-labels", {})
        values = self.single.get("enum", ())
        return tuple((value, labels.get(str(value), str(value))) for value in values)

    @cached_property
    def widget(self) -> str:
        """Which control shows the field."""
        if self.slot:
            return "file"
        if self.type == "boolean":
            return "checkbox"
        if self.many:
            return "checkboxes" if self.picker or self.options else "lines"
        if self.picker or self.options:
            return str(self.schema.get("x-widget", "select"))
        if self.schema.get("format") == "date":
            return "date"
        if self.type in ("integer", "number"):
            return "number"
        long = self.schema.get("maxLength", 0) > _LONG_TEXT
        return str(self.schema.get("x-widget", "textarea" if long else "text"))


def fields_of(definition: Definition) -> tuple[Field, ...]:
    """The fields of a form, in the order of the page."""
    schema = definition["schema"]
    required = set(schema.get("required", ()))
    return tuple(Field(each, each["id"] in required) for each in schema["properties"])


def slots_of(definition: Definition) -> dict[str, str]:
    """Which field of the form fills which document slot."""
    return {field.slot: field.id for field in fields_of(definition) if field.slot}


def asked_fields(definition: Definition, values: Mapping[str, Any]) -> Iterator[Field]:
    """Yield the fields that these values leave to be asked; what is not asked counts as empty."""
    answered: dict[str, Any] = {}
    for field in fields_of(definition):
        if all(_is_one_of(answered.get(name), each) for name, each in field.condition.items()):
            answered[field.id] = values.get(field.id)
            yield field


def _is_one_of(value: Any, wanted: Sequence[str]) -> bool:
    given = value if isinstance(value, list) else [value]
    return any(as_text(each) in wanted for each in given)


def as_text(value: Any) -> str:
    """A value as `x-when` writes it."""
    return str(value).lower() if isinstance(value, bool) else str(value)
