"""Celery tasks: a wake-up carries the agency and the id of an outbox row, nothing else."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from quytrinh.background import dispatch
from quytrinh.background.celery_app import TENANT_HEADER, system_task, tenant_task
from quytrinh.background.outbox import due_messages
from quytrinh.tenancy.context import current_tenant_id

SWEEP_LIMIT = 200
# A wake-up that waited longer than this has been repeated by a sweep.
WAKE_UP_EXPIRES = 60


def wake(*message_ids: UUID) -> None:
    """Have these messages of the agency at work done soon after the transaction commits.

    Failing to tell the broker is logged and forgotten: the next sweep finds the rows.
    """
    if not message_ids:
        return
    tenant_id = current_tenant_id()
    transaction.on_commit(lambda: _send_all(tenant_id, message_ids), robust=True)


def sweep(limit: int = SWEEP_LIMIT) -> int:
    """Wake whatever is due, in any agency; return how many wake-ups were sent."""
    due = due_messages(limit)
    for message in due:
        _send(message.tenant_id, message.message_id)
    return len(due)


@tenant_task("background.run_message")
def run_message(message_id: str) -> None:
    """Do one message of the outbox."""
    tenant_id = current_tenant_id()
    dispatch.run_one(tenant_id, UUID(message_id))


@system_task("background.sweep")
def sweep_outbox() -> None:
    """Wake whatever is due; Celery's beat, one or many, only ticks this."""
    sweep()


def _send_all(tenant_id: int, message_ids: tuple[UUID, ...]) -> None:
    for message_id in message_ids:
        _send(tenant_id, message_id)


def _send(tenant_id: int, message_id: UUID) -> None:
    run_message.apply_async(
        (str(message_id),), headers={TENANT_HEADER: tenant_id}, expires=WAKE_UP_EXPIRES
    )
