"""What the expressions of one flow may name, with types."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from quytrinh.language.ast import Expression, Flow, HumanStep, ServiceStep
from quytrinh.language.expression_check import Checked, Checker
from quytrinh.language.fields import BUILT_IN, type_of
from quytrinh.language.form import FormDefinition

_SLOTS: dict[str, str] = {
    "main": "record",
    "annexes": "list<record>",
    "slip": "record",
    "related": "list<record>",
}
_INCOMING_SLOTS = {"reply": "record", "reply_annexes": "list<record>"}


def slots_of(document: str | None) -> dict[str, str]:
    """The standard document slots that `document:` declares, with their types."""
    if document is None:
        return {}
    return _SLOTS | (_INCOMING_SLOTS if document == "incoming" else {})


@dataclass(frozen=True)
class Scope:
    """Fields, slots and steps of a flow; `enums` are the fields with a list of values."""

    fields: Mapping[str, str]
    slots: Mapping[str, str]
    steps: Mapping[str, str]
    enums: Mapping[str, tuple[Any, ...]]

    @classmethod
    def of(cls, flow: Flow, forms: Mapping[str, FormDefinition]) -> Scope:
        fields = dict(BUILT_IN)
        enums: dict[str, tuple[Any, ...]] = {}
        for name in dict.fromkeys(word.text for word in flow.form_references()):
            for field in forms[name].fields if name in forms else ():
                if field.slot is None:
                    fields[field.id.text] = type_of(field.schema)
                    if "enum" in field.schema:
                        enums[field.id.text] = tuple(field.schema["enum"])
        steps = _step_variables(flow)
        document = flow.document.text if flow.document else None
        return cls(fields, slots_of(document), steps, enums)

    @cached_property
    def checker(self) -> Checker:
        variables = {f"case.{name}": kind for name, kind in self.fields.items()}
        variables |= {f"docs.{name}": kind for name, kind in self.slots.items()}
        return Checker(variables | dict(self.steps) | {"now": "timestamp"})

    def check(self, expression: Expression) -> Checked:
        return self.checker.check(expression.text)

    def normalise(self, expression: Expression) -> str:
        """The expression printed back, literals widened; as written if it does not check."""
        return self.check(expression).text or expression.text


def _step_variables(flow: Flow) -> dict[str, str]:
    variables: dict[str, str] = {}
    for step in flow.all_steps():
        name = f"steps.{step.id.text}"
        if isinstance(step, HumanStep) and step.run is None:
            kinds = {"action": "string", "by": "string", "at": "timestamp", "times": "int"}
            variables |= {f"{name}.{key}": kind for key, kind in kinds.items()}
        elif isinstance(step, HumanStep | ServiceStep):
            variables[name] = "record"
    return variables
