"""Messages before they are stored, and those that are due."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, models
from django.utils import timezone

from quytrinh.background.models import MessageState, OutboxMessage
from quytrinh.background.querysets import is_due
from quytrinh.tenancy.ids import uuid7


@dataclass(frozen=True, slots=True)
class NewMessage:
    """Every column of an outbox row but the agency."""

    kind: str
    key: str
    payload: Mapping[str, Any]
    not_before: datetime
    created_at: datetime
    id: UUID = field(default_factory=uuid7)
    state: str = MessageState.PENDING.value
    attempts: int = 0
    crashes: int = 0
    lease_until: datetime | None = None
    lease_owner: str = ""
    last_error: str = ""
    done_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class DueMessage:
    """A message of some agency that may be claimed now."""

    tenant_id: int
    message_id: UUID


def make_message(
    *,
    kind: str,
    key: str,
    payload: Mapping[str, Any] | None = None,
    at: datetime | None = None,
    not_before: datetime | None = None,
) -> NewMessage:
    """Return a message that is due at once, or at `not_before`."""
    created_at = at or timezone.now()
    return NewMessage(
        kind=kind,
        key=key,
        payload=dict(payload or {}),
        not_before=not_before or created_at,
        created_at=created_at,
    )


def due_messages(limit: int) -> list[DueMessage]:
    """Return the messages of all agencies that are due, oldest first: keys only, no content.

    On PostgreSQL a function owned by a role of its own sees past the wall; on SQLite, which has
    no wall, a queryset outside the scoped manager does.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT tenant_id, id FROM background_due(%s)", [limit])
            return [DueMessage(*row) for row in cursor.fetchall()]
    rows = models.QuerySet(OutboxMessage).filter(is_due(timezone.now())).order_by("not_before")
    return [DueMessage(*row) for row in rows.values_list("tenant_id", "id")[:limit]]
