"""One message from claim to done: claimed by a lease, done once, retried with patience."""

from __future__ import annotations

import logging
import os
import socket
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from quytrinh.background.choices import MessageState
from quytrinh.background.exceptions import LeaseLost, Permanent
from quytrinh.background.handlers import handler_of
from quytrinh.background.message import Message
from quytrinh.background.models import OutboxMessage
from quytrinh.background.outbox import due_messages
from quytrinh.background.querysets import OutboxQuerySet
from quytrinh.background.retry import MOST_ATTEMPTS, MOST_CRASHES, delay_after
from quytrinh.tenancy.context import tenant_context
from quytrinh.tenancy.models import Tenant

logger = logging.getLogger(__name__)

# Longer than the hard time limit of a task, so that a living worker never loses its lease.
LEASE = timedelta(seconds=360)
ERROR_LENGTH = 300


def lease_owner() -> str:
    """Return the name under which this process holds leases."""
    return f"{socket.gethostname()[:80]}:{os.getpid()}"


def run_one(tenant_id: int, message_id: UUID) -> bool:
    """Do one message for its agency; False if it was not due or failed.

    Calling it for a message that is done, leased or not due is harmless.
    """
    with tenant_context(tenant_id):
        message = _claim(message_id)
        if message is None:
            return False
        if message.crashes > MOST_CRASHES:
            _bury(message, "worker died too often under this message")
            return False
        return _run(message)


def run_due(limit: int = 100) -> int:
    """Do what is due in this process, without Celery; return how many were done."""
    return sum(run_one(due.tenant_id, due.message_id) for due in due_messages(limit))


def release_leases_of_the_dead() -> int:
    """Let go what processes of this machine held when they were killed.

    Called once at start, so a lease under our own number is that of a namesake before us.
    """
    released = 0
    for tenant_id in Tenant.objects.values_list("pk", flat=True):
        with tenant_context(tenant_id), transaction.atomic():
            leased = OutboxMessage.objects.leased()
            dead = {
                owner
                for owner in leased.values_list("lease_owner", flat=True).distinct()
                if _is_dead(owner)
            }
            if dead:
                # Run out rather than removed: the next claim counts the crash.
                released += leased.filter(lease_owner__in=dead).update(lease_until=timezone.now())
    return released


def _is_dead(owner: str) -> bool:
    host, _, pid = owner.rpartition(":")
    if host != lease_owner().rpartition(":")[0]:
        return False
    if int(pid) == os.getpid():
        return True
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False


def _claim(message_id: UUID) -> Message | None:
    now, owner = timezone.now(), lease_owner()
    with transaction.atomic():
        if not OutboxMessage.objects.claim(message_id, owner=owner, now=now, until=now + LEASE):
            return None
        row = OutboxMessage.objects.get(pk=message_id)
    return Message(
        id=row.pk,
        tenant_id=row.tenant_id,
        kind=row.kind,
        key=row.key,
        payload=row.payload,
        attempts=row.attempts,
        crashes=row.crashes,
        lease_owner=row.lease_owner,
    )


def _run(message: Message) -> bool:
    try:
        handler_of(message.kind).handle(message)
        _complete_unless_done(message)
    except LeaseLost:
        logger.warning("%s %s was taken over while it ran", message.kind, message.id)
        return False
    except Permanent as error:
        _bury(message, _short(error))
        return False
    except Exception as error:
        logger.exception("%s %s failed, attempt %d", message.kind, message.id, message.attempts)
        _put_off(message, _short(error))
        return False
    return True


def _complete_unless_done(message: Message) -> None:
    """Mark the message done unless its handler has done so with its effect."""
    with transaction.atomic():
        if OutboxMessage.objects.filter(pk=message.id, state=MessageState.PENDING).exists():
            message.complete()


def _put_off(message: Message, reason: str) -> None:
    if message.attempts >= MOST_ATTEMPTS:
        _bury(message, reason)
        return
    with transaction.atomic():
        _held(message).update(
            not_before=timezone.now() + delay_after(message.attempts),
            lease_until=None,
            last_error=reason,
        )


def _bury(message: Message, reason: str) -> None:
    """Declare the message dead, and tell the room it came from, in one transaction."""
    with transaction.atomic():
        if not _held(message).update(
            state=MessageState.DEAD, done_at=timezone.now(), lease_until=None, last_error=reason
        ):
            return
        give_up = handler_of(message.kind).give_up
        if give_up is not None:
            give_up(message, reason)
    logger.error("%s %s is dead: %s", message.kind, message.id, reason)


def _held(message: Message) -> OutboxQuerySet:
    return OutboxMessage.objects.held(
        message.id, owner=message.lease_owner, attempts=message.attempts
    )


def _short(error: Exception) -> str:
    """Name the error for the administrator: no traceback, no local values."""
    return f"{type(error).__name__}: {error}"[:ERROR_LENGTH]
