"""What people call the parts of a plan: steps, fields, outcomes, conditions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from quytrinh.compiler.plan import Plan, PlanStep
from quytrinh.language.condition_names import Names, StepName, setting_name
from quytrinh.language.condition_words import condition_in_words
from quytrinh.spi import Registry

SYSTEM_NAME = "Hệ thống"
_UNNAMED_CHOICE = "Rẽ nhánh"
_EVENTS = {
    "exchange.received": "nhận văn bản qua trục liên thông",
    "exchange.recall": "nơi gửi thu hồi văn bản",
    "exchange.update": "nơi gửi cập nhật văn bản",
    "exchange.replace": "nơi gửi thay thế văn bản",
    "mail.received": "nhận thư điện tử",
    "call": "quy trình khác gọi đến",
}
_OUTCOMES = {"time": "hết thời gian chờ", "cancelled": "bị hủy", "failed": "không thực hiện được"}
_BRIEF = 60


def step_name(step: PlanStep) -> str:
    """The name people read; a choice is often left unnamed."""
    if step.kind == "choose" and step.name == step.id:
        return _UNNAMED_CHOICE
    return step.name


def step_numbers(plan: Plan) -> dict[str, int]:
    """Numbers from 1 of all steps but the ends, in the order of the text."""
    counted = [step.id for step in plan.all_steps() if step.kind != "end"]
    return {step_id: position for position, step_id in enumerate(counted, start=1)}


def event_in_words(event: str) -> str:
    """An event as the second half of «khi …»; one of a plugin by its own name."""
    return _EVENTS.get(event, event)


def names_of(plan: Plan, forms: Mapping[str, Mapping[str, Any]]) -> Names:
    """What conditions of a plan call its fields and steps; `forms` are canonical, by their ids."""
    asked = dict.fromkeys(form for form in _forms_in_order(plan) if form in forms)
    steps = {
        step.id: StepName(
            f"“{step_name(step)}”", {action.id: action.label for action in step.actions}
        )
        for step in plan.all_steps()
    }
    settings = {each.id: setting_name(each.name, each.type) for each in plan.settings}
    return Names.of([forms[form] for form in asked], steps, settings)


def _forms_in_order(plan: Plan) -> Iterable[str]:
    """The forms of a plan as a case comes to them; some come twice."""
    yield plan.start_form or ""
    for step in plan.all_steps():
        yield step.form or ""
        yield from (action.form or "" for action in step.actions)


@dataclass(frozen=True, slots=True)
class Phrases:
    """Says the names and conditions of one plan; `flows` are names of other flows by their keys."""

    plan: Plan
    names: Names = field(default_factory=Names)
    registry: Registry = field(default_factory=Registry)
    flows: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        plan: Plan,
        *,
        forms: Mapping[str, Mapping[str, Any]] | None = None,
        registry: Registry | None = None,
        flows: Mapping[str, str] | None = None,
    ) -> Phrases:
        """The words that canonical forms (by id) and plugins give; without them, as written."""
        return cls(plan, names_of(plan, forms or {}), registry or Registry(), flows or {})

    def condition(self, when: str | None) -> str:
        """A condition as a sentence, or as it is written where it is not understood."""
        return condition_in_words(when, self.names) if when else ""

    def brief(self, when: str | None, otherwise: str = "") -> str:
        """A condition short enough for a drawing; `otherwise` if it cannot be said in words."""
        said = self.condition(when)
        return otherwise if said == (when or "") else shorten(said)

    def expression(self, expression: str) -> str:
        """A field as it is titled; another expression as it is written."""
        known = self.names.field_of(expression)
        return known.title if known else expression

    def outcome(self, step: PlanStep, outcome: str) -> str:
        """What an outcome of a step is called: by its plugin, or by the event that was awaited."""
        if step.run is not None and step.run in self.registry:
            titles = {each.id: each.title for each in self.registry.get(step.run).outcomes}
            if outcome in titles:
                return titles[outcome]
        if step.kind == "wait" and outcome in _EVENTS:
            return event_in_words(outcome)
        return _OUTCOMES.get(outcome, outcome)

    def plugin(self, name: str) -> str:
        """The title of a plugin step."""
        return self.registry.get(name).title if name in self.registry else name

    def step(self, key: str) -> str:
        """The name of a step of the plan; a target which it does not have as it is written."""
        try:
            return step_name(self.plan.step(key))
        except KeyError:
            return key

    def flow(self, key: str) -> str:
        """The name of another flow."""
        return self.flows.get(key, key)

    def role(self, key: str) -> str:
        """The name of a role of the plan."""
        known = self.plan.roles.get(key)
        return known.name if known else key

    def who(self, step: PlanStep) -> str:
        """Who does a step; empty where nobody does anything."""
        if step.role is not None:
            return self.role(step.role)
        return SYSTEM_NAME if step.kind in ("service", "call", "wait") else ""


def shorten(text: str, length: int = _BRIEF) -> str:
    """The first words of a long text."""
    if len(text) <= length:
        return text
    return f"{text[:length].rsplit(' ', 1)[0]}…"
