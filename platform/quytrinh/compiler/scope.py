"""What the expressions of one flow may name, with types: each block sees names of its own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from quytrinh.compiler.nesting import Nesting
from quytrinh.compiler.sites import Moment, Site, sites
from quytrinh.language.ast import (
    CallStep,
    EachStep,
    Expression,
    Flow,
    HumanStep,
    ServiceStep,
    Step,
)
from quytrinh.language.diagnostics import Span
from quytrinh.language.expression_check import Checked, Checker
from quytrinh.language.fields import BUILT_IN, MEMBER_KINDS, element_of, type_of
from quytrinh.language.form import FormDefinition
from quytrinh.language.source import Word

_SLOTS: dict[str, str] = {
    "main": "record",
    "annexes": "list<record>",
    "slip": "record",
    "related": "list<record>",
}
_INCOMING_SLOTS = {"reply": "record", "reply_annexes": "list<record>"}
_SETTING_TYPES = {"number": "double", "boolean": "bool", "units": "list<unit>"}
_PERFORMED = {"action": "string", "by": "string", "at": "timestamp", "times": "int"}


def slots_of(document: str | None) -> dict[str, str]:
    """The standard document slots that `document:` declares, with their types."""
    if document is None:
        return {}
    return _SLOTS | (_INCOMING_SLOTS if document == "incoming" else {})


def slots_of_flow(flow: Flow) -> dict[str, str]:
    """Every document slot of a flow, with its type."""
    own = {each.id.text: "list<record>" if each.many else "record" for each in flow.documents}
    return slots_of(flow.document.text if flow.document else None) | own


@dataclass(frozen=True)
class Fields:
    """The fields that some forms ask for; `enums` are those with a list of values."""

    types: Mapping[str, str]
    enums: Mapping[str, tuple[Any, ...]]

    @classmethod
    def of(cls, names: Iterable[Word], forms: Mapping[str, FormDefinition]) -> Fields:
        types: dict[str, str] = {}
        enums: dict[str, tuple[Any, ...]] = {}
        for name in dict.fromkeys(word.text for word in names):
            for field in forms[name].fields if name in forms else ():
                if field.slot is None:
                    types[field.id.text] = type_of(field.schema)
                    if "enum" in field.schema:
                        enums[field.id.text] = tuple(field.schema["enum"])
        return cls(types, enums)


@dataclass(frozen=True)
class Names:
    """The typed names that the expressions of one block see."""

    variables: Mapping[str, str]
    enums: Mapping[str, tuple[Any, ...]]

    @cached_property
    def checker(self) -> Checker:
        return Checker(self.variables)

    @cached_property
    def _checked(self) -> dict[str, Checked]:
        return {}

    def check(self, text: str) -> Checked:
        if text not in self._checked:
            self._checked[text] = self.checker.check(text)
        return self._checked[text]

    def kind_of(self, text: str) -> str:
        """The type of an expression; of a plain name the one declared (`unit`, not `string`)."""
        return self.variables.get(text.strip()) or self.check(text).type


class Scope:
    """The names of all places of a flow."""

    def __init__(self, flow: Flow, forms: Mapping[str, FormDefinition]) -> None:
        self.flow = flow
        self.nesting = Nesting(flow)
        self.slots = slots_of_flow(flow)
        self._forms = forms
        self._seen: dict[tuple[str, bool], Names] = {}

    @classmethod
    def of(cls, flow: Flow, forms: Mapping[str, FormDefinition]) -> Scope:
        return cls(flow, forms)

    def normalise(self, expression: Expression) -> str:
        """The expression of any place printed back, literals widened; as written if it is wrong."""
        names = self._by_place.get(expression.span) or self.names(None)
        return names.check(expression.text).text or expression.text

    def names_at(self, site: Site) -> Names:
        return self.names(site.step, site.moment)

    def names(self, step: Step | None, moment: Moment = "entered") -> Names:
        """What an expression that is evaluated in the block of a step may name."""
        eaches = self.nesting.eaches(step.id.text) if step else ()
        key = (eaches[0].id.text if eaches else "", moment in ("event", "start event"))
        if key not in self._seen:
            self._seen[key] = self._names(eaches, with_event=key[1])
        return self._seen[key]

    @cached_property
    def case(self) -> Fields:
        """Fields of the case: those of forms outside every `each`."""
        return Fields.of(self.forms_in(None), self._forms)

    @cached_property
    def items(self) -> dict[str, Fields]:
        """Fields of a member's branch, by `each`."""
        eaches = (step for step in self.flow.all_steps() if isinstance(step, EachStep))
        return {
            each.id.text: Fields.of(self.forms_in(each.id.text), self._forms) for each in eaches
        }

    @cached_property
    def _by_place(self) -> dict[Span, Names]:
        found: dict[Span, Names] = {}
        for site in sites(self.flow):
            found.setdefault(site.expression.span, self.names_at(site))
        return found

    def forms_in(self, each: str | None) -> list[Word]:
        """Every place that names a form in the branches of an `each`; None = outside of any."""
        return self._forms_by_each.get(each, [])

    @cached_property
    def _forms_by_each(self) -> dict[str | None, list[Word]]:
        found: dict[str | None, list[Word]] = {
            None: [start.form for start in self.flow.starts if start.form]
        }
        for step in self.flow.human_steps():
            asked = (step.form, *(action.form for action in step.actions))
            found.setdefault(self._innermost(step), []).extend(word for word in asked if word)
        return found

    @cached_property
    def _steps_by_each(self) -> dict[str | None, dict[str, str]]:
        """What steps offer to expressions, by the innermost `each` around them."""
        found: dict[str | None, dict[str, str]] = {None: {}}
        for step in self.flow.all_steps():
            found.setdefault(self._innermost(step), {}).update(_step_variables(step))
        return found

    def _innermost(self, step: Step) -> str | None:
        eaches = self.nesting.eaches(step.id.text)
        return eaches[0].id.text if eaches else None

    def _names(self, eaches: tuple[EachStep, ...], *, with_event: bool) -> Names:
        enums = {f"case.{name}": values for name, values in self.case.enums.items()}
        variables = {f"case.{name}": kind for name, kind in {**BUILT_IN, **self.case.types}.items()}
        variables |= {f"docs.{name}": kind for name, kind in self.slots.items()}
        for setting in self.flow.settings:
            kind = _SETTING_TYPES.get(setting.type.text, "string")
            variables[f"setting.{setting.id.text}"] = kind
        # A step of another member's branch is not to be asked: its results are in `results`.
        for around in (None, *(each.id.text for each in eaches)):
            variables |= self._steps_by_each.get(around, {})
        prefix = "item"
        for each in eaches:
            fields = self.items[each.id.text]
            variables |= {f"{prefix}.{name}": kind for name, kind in fields.types.items()}
            enums |= {f"{prefix}.{name}": values for name, values in fields.enums.items()}
            variables |= {f"{prefix}.lead": "bool", **self._member(each, prefix)}
            prefix += ".outer"
        if with_event:
            variables["event"] = "record"
        return Names(variables | {"now": "timestamp"}, enums)

    def _member(self, step: EachStep, prefix: str) -> dict[str, str]:
        kind = self.member_kind(step)
        # Where the list is at fault itself (F402), what is said of its members is not.
        kinds = (kind,) if kind in MEMBER_KINDS else MEMBER_KINDS
        return {f"{prefix}.{each}": each for each in kinds}

    def member_kind(self, each: EachStep) -> str:
        """`unit`, `person` or `agency`; empty where the list's type does not tell."""
        if each.members.role:
            return "person"
        if each.members.units:
            return "unit"
        expression = each.members.expression
        if expression is None:
            return ""
        outer = self.names(each)
        return element_of(outer.kind_of(expression.text))


def _step_variables(step: Step) -> dict[str, str]:
    name = f"steps.{step.id.text}"
    match step:
        case HumanStep(run=None):
            return {f"{name}.{key}": kind for key, kind in _PERFORMED.items()}
        case HumanStep() | ServiceStep():
            return {name: "record"}
        case CallStep():
            return {f"{name}.outcome": "string"}
        case EachStep():
            return {f"results.{step.id.text}": "list<record>"}
    return {}
