"""The journal's one table."""

from __future__ import annotations

from django.db import models

from quytrinh.journal.querysets import JournalQuerySet
from quytrinh.tenancy.models import TenantModel
from quytrinh.tenancy.querysets import TenantManager


class JournalEntry(TenantModel):
    """One thing that happened to a subject (a case, a flow); never changed, never removed.

    `actor` and `on_behalf_of` are persons; an entry without an actor is the machine's own.
    """

    subject_id = models.UUIDField()
    seq = models.PositiveIntegerField()
    at = models.DateTimeField()
    actor = models.UUIDField(null=True)
    on_behalf_of = models.UUIDField(null=True)
    verb = models.CharField(max_length=64)
    payload = models.JSONField(default=dict)
    prev_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    objects = TenantManager.from_queryset(JournalQuerySet)()

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "subject_id", "seq"], name="journal_one_entry_a_place"
            )
        ]

    def __str__(self) -> str:
        return f"{self.subject_id}/{self.seq} {self.verb}"
