"""The outbox: what has to happen outside the transaction that decided it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from quytrinh.background.choices import MessageState
from quytrinh.background.querysets import OutboxQuerySet
from quytrinh.tenancy.models import TenantModel
from quytrinh.tenancy.querysets import TenantManager


class OutboxMessage(TenantModel):
    """One piece of work, written by the transaction that decided it; `key` makes it unique.

    `attempts` rises with each claim and is the fencing token of the lease.
    """

    kind = models.CharField(max_length=64)
    key = models.CharField(max_length=200)
    payload = models.JSONField(default=dict)
    state = models.CharField(
        max_length=10, choices=MessageState.choices, default=MessageState.PENDING
    )
    not_before = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    crashes = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    lease_owner = models.CharField(max_length=100, blank=True)
    last_error = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    objects = TenantManager.from_queryset(OutboxQuerySet)()

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant", "key"], name="outbox_key_once"),
        ]
        indexes = [
            # The dispatcher asks for all agencies at once, oldest first.
            models.Index(
                fields=["not_before"], name="outbox_due", condition=Q(state=MessageState.PENDING)
            ),
        ]
