"""The start of a case as one act: the case begins and its first step is done, or neither."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from quytrinh.compiler.plan import Plan, PlanAction, PlanStep
from quytrinh.compiler.wording import StepRow, describe
from quytrinh.organization.directory import PersonView
from quytrinh.runtime import actions, definitions
from quytrinh.runtime.actions.entry import form_of
from quytrinh.runtime.actions.start import startable
from quytrinh.runtime.lawful import holds
from quytrinh.runtime.models import CaseTask, FlowVersion


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
    plan = definitions.plan(version.definition_id)
    first = _own_first_step(plan)
    return StartableFlow(
        key=version.flow.key,
        name=plan.name,
        help=plan.help,
        number=version.number,
        # Machines' steps and forks are not what a person waits for.
        road=tuple(row for row in describe(plan) if plan.step(row.id).kind == "human"),
        first_step=first.name if first else plan.steps[0].name,
        form=form_of(plan, first.form if first else plan.start_form),
        actions=tuple(each for each in first.actions if not each.when) if first else (),
    )


def _own_first_step(plan: Plan) -> PlanStep | None:
    """Return the first step when whoever begins does it at once."""
    first = plan.steps[0]
    own = first.kind == "human" and first.role == plan.start_role and not plan.start_form
    return first if own else None


def begin(
    *,
    flow_key: str,
    actor: PersonView,
    action: str,
    values: Mapping[str, Any],
    comment: str,
    uploads: Mapping[str, Sequence[UploadedFile]],
) -> UUID:
    """Begin a case and, when `action` is given, do its first step by it; return the case's id.

    Raises what start_case and perform raise; then there is no case.
    """
    with transaction.atomic():
        case = actions.start_case(flow_key=flow_key, actor=actor, values=values)
        first = CaseTask.objects.open().filter(process=case).order_by("created").first()
        if action and first and holds(first, actor):
            actions.perform(
                task_id=first.pk,
                actor=actor,
                action=action,
                values=values,
                comment=comment,
                uploads=uploads,
            )
    return case.pk
