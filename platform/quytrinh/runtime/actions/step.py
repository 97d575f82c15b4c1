"""The frame of every step: read under the lock, work in memory, write at once, tell the inboxes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from quytrinh.background.notify import inbox_changed
from quytrinh.background.tasks import wake
from quytrinh.organization.directory import directory
from quytrinh.runtime import definitions
from quytrinh.runtime.exceptions import NotFoundForYou
from quytrinh.runtime.store import store
from quytrinh.runtime.unit_of_work import UnitOfWork


@contextmanager
def step_of(
    *,
    task_id: UUID | None = None,
    case_id: UUID | None = None,
    actor: UUID | None,
    now: datetime | None = None,
) -> Iterator[UnitOfWork]:
    """Open a unit of work on a case, in a transaction of its own; write it when the block ends.

    Raises NotFoundForYou when there is no such case.
    """
    with transaction.atomic():
        loaded = store().load(task_id=task_id, case_id=case_id)
        if loaded is None:
            raise NotFoundForYou
        work = UnitOfWork(
            case=loaded.case,
            plan=definitions.plan(loaded.case.digest),
            directory=directory(loaded.organization_version),
            now=now or timezone.now(),
            actor=actor,
            open_tasks={task.pk: task for task in loaded.open_tasks},
        )
        yield work
        save(work)


def save(work: UnitOfWork) -> None:
    """Write a unit of work and announce it once it is committed."""
    work.settle_clock()
    work.case.revision += 1
    store().write(work)
    tenant_id, keys = work.case.tenant_id, frozenset(work.touched_keys)
    transaction.on_commit(partial(inbox_changed, tenant_id, keys, work.case.pk))
    wake(*(message.pk for message in work.outbox))
