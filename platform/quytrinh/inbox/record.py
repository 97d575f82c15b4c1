"""The data of a case for reading: the labels of its forms, the values as people write them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from quytrinh.compiler.plan import Plan
from quytrinh.formkit.definition import Field, fields_of
from quytrinh.formkit.view import in_words
from quytrinh.runtime import definitions
from quytrinh.runtime.models import Case

EMPTY = (None, "", [])


@dataclass(frozen=True, slots=True)
class Item:
    """One field as it is read."""

    label: str
    text: str


def record_items(case: Case, plan: Plan) -> list[Item]:
    """Return the filled fields of a case, in the order in which its forms ask for them."""
    values = {**case.fields, "subject": case.subject, "urgency": case.urgency}
    items = {
        field.id: Item(field.label, in_words(field, values[field.id]))
        for field in _fields(plan)
        if values.get(field.id) not in EMPTY
    }
    return list(items.values())


def slot_titles(plan: Plan) -> dict[str, str]:
    """Return the label of each slot that takes files."""
    return {field.slot: field.label for field in _fields(plan) if field.slot}


def _fields(plan: Plan) -> Iterator[Field]:
    """Yield the fields of the forms, first the starting form, then step after step."""
    named = [plan.start_form, *(step.form for step in plan.steps)]
    for name in dict.fromkeys(name for name in named if name):
        yield from fields_of(definitions.form(plan.forms[name]))
