"""The data of a case for reading: the labels of its forms, the values as people write them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quytrinh.compiler.plan import Plan, PlanStep, walk
from quytrinh.formkit.definition import Field, fields_of
from quytrinh.formkit.view import in_words
from quytrinh.organization.directory import Directory, directory
from quytrinh.runtime import definitions
from quytrinh.runtime.models import Case
from quytrinh.runtime.scopes import Scope

EMPTY = (None, "", [])
# What is shown of a member who has said nothing.
_STATES = {
    "open": gettext_lazy("chưa trả lời"),
    "done": gettext_lazy("đã xong"),
    "released": gettext_lazy("đã rút, không phải trả lời"),
    "late": gettext_lazy("quá hạn, không trả lời"),
    "canceled": gettext_lazy("đã hủy"),
}


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
    return [*items.values(), *_opinions(case, plan)]


def _opinions(case: Case, plan: Plan) -> Iterator[Item]:
    """Yield what each member of an `each` has come to, in the latest pass, the lead named."""
    results = Scope(case).results()
    people = directory() if results else None
    for step, members in results.items():
        if step not in plan:
            continue  # of the version the case began under
        fields = list(_fields_within(plan, plan.step(step)))
        for member in members:
            assert people is not None
            said = (in_words(each, member[each.id]) for each in fields if each.id in member)
            yield Item(_member(member, people), "; ".join(said) or str(_STATES[member["state"]]))


def _member(result: Mapping[str, Any], people: Directory) -> str:
    """Return the name of a unit, a person or an agency, and whether it is in the lead."""
    unit = people.unit(result["unit"]) if "unit" in result else None
    person = people.name_of(UUID(result["person"])) if "person" in result else ""
    name = (unit.name if unit else person) or str(result.get("unit") or result.get("agency") or "")
    return _("%(name)s (chủ trì)") % {"name": name} if result["lead"] else name


def _fields_within(plan: Plan, block: PlanStep) -> Iterator[Field]:
    for step in walk(block.branches[0].steps):
        if step.form:
            yield from fields_of(definitions.form(plan.forms[step.form]))


def slot_titles(plan: Plan) -> dict[str, str]:
    """Return the label of each slot that takes files."""
    return {field.slot: field.label for field in _fields(plan) if field.slot}


def _fields(plan: Plan) -> Iterator[Field]:
    """Yield the fields of the forms, first the starting form, then step after step."""
    named = [plan.start_form, *(step.form for step in plan.all_steps())]
    for name in dict.fromkeys(name for name in named if name):
        yield from fields_of(definitions.form(plan.forms[name]))
