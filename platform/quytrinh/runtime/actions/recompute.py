"""A new announcement: the open deadlines of an agency are counted anew, case by case.

Each change is journalled with the old instant, the new one and the announcement. A deadline that
is not what the calendars before gave was moved by somebody, and stays. Doing it again changes
nothing, so a batch that was cut short is simply done again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from quytrinh.background.actions import enqueue
from quytrinh.background.message import Message
from quytrinh.compiler.plan import PlanDue
from quytrinh.deadlines.calendars import Calendars
from quytrinh.deadlines.due import due_at
from quytrinh.deadlines.stored import Ingredients
from quytrinh.organization.directory import directory
from quytrinh.runtime import definitions
from quytrinh.runtime.actions.step import step_of
from quytrinh.runtime.facts import evaluate_for
from quytrinh.runtime.models import Case, CaseTask, InboxEntry
from quytrinh.runtime.querysets import OPEN
from quytrinh.runtime.scopes import Scope, scope_of
from quytrinh.runtime.unit_of_work import UnitOfWork
from quytrinh.tenancy.ids import uuid7

RECOMPUTE_KIND = "runtime.recompute"
# Cases in one message; each is a transaction of its own.
BATCH = 200


@dataclass(frozen=True, slots=True)
class Change:
    """The calendars before and after, and what announced the difference."""

    before: Calendars
    after: Calendars
    announcement: str

    def of(self, due: PlanDue | None, scope: Scope, since: datetime, current: datetime) -> datetime:
        """Return the new instant of a deadline, or the current one where nothing changes."""
        if due is None or self._count(due, scope, since, self.before) != current:
            return current
        return self._count(due, scope, since, self.after) or current

    @staticmethod
    def _count(
        due: PlanDue, scope: Scope, since: datetime, calendars: Calendars
    ) -> datetime | None:
        return due_at(
            due,
            urgency=scope.case.urgency,
            since=evaluate_for(scope, due.since) if due.since else since,
            at=evaluate_for(scope, due.at) if due.at else None,
            calendars=calendars,
        )


def recompute_deadlines(*, before: Ingredients, announcement: str) -> None:
    """Have the open deadlines of the agency at work counted anew, after this transaction."""
    run = str(uuid7())
    payload = {"run": run, "before": before.to_json(), "announcement": announcement, "after": None}
    enqueue(kind=RECOMPUTE_KIND, key=f"recompute:{run}:", payload=payload)


def recompute_batch(message: Message) -> None:
    """Count the deadlines of some cases anew, and leave the others to the next message."""
    change = _change(message.payload)
    with transaction.atomic():
        cases = _open_cases(message.payload["after"])
    for case_id in cases:
        recompute_case(case_id=case_id, change=change)
    if len(cases) == BATCH:
        _enqueue_rest(message, cases[-1])


def recompute_case(*, case_id: UUID, change: Change) -> None:
    """Count the open deadlines of a case anew; write nothing when none changes."""
    with transaction.atomic():
        case = Case.objects.get(pk=case_id)
        tasks = list(CaseTask.objects.filter(process_id=case_id, status__in=OPEN))
        for task in tasks:
            task.process = case
        if not _differs(case, tasks, change):
            return
    with step_of(case_id=case_id, actor=None) as work:
        for task in work.open_tasks.values():
            _move_task(work, task, change)
        _move_case(work, change)


def _differs(case: Case, tasks: list[CaseTask], change: Change) -> bool:
    plan = definitions.plan(case.digest)
    moved = (
        change.of(plan.step(task.step).due, scope_of(task), task.created, task.due_at)
        != task.due_at
        for task in tasks
        if task.due_at
    )
    return any(moved) or (
        case.due_at is not None
        and change.of(plan.due, Scope(case), case.created, case.due_at) != case.due_at
    )


def _move_task(work: UnitOfWork, task: CaseTask, change: Change) -> None:
    old = task.due_at
    if old is None:
        return
    step = work.plan.step(task.step)
    new = change.of(step.due, scope_of(task), task.created, old)
    if new == old:
        return
    task.due_at = new
    work.plan_timers(task, step)
    task.save()
    rows = InboxEntry.objects.filter(task_id=task.pk)
    rows.update(due_at=new, sort_at=new)
    work.touched_keys.update(task.holder_keys)
    _record(work, old, new, change, task=str(task.pk), step=task.step)


def _move_case(work: UnitOfWork, change: Change) -> None:
    old = work.case.due_at
    if old is None:
        return
    new = change.of(work.plan.due, Scope(work.case), work.case.created, old)
    if new != old:
        work.case.due_at = new
        _record(work, old, new, change)


def _record(work: UnitOfWork, old: datetime, new: datetime, change: Change, **what: Any) -> None:
    work.record(
        "deadline.changed",
        old=old.isoformat(),
        new=new.isoformat(),
        announcement=change.announcement,
        **what,
    )


def _change(payload: Mapping[str, Any]) -> Change:
    with transaction.atomic():
        after = directory().calendars
    before = Ingredients.from_json(payload["before"]).calendars()
    return Change(before, after, payload["announcement"])


def _open_cases(after: str | None) -> list[UUID]:
    running = Case.objects.filter(finished=None).order_by("pk")
    if after:
        running = running.filter(pk__gt=after)
    return list(running.values_list("pk", flat=True)[:BATCH])


def _enqueue_rest(message: Message, last: UUID) -> None:
    payload = {**message.payload, "after": str(last)}
    with transaction.atomic():
        enqueue(kind=RECOMPUTE_KIND, key=f"recompute:{payload['run']}:{last}", payload=payload)
