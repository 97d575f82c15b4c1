"""Which step of the later version a step of the earlier one becomes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from quytrinh.compiler.differences import renamed
from quytrinh.compiler.naming import step_name
from quytrinh.compiler.plan import Plan, PlanStep
from quytrinh.runtime import definitions
from quytrinh.runtime.exceptions import FormInvalid
from quytrinh.runtime.models import FlowVersion

# Steps at which no case ever stands.
PASSED_AT_ONCE = ("choose", "end")
# Earlier step -> later step; one that is not named is gone.
StepMap = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Choice:
    """An earlier step and the later ones it may become; `chosen` is empty when it is gone."""

    step: str
    name: str
    chosen: str
    options: tuple[tuple[str, str], ...]


def plan_of(version: FlowVersion) -> Plan:
    """Return the plan of a promulgated version."""
    return definitions.plan(str(version.plan_digest))


def proposed(source: FlowVersion, target: FlowVersion) -> dict[str, str]:
    """Return the mapping the semantic difference proposes: the same id, or taken for renamed."""
    old, new = plan_of(source), plan_of(target)
    ids = {step.id for step in new.all_steps()}
    names = renamed(
        definitions.canonical(str(source.definition_id)),
        definitions.canonical(str(target.definition_id)),
    )
    found = {step.id: names.get(step.id, step.id) for step in old.all_steps()}
    return {
        earlier: later
        for earlier, later in found.items()
        if later in ids and old.step(earlier).kind == new.step(later).kind
    }


def chosen(source: FlowVersion, target: FlowVersion, choices: Mapping[str, str]) -> dict[str, str]:
    """Return the proposed mapping with a person's choices; an empty choice = the step is gone.

    Raises FormInvalid for steps that are not there or of another kind.
    """
    steps = proposed(source, target)
    old, new = plan_of(source), plan_of(target)
    allowed = {step.id: {each.id for each in _like(step, new)} for step in old.all_steps()}
    for earlier, later in choices.items():
        if later and later not in allowed.get(earlier, ()):
            wrong = _("Bước “%(step)s” không chuyển sang được bước đã chọn.")
            raise FormInvalid({"steps": [wrong % {"step": old.name_of(earlier)}]})
        if later:
            steps[earlier] = later
        else:
            steps.pop(earlier, None)
    return steps


def choices(
    source: FlowVersion, target: FlowVersion, steps: StepMap, occupied: Iterable[str]
) -> tuple[Choice, ...]:
    """Return what can be chosen: steps at which cases stand, and those without a namesake."""
    old, new = plan_of(source), plan_of(target)
    asked = set(occupied) | {step.id for step in old.all_steps() if steps.get(step.id) != step.id}
    return tuple(
        Choice(
            step=step.id,
            name=step_name(step),
            chosen=steps.get(step.id, ""),
            options=tuple((each.id, step_name(each)) for each in _like(step, new)),
        )
        for step in old.all_steps()
        if step.id in asked and step.kind not in PASSED_AT_ONCE
    )


def _like(step: PlanStep, plan: Plan) -> list[PlanStep]:
    """Return the steps of a plan that a case standing at this one may stand at."""
    return [each for each in plan.all_steps() if each.kind == step.kind]
