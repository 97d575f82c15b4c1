"""Writing to the outbox."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

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
