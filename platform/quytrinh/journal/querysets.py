"""Reading the journal."""

from __future__ import annotations

from uuid import UUID

from quytrinh.journal.chain import Head
from quytrinh.tenancy.querysets import TenantQuerySet


class JournalQuerySet(TenantQuerySet):
    """Entries of the agency at work."""

    def of_subject(self, subject_id: UUID) -> JournalQuerySet:
        """Return what happened to one subject, in order."""
        return self.filter(subject_id=subject_id).order_by("seq")

    def in_chains(self) -> JournalQuerySet:
        """Return every entry, chain after chain."""
        return self.order_by("subject_id", "seq")

    def head(self, subject_id: UUID) -> Head:
        """Return where the chain of a subject stands."""
        last = self.filter(subject_id=subject_id).order_by("-seq").values_list("seq", "hash")[:1]
        return next((Head(subject_id, seq, digest) for seq, digest in last), Head(subject_id))
