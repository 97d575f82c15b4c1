"""One step is one unit of work: everything it changes is collected, then written at once."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from dataclasses import fields as dataclass_fields
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _
from viewflow.workflow.status import STATUS

from quytrinh.background.models import OutboxMessage
from quytrinh.compiler.plan import Plan, PlanDue, PlanOnLate, PlanStep
from quytrinh.deadlines.calendar import Calendar
from quytrinh.deadlines.clock import moved_due
from quytrinh.deadlines.due import due_at
from quytrinh.journal.chain import Entry, Head, make_entry
from quytrinh.organization.choices import ADMINISTRATOR, CLERK
from quytrinh.organization.directory import Directory
from quytrinh.organization.keys import person_key, role_key
from quytrinh.organization.resolve import resolve
from quytrinh.runtime import timers
from quytrinh.runtime.choices import EntryKind
from quytrinh.runtime.facts import evaluate_for, facts_of, holds_for
from quytrinh.runtime.models import CALLED, Case, CaseTask, CaseViewer, InboxEntry
from quytrinh.runtime.querysets import OPEN
from quytrinh.runtime.scopes import (
    TOP,
    EndState,
    Scope,
    end_branch,
    is_within,
    open_branches,
    parent,
    place_in_block,
    scope_of,
)
from quytrinh.tenancy.ids import uuid7

END_OF_TIME = datetime(9999, 1, 1, tzinfo=UTC)
JOB_KIND = "runtime.job"
# The room that exchanges documents handles these; without it there is nobody to tell.
REPORT_KIND = "runtime.report"
# A sub-case is begun, its end taken, or it is cancelled with the step that called it.
CALL_KIND = "runtime.call"
RETURN_KIND = "runtime.return"
CANCEL_KIND = "runtime.cancel"
# What lateness runs beside a task.
BESIDE_KIND = "runtime.beside"
# Crockford's letters: nothing that can be misread aloud.
_CODE_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LONGEST_TITLE = 300


@dataclass
class UnitOfWork:
    """The state of one case in memory and what a step adds to it.

    `open_tasks` are the tasks open when the case was read. `actor` is the person who acts; None
    when the machine does. `on_behalf_of`: whom they stand in for.
    """

    case: Case
    plan: Plan
    directory: Directory
    now: datetime
    actor: UUID | None = None
    on_behalf_of: UUID | None = None
    is_new: bool = False
    open_tasks: dict[UUID, CaseTask] = field(default_factory=dict)
    created_tasks: list[CaseTask] = field(default_factory=list)
    changed_tasks: dict[UUID, CaseTask] = field(default_factory=dict)
    journal: list[Entry] = field(default_factory=list)
    inbox: list[InboxEntry] = field(default_factory=list)
    closed: list[UUID] = field(default_factory=list)
    # Rows of inboxes that go because somebody else holds the task now, and how others look now.
    handed_on: list[tuple[UUID, str]] = field(default_factory=list)
    looks: dict[UUID, dict[str, Any]] = field(default_factory=dict)
    outbox: list[OutboxMessage] = field(default_factory=list)
    viewers: dict[str, CaseViewer] = field(default_factory=dict)
    touched_keys: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.case.unit_of_work = self
        for task in self.open_tasks.values():
            task.process = self.case
        self._viewing = {key for task in self.open_tasks.values() for key in task.holder_keys}

    # --- what activations report ---------------------------------------------------------------

    def case_changed(self) -> None:
        """Note that the case changed; it is always written, for its revision and journal."""

    def task_changed(self, task: CaseTask) -> None:
        """Note a task: new ones are inserted, those read before are updated."""
        if task.pk in self.open_tasks:
            self.changed_tasks[task.pk] = task
        elif task not in self.created_tasks:
            self.created_tasks.append(task)

    def live_tasks(self) -> Iterator[CaseTask]:
        """Yield every task that is open as things now stand, those just made included."""
        known = (*self.open_tasks.values(), *self.created_tasks)
        return (task for task in known if task.status in OPEN)

    def block_task(self, number: str) -> CaseTask:
        """Return the task that stands for an open block."""
        return next(task for task in self.live_tasks() if task.data.get("block") == number)

    def cancel_within(self, scope: str, *, reason: str, keep: CaseTask | None = None) -> None:
        """Cancel every open task in a scope and below; what they said and entered stays."""
        for task in list(self.live_tasks()):
            # Cancelling a block has already cancelled what is below it.
            still_open = task.status in OPEN and task is not keep
            if still_open and is_within(str(task.token), scope):
                self.cancel_task(task, reason=reason)

    def cancel_task(self, task: CaseTask, *, reason: str) -> None:
        """Cancel one open task; if it stands for a block, its branches end with it."""
        task.status = STATUS.CANCELED
        task.finished = self.now
        task.data = {**task.data, "canceled": reason}
        task.save()
        if task.holder_keys:
            self.withdraw(task)
        if self.plan.step(task.step).kind == "call":
            start_key = f"{CALLED}{task.pk}"
            self.enqueue(CANCEL_KIND, f"cancel:{task.pk}", {"start_key": start_key})
        number = task.data.get("block")
        if number is not None:
            self.case.blocks[number]["state"] = "canceled"
            for token in open_branches(self.case, number):
                self.release_branch(token, state="canceled", reason=reason)

    def release_branch(self, token: str, *, state: EndState, reason: str) -> None:
        """End one branch of a block from outside; what it said stays."""
        end_branch(self.case, token, state)
        self.cancel_within(token, reason=reason)

    # --- people --------------------------------------------------------------------------------

    def offer(self, task: CaseTask, step: PlanStep) -> None:
        """Find who does this step and put the task into their inboxes.

        The person who did the step before gets it back if still eligible. If nobody holds the
        role, the administrators see the task: it is never lost.
        """
        scope = scope_of(task)
        resolution = resolve(
            self.plan.roles[step.role or ""],
            facts_of(scope),
            self.directory,
            excluded=excluded_from(step, scope),
        )
        earlier = scope.memory(step.id).get("by")
        keys, persons = resolution.keys, resolution.persons
        if earlier and UUID(earlier) in persons:
            keys, persons = (person_key(UUID(earlier)),), (UUID(earlier),)
        if not persons:
            keys = (*keys, role_key(ADMINISTRATOR))
        if len(persons) == 1:
            task.owner_id = persons[0]
            task.status = STATUS.ASSIGNED
            task.assigned = self.now
        task.role = step.role or ""
        task.holder_keys = list(keys)
        self.set_due(task, step)
        for key in keys:
            self._add_inbox_entry(task, step, key)
        self.may_view(keys)

    def withdraw(self, task: CaseTask) -> None:
        """Take a task out of every inbox; what was asked beside it is closed with it."""
        for side in self.sides_of(task):
            self.cancel_task(side, reason="closed")
        self.closed.append(task.pk)
        self.inbox = [entry for entry in self.inbox if entry.task_id != task.pk]
        self.touched_keys.update(task.holder_keys)

    def sides_of(self, task: CaseTask) -> list[CaseTask]:
        """Return what is asked beside a task and not answered yet."""
        sides = (each for each in self.live_tasks() if each.is_side)
        return [each for each in sides if each.data["side"]["of"] == str(task.pk)]

    def hand_to(self, task: CaseTask, keys: Iterable[str], owner: UUID | None) -> None:
        """Let an open task wait for others: those who have it no longer see it in their inbox."""
        wanted, held = list(keys), task.holder_keys
        self.handed_on += [(task.pk, key) for key in held if key not in wanted]
        self.touched_keys.update(held)
        task.holder_keys, task.owner_id = wanted, owner
        task.status = STATUS.ASSIGNED if owner else STATUS.NEW
        task.assigned = self.now if owner else None
        task.save()
        for key in wanted:
            if key not in held:
                self._add_inbox_entry(task, self.plan.step(task.step), key)
        self.may_view(wanted)

    def show_anew(self, task: CaseTask) -> None:
        """Let inboxes show the deadline of an open task, and why it stands still, as it now is."""
        self.touched_keys.update(task.holder_keys)
        self.looks[task.pk] = {"task_id": task.pk, **look_of(task)}

    def may_view(self, keys: Iterable[str]) -> None:
        """Let whoever holds these keys see the case.

        Whom a task was waiting for may see it since that task was offered.
        """
        for key in set(keys) - self._viewing:
            self.viewers[key] = CaseViewer(
                tenant_id=self.case.tenant_id, case_id=self.case.pk, key=key
            )

    def inform(self, keys: Iterable[str], text: str) -> None:
        """Put something to know, not to do, into inboxes; it lets their holders see the case."""
        known_by, said = list(dict.fromkeys(keys)), uuid7()
        for key in known_by:
            self._add_entry(key, said, text[:_LONGEST_TITLE], kind=EntryKind.INFORM)
        self.may_view(known_by)

    def concerned(self) -> list[str]:
        """Return the keys of those whom news of the case concern: who works on it, who began it,
        the clerks; each person once."""
        tasks = self.open_tasks.values()
        shared = {role_key(CLERK)}
        shared.update(key for task in tasks if not task.owner_id for key in task.holder_keys)
        persons = {self.case.creator_id, *(task.owner_id for task in tasks)} - {None}
        persons -= set(self.directory.holders_of(sorted(shared)))
        return sorted(shared | {person_key(person) for person in persons if person})

    def _add_inbox_entry(self, task: CaseTask, step: PlanStep, key: str) -> None:
        self._add_entry(key, task.pk, task.data.get("title", step.name), **look_of(task))

    def _add_entry(
        self,
        key: str,
        task_id: UUID,
        step_name: str,
        *,
        kind: EntryKind = EntryKind.TASK,
        due_at: datetime | None = None,
        sort_at: datetime = END_OF_TIME,
        note: str = "",
    ) -> None:
        self.touched_keys.add(key)
        self.inbox.append(
            InboxEntry(
                tenant_id=self.case.tenant_id,
                kind=kind,
                holder_key=key,
                task_id=task_id,
                case_id=self.case.pk,
                case_code=self.case.code,
                title=self.case.subject,
                step_name=step_name,
                flow_name=self.plan.name,
                urgency=self.case.urgency,
                sender_name=self.directory.name_of(self.actor)
                or self.case.fields.get("sender", ""),
                created_at=self.now,
                due_at=due_at,
                sort_at=sort_at,
                note=note,
            )
        )

    # --- data, time, conditions ----------------------------------------------------------------

    def holds(self, condition: str, task: CaseTask) -> bool:
        """Evaluate a condition of the flow where a task stands, over the case as it now is."""
        return holds_for(scope_of(task), condition)

    def set_due(self, task: CaseTask, step: PlanStep) -> None:
        """Give a task its deadline, or the block's it is in, and what happens around it."""
        scope = scope_of(task)
        if step.due is None:
            task.due_at = self._due_of_block(scope)
        else:
            task.due_at = self.due_at(step.due, scope)
        self.plan_timers(task, step)

    def plan_timers(self, task: CaseTask, step: PlanStep) -> None:
        """Set what happens around the deadline that a task now has."""
        if step.due is not None:
            timers.plan_for(self, task, step.due)
        if step.on_late and task.due_at:
            timers.at(self, task, timers.LATE, task.due_at)

    def due_at(self, due: PlanDue | None, scope: Scope) -> datetime | None:
        """Return the instant of a deadline that is set now."""
        if due is None:
            return None
        return due_at(
            due,
            urgency=self.case.urgency,
            since=evaluate_for(scope, due.since) if due.since else self.now,
            at=evaluate_for(scope, due.at) if due.at else None,
            calendars=self.directory.calendars,
        )

    def _due_of_block(self, scope: Scope) -> datetime | None:
        """Return the deadline of the innermost block around a scope that has one."""
        token = scope.token
        blocks = {task.data["block"]: task for task in self.live_tasks() if "block" in task.data}
        while token != TOP:
            number, _ = place_in_block(token)
            if number in blocks and blocks[number].due_at:
                return blocks[number].due_at
            token = parent(token)
        return None

    def settle_clock(self) -> None:
        """Stop the case's clock, or let it go on, as its open tasks have it.

        While it stands it stands once, however many tasks stop it: their times are united.
        """
        since, case = self.case.clock_stands_since, self.case
        stops = case.finished is None and any(
            self.plan.step(task.step).stops_clock or (task.suspended or {}).get("stops_clock")
            for task in self.live_tasks()
            if not task.is_side
        )
        if stops and since is None:
            case.clock_stands_since = self.now
            self.record("clock.stopped")
        elif since is not None and not stops:
            case.clock_stands_since = None
            old = case.due_at
            calendar = self.calendar_of(self.plan.due)
            case.due_at = old and moved_due(old, [(since, self.now)], calendar)
            self.record("clock.resumed", old=_iso(old), new=_iso(case.due_at))

    def calendar_of(self, due: PlanDue | None) -> Calendar:
        """Return the calendar on which a deadline counts."""
        return self.directory.calendars.calendar(due.calendar if due else "working")

    # --- record and effects --------------------------------------------------------------------

    def record(self, verb: str, **payload: Any) -> None:
        """Add an entry to the case's journal."""
        head = Head(self.case.pk, self.case.journal_seq, self.case.journal_hash)
        entry, head = make_entry(
            head,
            verb=verb,
            at=self.now,
            actor=self.actor,
            on_behalf_of=self.on_behalf_of,
            payload=payload,
        )
        self.case.journal_seq, self.case.journal_hash = head.seq, head.hash
        self.journal.append(entry)

    def journal_columns(self) -> Iterator[dict[str, Any]]:
        """Yield the columns of each new journal row, the agency excepted."""
        for entry in self.journal:
            yield {column.name: getattr(entry, column.name) for column in dataclass_fields(entry)}

    def enqueue_job(self, task: CaseTask) -> None:
        """Hand a service step to the background, through the outbox."""
        self.enqueue(JOB_KIND, job_key(task), {"task_id": str(task.pk)})

    def tell_sender(self, status: str | None, *, task: CaseTask) -> None:
        """Report a business status to the agency whose message began the case.

        The journal has it in any case; whether the exchange still allows it is decided there.
        """
        if status is None or not self.case.begun_by_message:
            return
        self.record("status.reported", step=task.step, status=status)
        done = scope_of(task).memory(task.step)
        payload = {
            "case_id": str(self.case.pk),
            "start_key": self.case.start_key,
            "documents": list(self.case.slots.get("main", ())),
            "status": status,
            "step": task.step,
            "by": done.get("by"),
            "comment": done.get("comment", ""),
            "at": self.now.isoformat(),
        }
        self.enqueue(REPORT_KIND, f"report:{task.pk}:{status}", payload)

    def start_beside(self, task: CaseTask, late: PlanOnLate) -> None:
        """Run a plugin beside a late task, which stays."""
        payload = {"task_id": str(task.pk), "run": late.run, "with": dict(late.with_)}
        self.enqueue(BESIDE_KIND, f"beside:{task.pk}", payload)

    def tell_caller(self, outcome: str) -> None:
        """Let the step of another case that called this one go on, once this case is unlocked."""
        if self.case.parent_task:
            payload = {"task_id": str(self.case.parent_task), "outcome": outcome}
            self.enqueue(RETURN_KIND, f"return:{self.case.pk}", payload)

    def enqueue(
        self, kind: str, key: str, payload: dict[str, Any], *, at: datetime | None = None
    ) -> None:
        """Hand something to the background, now or at an instant; `key` makes it happen once."""
        self.outbox.append(
            OutboxMessage(
                tenant_id=self.case.tenant_id,
                kind=kind,
                key=key,
                payload=payload,
                not_before=at or self.now,
                created_at=self.now,
            )
        )


def look_of(task: CaseTask) -> dict[str, Any]:
    """Return how inboxes show a task: a suspended one is not late, and says why it stands."""
    if task.suspended:
        note = _("Tạm dừng: %(reason)s") % {"reason": task.suspended["reason"]}
        return {"due_at": None, "sort_at": END_OF_TIME, "note": note[:_LONGEST_TITLE]}
    note = task.data.get("urged", "")[:_LONGEST_TITLE]
    return {"due_at": task.due_at, "sort_at": task.due_at or END_OF_TIME, "note": note}


def _iso(instant: datetime | None) -> str | None:
    return instant.isoformat() if instant else None


def job_key(task: CaseTask) -> str:
    """Return the outbox key of a job."""
    return f"job:{task.pk}"


def new_code(now: datetime) -> str:
    """Return a code people can say on the telephone: date and five letters."""
    letters = "".join(secrets.choice(_CODE_LETTERS) for _ in range(5))
    return f"{timezone.localtime(now):%y%m%d}-{letters}"


def excluded_from(step: PlanStep, scope: Scope) -> frozenset[UUID]:
    """Return who may not do a step because of what they did before in this case (`not_by`)."""
    memories = scope.all_memories()
    done = (memories.get(each, {}) for each in step.not_by)
    named = (who for each in done for who in (each.get("by"), each.get("on_behalf_of")) if who)
    return frozenset(UUID(who) for who in named)
