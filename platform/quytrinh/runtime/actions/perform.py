"""A person does a task: one action, chosen and checked, in one transaction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from quytrinh.compiler.plan import PlanAction, PlanStep
from quytrinh.organization.directory import PersonView
from quytrinh.organization.keys import person_key
from quytrinh.runtime import definitions
from quytrinh.runtime.actions.entry import (
    Entered,
    Received,
    Uploads,
    check,
    forms_for,
    keep,
    receive,
    refuse_excluded,
)
from quytrinh.runtime.actions.step import step_of
from quytrinh.runtime.engine.activations import HumanActivation
from quytrinh.runtime.engine.origin import LED_BY
from quytrinh.runtime.exceptions import ActionNotAllowed, NotFoundForYou, TaskAlreadyDone
from quytrinh.runtime.lawful import holds, why_not
from quytrinh.runtime.memory import remember_completion, remember_return
from quytrinh.runtime.models import Case, CaseTask, InboxEntry
from quytrinh.runtime.plugins import run_act
from quytrinh.runtime.scopes import scope_of
from quytrinh.runtime.store import store
from quytrinh.runtime.unit_of_work import UnitOfWork
from quytrinh.tenancy.context import writing


@dataclass(frozen=True, slots=True)
class StepResult:
    """What became of a step: the case, and the task that waits for the same person, if any."""

    case_id: UUID
    case_code: str
    finished: bool
    my_next_task: UUID | None


def perform(
    *,
    task_id: UUID,
    actor: PersonView,
    action: str,
    values: Mapping[str, Any] | None = None,
    comment: str = "",
    uploads: Uploads | None = None,
    received: Received | None = None,
) -> StepResult:
    """Do a task by one of its actions; files come as uploads, or were received before.

    Raises NotFoundForYou, TaskAlreadyDone, ActionNotAllowed, FormInvalid, ExpressionFailed,
    ActFailed; then nothing has changed.
    """
    refuse_excluded(values, actor=actor.id)
    if uploads:
        received = _receive(task_id, actor, action, uploads)
    entered = Entered(values or {}, received or {}, comment.strip())
    with step_of(task_id=task_id, actor=actor.id) as work:
        task = open_task(work, task_id, actor)
        work.on_behalf_of = actor.acts_for(task.holder_keys, task.owner_id)
        step = work.plan.step(task.step)
        chosen = _lawful_action(step, action, task, actor)
        scope = scope_of(task)
        values_to_keep = check(work.plan, step, chosen, entered, scope)
        keep(scope, values_to_keep, entered.received, actor=actor.id)
        _complete(work, task, step, chosen, entered.comment)
        return _result(work, actor)


def mark_seen(*, task_id: UUID, actor: PersonView) -> None:
    """Note that the holder opened a task: it can no longer be taken back unseen.

    Under the lock of the case, so that it is opened before it is recalled, or after.
    """
    now = timezone.now()
    with writing(), transaction.atomic():
        Case.objects.select_for_update().filter(task_set=task_id).values_list("pk").first()
        InboxEntry.objects.filter(task_id=task_id, seen_at=None).update(seen_at=now)
        CaseTask.objects.open().filter(pk=task_id, seen_at=None).update(seen_at=now)


def open_task(work: UnitOfWork, task_id: UUID, actor: PersonView) -> CaseTask:
    """Return the task if it is still open; else say who did it, to those who may know."""
    if task_id in work.open_tasks:
        return work.open_tasks[task_id]
    task = CaseTask.objects.get(pk=task_id)
    if not _may_see(task, actor):
        raise NotFoundForYou
    raise TaskAlreadyDone(
        step=work.plan.name_of(task.step),
        who=work.directory.name_of(task.done_by_id),
        when=task.finished,
    )


def _may_see(task: CaseTask, actor: PersonView) -> bool:
    return holds(task, actor) or (
        Case.objects.visible_to(actor).filter(pk=task.process_id).exists()
    )


def _complete(
    work: UnitOfWork, task: CaseTask, step: PlanStep, action: PlanAction, comment: str
) -> None:
    """Complete the task, remember it, record it, and let the token go on."""
    actor = work.actor
    assert actor is not None
    route = action.route
    task.action, task.comment, task.done_by_id = action.id, comment, actor
    scope = scope_of(task)
    remember_completion(
        scope,
        step.id,
        action=action.id,
        forward=route.return_to is None,
        by=actor,
        at=work.now,
        comment=comment,
        on_behalf_of=work.on_behalf_of,
        led_by=task.data.get(LED_BY),
    )
    if route.return_to and route.then == "back_here":
        remember_return(scope, source=step.id, target=route.return_to)
    work.may_view([person_key(actor)])
    work.record(
        "task.returned" if route.return_to else "task.completed",
        task=str(task.pk),
        step=step.id,
        action=action.id,
        label=action.label,
        comment=comment,
    )
    if action.run:
        _act(work, task, step, action)
    _tell_sender(work, task, step, action)
    activation = HumanActivation(task)
    activation.take(actor)
    activation.execute()


def _act(work: UnitOfWork, task: CaseTask, step: PlanStep, action: PlanAction) -> None:
    """Do what the decision does, and keep its evidence: who decided what on which version."""
    result = run_act(step, action, task)
    evidence = {"act": action.run, "outputs": dict(result.outputs)}
    work.record("act.done", task=str(task.pk), step=step.id, action=action.id, **evidence)
    scope = scope_of(task)
    scope.remember(step.id, {**scope.memory(step.id), "act": evidence})


def _tell_sender(work: UnitOfWork, task: CaseTask, step: PlanStep, action: PlanAction) -> None:
    """Tell the action's own status, or the step's when a person's decision completes it."""
    completes = not (action.route.return_to or step.is_confirmed)
    own = step.reports.done if step.reports and completes else None
    work.tell_sender(action.reports or own, task=task)


def _lawful_action(step: PlanStep, action_id: str, task: CaseTask, actor: PersonView) -> PlanAction:
    if not _may_see(task, actor):
        raise NotFoundForYou
    # Who is asked beside a task does not do the task.
    if task.is_side:
        raise NotFoundForYou
    chosen = next((action for action in step.actions if action.id == action_id), None)
    if chosen is None:
        raise NotFoundForYou
    obstacle = why_not(step, chosen, task, actor)
    if obstacle:
        raise ActionNotAllowed(obstacle)
    return chosen


def _receive(task_id: UUID, actor: PersonView, action: str, uploads: Uploads) -> Received:
    """Store uploads, once it is clear that the action would be taken.

    A task that is no longer open receives nothing; the step itself then says why.
    """
    with transaction.atomic():
        loaded = store().load(task_id=task_id)
        if loaded is None:
            raise NotFoundForYou
        task = next((task for task in loaded.open_tasks if task.pk == task_id), None)
        if task is None:
            return {}
        task.process = loaded.case
        plan = definitions.plan(loaded.case.digest)
        step = plan.step(task.step)
        chosen = _lawful_action(step, action, task, actor)
    return receive(plan, forms_for(step, chosen), uploads, actor=actor.id)


def _result(work: UnitOfWork, actor: PersonView) -> StepResult:
    mine = (task.pk for task in work.created_tasks if task.holder_keys and holds(task, actor))
    return StepResult(
        case_id=work.case.pk,
        case_code=work.case.code,
        finished=work.case.finished is not None,
        my_next_task=next(mine, None),
    )
