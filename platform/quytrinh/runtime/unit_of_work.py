"""One step is one unit of work: everything it changes is collected, then written at once."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from dataclasses import fields as dataclass_fields
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.utils import timezone
from viewflow.workflow.status import STATUS

from quytrinh.background.models import OutboxMessage
from quytrinh.compiler.plan import Plan, PlanDue, PlanStep
from quytrinh.deadlines.due import due_at
from quytrinh.journal.chain import Entry, Head, make_entry
from quytrinh.organization.choices import ADMINISTRATOR, CLERK
from quytrinh.organization.directory import Directory
from quytrinh.organization.keys import person_key, role_key
from quytrinh.organization.resolve import resolve
from quytrinh.runtime.choices import EntryKind
from quytrinh.runtime.facts import facts_of, holds_for
from quytrinh.runtime.models import Case, CaseTask, CaseViewer, InboxEntry
from quytrinh.tenancy.ids import uuid7

END_OF_TIME = datetime(9999, 1, 1, tzinfo=UTC)
JOB_KIND = "runtime.job"
# The room that exchanges documents handles these; without it there is nobody to tell.
REPORT_KIND = "runtime.report"
# Crockford's letters: nothing that can be misread aloud.
_CODE_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_COMPLETION = ("action", "by", "at", "times", "actions", "comment", "back", "back_to")
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
    outbox: list[OutboxMessage] = field(default_factory=list)
    viewers: dict[str, CaseViewer] = field(default_factory=dict)
    touched_keys: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.case.unit_of_work = self
        for task in self.open_tasks.values():
            task.process = self.case

    # --- what activations report ---------------------------------------------------------------

    def case_changed(self) -> None:
        """Note that the case changed; it is always written, for its revision and journal."""

    def task_changed(self, task: CaseTask) -> None:
        """Note a task: new ones are inserted, those read before are updated."""
        if task.pk in self.open_tasks:
            self.changed_tasks[task.pk] = task
        elif task not in self.created_tasks:
            self.created_tasks.append(task)

    # --- people --------------------------------------------------------------------------------

    def offer(self, task: CaseTask, step: PlanStep) -> None:
        """Find who does this step and put the task into their inboxes.

        The person who did the step before gets it back if still eligible. If nobody holds the
        role, the administrators see the task: it is never lost.
        """
        resolution = resolve(self.plan.roles[step.role or ""], facts_of(self.case), self.directory)
        earlier = self.case.steps.get(step.id, {}).get("by")
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
        task.due_at = self._due_at(step.due)
        for key in keys:
            self._add_inbox_entry(task, step, key)
        self.may_view(keys)

    def withdraw(self, task: CaseTask) -> None:
        """Take a task out of every inbox."""
        self.closed.append(task.pk)
        self.touched_keys.update(task.holder_keys)

    def may_view(self, keys: Iterable[str]) -> None:
        """Let whoever holds these keys see the case."""
        for key in keys:
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

    def cancel_open_tasks(self) -> None:
        """Take back everything the case waits for; history keeps it as cancelled."""
        for task in self.open_tasks.values():
            task.status, task.finished = STATUS.CANCELED, self.now
            self.task_changed(task)
            self.withdraw(task)

    def _add_inbox_entry(self, task: CaseTask, step: PlanStep, key: str) -> None:
        self._add_entry(key, task.pk, step.name, due_at=task.due_at)

    def _add_entry(
        self,
        key: str,
        task_id: UUID,
        step_name: str,
        *,
        kind: EntryKind = EntryKind.TASK,
        due_at: datetime | None = None,
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
                sort_at=due_at or END_OF_TIME,
            )
        )

    # --- data, time, conditions ----------------------------------------------------------------

    def holds(self, condition: str) -> bool:
        """Evaluate a condition of the flow over the case as it now stands."""
        return holds_for(self.case, condition)

    def _due_at(self, due: PlanDue | None) -> datetime | None:
        if due is None:
            return None
        return due_at(
            due, urgency=self.case.urgency, since=self.now, calendars=self.directory.calendars
        )

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
        self._enqueue(JOB_KIND, f"job:{task.pk}", {"task_id": str(task.pk)})

    def tell_sender(self, status: str | None, *, task: CaseTask) -> None:
        """Report a business status to the agency whose message began the case.

        The journal has it in any case; whether the exchange still allows it is decided there.
        """
        if status is None or not self.case.start_key:
            return
        self.record("status.reported", step=task.step, status=status)
        done = self.case.steps.get(task.step, {})
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
        self._enqueue(REPORT_KIND, f"report:{task.pk}:{status}", payload)

    def _enqueue(self, kind: str, key: str, payload: dict[str, Any]) -> None:
        self.outbox.append(
            OutboxMessage(
                tenant_id=self.case.tenant_id,
                kind=kind,
                key=key,
                payload=payload,
                not_before=self.now,
                created_at=self.now,
            )
        )


def new_code(now: datetime) -> str:
    """Return a code people can say on the telephone: date and five letters."""
    letters = "".join(secrets.choice(_CODE_LETTERS) for _ in range(5))
    return f"{timezone.localtime(now):%y%m%d}-{letters}"


def remember_completion(
    case: Case,
    step_id: str,
    *,
    action: str,
    forward: bool,
    by: UUID,
    at: datetime,
    comment: str = "",
) -> None:
    """Note how a human step was completed, and settle a return that waits to go straight back.

    `back` is the memory of a return `back_here` (flow-language §5.8): it sends the case back if
    the step is completed by the same action as before; another forward action drops it.
    """
    before = case.steps.get(step_id, {})
    counts = dict(before.get("actions", {}))
    counts[action] = counts.get(action, 0) + 1
    completion: dict[str, Any] = {
        "action": action,
        "by": str(by),
        "at": at.isoformat(),
        "times": before.get("times", 0) + 1,
        "actions": counts,
    }
    if comment:
        completion["comment"] = comment
    back = before.get("back")
    if back and not forward:
        completion["back"] = back
    elif back and back["action"] == action:
        completion["back_to"] = back["to"]
    case.steps = {**case.steps, step_id: completion}


def remember_outputs(case: Case, step_id: str, outputs: Mapping[str, Any]) -> None:
    """Keep what a plugin found; how a person completed the step is not overwritten by it."""
    before = case.steps.get(step_id, {})
    kept = {name: before[name] for name in _COMPLETION if name in before}
    case.steps = {**case.steps, step_id: {**outputs, **kept}}


def restore_return(case: Case, step_id: str) -> None:
    """Remember again a return that a failed step had already used up."""
    done = dict(case.steps[step_id])
    if "back_to" in done:
        done["back"] = {"to": done.pop("back_to"), "action": done["action"]}
        case.steps = {**case.steps, step_id: done}


def remember_return(case: Case, *, source: str, target: str) -> None:
    """Note that `target`, once completed as before, leads straight back to `source`."""
    earlier = case.steps[target]
    back = {"to": source, "action": earlier["action"]}
    case.steps = {**case.steps, target: {**earlier, "back": back}}
