"""Which messages are due, and the one conditional UPDATE that claims one."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import Case, F, Q, Value, When

from quytrinh.background.choices import MessageState
from quytrinh.tenancy.querysets import TenantQuerySet


def is_due(now: datetime) -> Q:
    """Return the condition of a message that may be claimed now."""
    return Q(state=MessageState.PENDING, not_before__lte=now) & (
        Q(lease_until=None) | Q(lease_until__lte=now)
    )


class OutboxQuerySet(TenantQuerySet):
    """Messages of the agency at work."""

    def claim(self, message_id: UUID, *, owner: str, now: datetime, until: datetime) -> bool:
        """Take a due message over until an instant; False if it is not due or was just taken.

        An unfinished lease that has run out means that its worker died: a crash, counted.
        SKIP LOCKED (PostgreSQL) spares the loser of a race the wait; the condition decides.
        """
        free = self.filter(is_due(now), pk=message_id).select_for_update(skip_locked=True)
        died = Case(When(lease_until=None, then=Value(0)), default=Value(1))
        claimed = self.filter(pk__in=free.values("pk")).update(
            attempts=F("attempts") + 1,
            crashes=F("crashes") + died,
            lease_until=until,
            lease_owner=owner,
        )
        return bool(claimed)

    def held(self, message_id: UUID, *, owner: str, attempts: int) -> OutboxQuerySet:
        """Return the message while this claim still holds; `attempts` is the fencing token."""
        return self.filter(
            pk=message_id, state=MessageState.PENDING, lease_owner=owner, attempts=attempts
        )

    def leased(self) -> OutboxQuerySet:
        """Return the messages that someone is working on, or died over."""
        return self.filter(state=MessageState.PENDING, lease_until__isnull=False)

    def dead(self) -> OutboxQuerySet:
        """Return the messages that were given up, the latest first."""
        return self.filter(state=MessageState.DEAD).order_by("-done_at")

    def failing(self) -> OutboxQuerySet:
        """Return the messages that failed and will be tried again, the soonest first."""
        return self.filter(state=MessageState.PENDING).exclude(last_error="").order_by("not_before")

    def coming(self, kind: str) -> OutboxQuerySet:
        """Return the messages of a kind that wait for their hour, the soonest first."""
        return self.filter(state=MessageState.PENDING, kind=kind).order_by("not_before")
