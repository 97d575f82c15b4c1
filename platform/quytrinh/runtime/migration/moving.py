"""One case goes over to the later version, or back: under its lock, in a unit of work of its own.

Who holds which task, seen or not, and every deadline stay as they are. What it was is kept with
the case's line of the migration, so that taking it back leaves nothing different; the journal
keeps both acts.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from viewflow.workflow.status import STATUS

from quytrinh.background.choices import MessageState
from quytrinh.background.models import OutboxMessage
from quytrinh.compiler.plan import Plan
from quytrinh.runtime.actions.step import step_of
from quytrinh.runtime.choices import MigrationState
from quytrinh.runtime.exceptions import CaseStays
from quytrinh.runtime.history import MIGRATED, TAKEN_BACK
from quytrinh.runtime.migration.carrying import carry
from quytrinh.runtime.migration.mapping import StepMap
from quytrinh.runtime.migration.verdicts import Judge
from quytrinh.runtime.models import (
    Case,
    CaseMigration,
    CaseTask,
    FlowVersion,
    InboxEntry,
    MigratedCase,
)
from quytrinh.runtime.unit_of_work import UnitOfWork

PLACE = ("node", "step", "role")
SHOWN = ("step_name", "flow_name")
# Tasks that stand for a step of the flow; what is asked beside one keeps its own words and time.
OF_FLOW = ("HUMAN", "JOB", "JOIN")


def move_case(line_id: UUID, case_id: UUID, judge: Judge) -> None:
    """Carry a case over if it still waits for it; raise CaseStays with what blocks it."""
    with step_of(case_id=case_id, actor=None) as work:
        line = MigratedCase.objects.select_related("migration").get(pk=line_id)
        if line.state != MigrationState.WAITING:
            raise CaseStays
        verdict = judge.judge(work.case, list(work.open_tasks.values()))
        if not verdict.may_move:
            raise CaseStays(" ".join(verdict.reasons))
        work.actor = line.migration.begun_by_id
        line.before = _carry_over(work, judge)
        line.state, line.revision = MigrationState.MOVED, work.case.revision + 1
        line.save()
        _record(work, MIGRATED, line.migration, judge.source, judge.target)


def take_back_case(line_id: UUID, case_id: UUID, judge: Judge) -> None:
    """Put a case back as it was; raise CaseStays if it has gone on since."""
    with step_of(case_id=case_id, actor=None) as work:
        line = MigratedCase.objects.select_related("migration").get(pk=line_id)
        if line.state != MigrationState.UNDOING:
            raise CaseStays
        if work.case.revision != line.revision:
            raise CaseStays(str(CaseStays.gone_on))
        work.actor = line.undone_by_id
        _put_back(work, line.before, judge)
        line.state, line.before, line.reason = MigrationState.UNDONE, {}, ""
        line.save()
        _record(work, TAKEN_BACK, line.migration, judge.target, judge.source)


def _carry_over(work: UnitOfWork, judge: Judge) -> dict[str, Any]:
    """Change the case; return what it was."""
    case = work.case
    carried = carry(case, judge.steps)
    before = {
        "steps": case.steps,
        "blocks": case.blocks,
        "verbs": case.verbs_used,
        "tasks": _move_tasks(work, judge),
        "shown": _show_new_names(work, judge),
        "timers": _set_new_timers(work, judge.new),
    }
    case.steps, case.blocks = carried.steps, carried.blocks
    case.verbs_used = _renamed(case.verbs_used, judge.steps)
    _pin(case, judge.target)
    work.plan = judge.new
    return before


def _renamed(used: dict[str, Any], steps: StepMap) -> dict[str, Any]:
    """Return how often verbs were used, under the later names of steps (`token:step`)."""
    places = ((place.rpartition(":"), counts) for place, counts in used.items())
    return {
        f"{token}:{steps.get(step, step)}" if token else step: counts
        for (token, _, step), counts in places
    }


def _move_tasks(work: UnitOfWork, judge: Judge) -> dict[str, list[str]]:
    """Put open tasks at their later nodes, and name those done before by their later steps."""
    changed: list[CaseTask] = []
    before: dict[str, list[str]] = {}
    done = CaseTask.objects.filter(process_id=work.case.pk).exclude(pk__in=work.open_tasks)
    for task in (*work.open_tasks.values(), *done.only("pk", *PLACE)):
        was = [getattr(task, name) for name in PLACE]
        step = judge.steps.get(task.step, task.step)
        task.node = step + task.node.removeprefix(task.step)
        task.step = step
        if task.pk in work.open_tasks and task.flow_task_type in OF_FLOW:
            task.role = judge.new.step(step).role or ""
        if was != [getattr(task, name) for name in PLACE]:
            before[str(task.pk)] = was
            changed.append(task)
    if changed:
        CaseTask.objects.bulk_update(changed, PLACE)
    return before


def _show_new_names(work: UnitOfWork, judge: Judge) -> dict[str, list[str]]:
    """Give what stands in inboxes the later names of step and procedure."""
    before: dict[str, list[str]] = {}
    changed: list[InboxEntry] = []
    for entry in InboxEntry.objects.filter(case_id=work.case.pk):
        task = work.open_tasks.get(entry.task_id)
        was = [entry.step_name, entry.flow_name]
        entry.flow_name = judge.new.name
        if task is not None and task.flow_task_type in OF_FLOW:
            entry.step_name = judge.new.step(task.step).name
        if was != [entry.step_name, entry.flow_name]:
            before[str(entry.pk)] = was
            changed.append(entry)
            work.touched_keys.add(entry.holder_key)
    if changed:
        InboxEntry.objects.bulk_update(changed, SHOWN)
    return before


def _set_new_timers(work: UnitOfWork, plan: Plan) -> list[str]:
    """Set what the later version does around deadlines that stay; return the new timers' keys.

    What would have gone off already does not.
    """
    for task in work.open_tasks.values():
        if task.due_at and task.flow_task_type in OF_FLOW and task.status != STATUS.SCHEDULED:
            work.plan_timers(task, plan.step(task.step))
    planned = {timer.key: timer for timer in work.outbox if timer.not_before > work.now}
    known = OutboxMessage.objects.filter(key__in=planned).values_list("key", flat=True)
    for key in set(known) if planned else ():
        del planned[key]
    work.outbox = list(planned.values())
    return list(planned)


def _put_back(work: UnitOfWork, before: dict[str, Any], judge: Judge) -> None:
    work.case.steps, work.case.blocks = before["steps"], before["blocks"]
    work.case.verbs_used = before["verbs"]
    for task_id, was in before["tasks"].items():
        CaseTask.objects.filter(pk=task_id).update(**dict(zip(PLACE, was, strict=True)))
    for task in work.open_tasks.values():
        for name, value in zip(PLACE, before["tasks"].get(str(task.pk), ()), strict=False):
            setattr(task, name, value)
    for entry_id, was in before["shown"].items():
        InboxEntry.objects.filter(pk=entry_id).update(**dict(zip(SHOWN, was, strict=True)))
    if before["timers"]:
        timers = OutboxMessage.objects.filter(key__in=before["timers"])
        timers.filter(state=MessageState.PENDING).delete()
    work.touched_keys.update(key for task in work.open_tasks.values() for key in task.holder_keys)
    _pin(work.case, judge.source)
    work.plan = judge.old


def _pin(case: Case, version: FlowVersion) -> None:
    case.flow_version_id, case.digest = version.pk, str(version.plan_digest)
    pinned = {"flow_version_id": version.pk, "digest": case.digest}
    Case.objects.filter(pk=case.pk).update(**pinned)


def _record(
    work: UnitOfWork, verb: str, migration: CaseMigration, source: FlowVersion, target: FlowVersion
) -> None:
    renamed = {old: new for old, new in migration.steps.items() if old != new}
    work.record(
        verb,
        migration=str(migration.pk),
        source=source.number,
        target=target.number,
        digests=[source.plan_digest, target.plan_digest],
        renamed=renamed,
    )
