"""Writing to the outbox."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from quytrinh.background.choices import MessageState
from quytrinh.background.exceptions import NotRetryable
from quytrinh.background.handlers import handler_of, may_be_retried
from quytrinh.background.models import OutboxMessage
from quytrinh.background.outbox import make_message
from quytrinh.background.tasks import wake


def enqueue(
    *,
    kind: str,
    key: str,
    payload: Mapping[str, Any] | None = None,
    not_before: datetime | None = None,
) -> None:
    """Put work into the outbox, in the caller's transaction; a key already known changes nothing.

    A step of a case writes its messages itself, in its own statement.
    """
    new = make_message(kind=kind, key=key, payload=payload, not_before=not_before)
    OutboxMessage.objects.bulk_create([OutboxMessage(**asdict(new))], ignore_conflicts=True)
    if not_before is None:
        wake(new.id)


def retry_dead(*, message_id: UUID) -> OutboxMessage:
    """Let a message that was given up be tried once more, at once, in the agency at work.

    `attempts` goes on: it is the fencing token of the lease, and one more failure buries it again.
    Raises OutboxMessage.DoesNotExist when no dead message has this id, NotRetryable when what was
    waiting for it has been settled otherwise.
    """
    with transaction.atomic():
        row = (
            OutboxMessage.objects.select_for_update()
            .filter(state=MessageState.DEAD)
            .get(pk=message_id)
        )
        if not may_be_retried(row.kind):
            raise NotRetryable
        revive = handler_of(row.kind).revive
        if revive is not None:
            revive(row.payload)
        row.state, row.done_at, row.crashes = MessageState.PENDING, None, 0
        row.not_before = timezone.now()
        row.save(update_fields=["state", "done_at", "crashes", "not_before"])
        wake(row.pk)
    return row
