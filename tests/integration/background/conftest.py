"""An agency, its outbox, and handlers that note what they did."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from uuid import UUID

import pytest
from django.db import transaction

from quytrinh.background.actions import enqueue
from quytrinh.background.handlers import registered_temporarily
from quytrinh.background.message import Message
from quytrinh.background.models import OutboxMessage
from quytrinh.tenancy.actions import create_tenant
from quytrinh.tenancy.context import tenant_context
from quytrinh.tenancy.models import Tenant

KIND = "test.note"


@pytest.fixture
def agency(transactional_db: None) -> Tenant:
    """One agency."""
    return create_tenant(slug="so-mau", name="Sở mẫu")


@pytest.fixture
def enqueued() -> Callable[..., UUID]:
    """Return a function that puts a message into an agency's outbox."""

    def put(tenant: Tenant, key: str = "k1", not_before: datetime | None = None) -> UUID:
        with tenant_context(tenant.pk), transaction.atomic():
            enqueue(kind=KIND, key=key, payload={"n": 1}, not_before=not_before)
            return OutboxMessage.objects.get(key=key).pk

    return put


@pytest.fixture
def stored() -> Callable[[Tenant, UUID], OutboxMessage]:
    """Return a function that reads a message as it is now."""

    def read(tenant: Tenant, message_id: UUID) -> OutboxMessage:
        with tenant_context(tenant.pk), transaction.atomic():
            return OutboxMessage.objects.get(pk=message_id)

    return read


@pytest.fixture
def changed() -> Callable[..., None]:
    """Return a function that changes columns of a message behind the dispatcher's back."""

    def change(tenant: Tenant, message_id: UUID, **columns: object) -> None:
        with tenant_context(tenant.pk), transaction.atomic():
            OutboxMessage.objects.filter(pk=message_id).update(**columns)

    return change


@pytest.fixture
def handled() -> Iterator[list[Message]]:
    """Register a handler that only notes its messages."""
    messages: list[Message] = []
    with registered_temporarily(KIND, messages.append):
        yield messages
