"""What a person may begin, and what the page of a start shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from quytrinh.compiler.naming import Phrases
from quytrinh.compiler.plan import Plan, PlanAction, PlanStep
from quytrinh.compiler.wording import StepRow, describe
from quytrinh.organization.directory import PersonView
from quytrinh.runtime import definitions
from quytrinh.runtime.actions.entry import form_of, task_form
from quytrinh.runtime.actions.start import startable
from quytrinh.runtime.models import FlowVersion


@dataclass(frozen=True, slots=True)
class StartableFlow:
    """A procedure this person may begin, and what its first step asks."""

    key: str
    name: str
    help: str
    number: int
    road: tuple[StepRow, ...]
    first_step: str
    form: Mapping[str, Any] | None
    actions: tuple[PlanAction, ...]


def startable_flows(person: PersonView) -> list[StartableFlow]:
    """Return the procedures in force that this person may begin."""
    return [_startable(version) for version in startable(person)]


def _startable(version: FlowVersion) -> StartableFlow:
    plan = definitions.plan(version.plan_digest)
    first = _own_first_step(plan)
    return StartableFlow(
        key=version.flow.key,
        name=plan.name,
        help=plan.help,
        number=version.number,
        # Machines' steps and forks are not what a person waits for.
        road=tuple(row for row in describe(Phrases.of(plan)) if plan.step(row.id).kind == "human"),
        first_step=first.name if first else plan.steps[0].name,
        form=task_form(plan, first) if first else form_of(plan, plan.start_form),
        actions=tuple(each for each in first.actions if not each.when) if first else (),
    )


def _own_first_step(plan: Plan) -> PlanStep | None:
    """Return the first step when whoever begins does it at once."""
    first = plan.steps[0]
    own = first.kind == "human" and first.role == plan.start_role and not plan.start_form
    return first if own else None
