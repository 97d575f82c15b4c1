"""A claimed message, as its handler receives it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils import timezone

from quytrinh.background.choices import MessageState
from quytrinh.background.exceptions import LeaseLost
from quytrinh.background.models import OutboxMessage


@dataclass(frozen=True, slots=True)
class Message:
    """What is to be done, and under which claim. `key` is the idempotency key of the effect."""

    id: UUID
    tenant_id: int
    kind: str
    key: str
    payload: Mapping[str, Any]
    attempts: int
    crashes: int
    lease_owner: str

    def complete(self) -> None:
        """Mark the message done in the caller's transaction, together with its effect.

        Call it before the effect: the row stays locked, so a late twin waits and is then told
        LeaseLost, which must roll its transaction back.
        """
        done = OutboxMessage.objects.held(
            self.id, owner=self.lease_owner, attempts=self.attempts
        ).update(
            state=MessageState.DONE,
            done_at=timezone.now(),
            lease_until=None,
            last_error="",
        )
        if not done:
            raise LeaseLost
