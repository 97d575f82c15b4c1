"""The unit of work through Django's ORM: for SQLite, whose IMMEDIATE transactions are the lock."""

from __future__ import annotations

from uuid import UUID

from quytrinh.background.models import OutboxMessage
from quytrinh.journal.models import JournalEntry
from quytrinh.runtime.models import Case, CaseTask, CaseViewer, InboxEntry
from quytrinh.runtime.querysets import OPEN
from quytrinh.runtime.store.loaded import Loaded
from quytrinh.runtime.unit_of_work import UnitOfWork

CASE_COLUMNS = (
    "status", "finished", "subject", "urgency", "outcome", "due_at", "fields", "slots", "steps",
    "blocks", "clock_stands_since", "verbs_used", "revision", "journal_seq", "journal_hash",
)  # fmt: skip
TASK_COLUMNS = (
    "status", "owner_id", "assigned", "started", "finished", "action", "comment", "done_by_id",
    "data", "seen_at", "holder_keys", "due_at",
)  # fmt: skip


class OrmStore:
    """Reads and writes row by row and in bulk."""

    def load(self, *, task_id: UUID | None = None, case_id: UUID | None = None) -> Loaded | None:
        """Read a case with its open tasks."""
        wanted = {"pk": case_id} if task_id is None else {"task_set": task_id}
        case = Case.objects.select_related("tenant").filter(**wanted).first()
        if case is None:
            return None
        tasks = CaseTask.objects.filter(process_id=case.pk, status__in=OPEN)
        return Loaded(case, tuple(tasks), case.tenant.organization_version)

    def write(self, work: UnitOfWork) -> None:
        """Write everything."""
        case = work.case
        if work.is_new:
            Case.objects.bulk_create([case])
        else:
            Case.objects.filter(pk=case.pk).update(
                **{name: getattr(case, name) for name in CASE_COLUMNS}
            )
        CaseTask.objects.bulk_create(work.created_tasks)
        if work.changed_tasks:
            CaseTask.objects.bulk_update(work.changed_tasks.values(), TASK_COLUMNS)
        if work.closed:
            InboxEntry.objects.filter(task_id__in=work.closed).delete()
        for task_id, key in work.handed_on:
            InboxEntry.objects.filter(task_id=task_id, holder_key=key).delete()
        for look in work.looks.values():
            InboxEntry.objects.filter(task_id=look["task_id"]).update(**look)
        InboxEntry.objects.bulk_create(work.inbox)
        CaseViewer.objects.bulk_create(work.viewers.values(), ignore_conflicts=True)
        OutboxMessage.objects.bulk_create(work.outbox)
        JournalEntry.objects.bulk_create(
            JournalEntry(tenant_id=case.tenant_id, **columns) for columns in work.journal_columns()
        )
