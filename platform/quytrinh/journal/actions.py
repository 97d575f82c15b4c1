"""Writing to the journal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any
from uuid import UUID

from django.utils import timezone

from quytrinh.journal.chain import make_entry
from quytrinh.journal.models import JournalEntry


def record(
    *,
    subject_id: UUID,
    verb: str,
    actor: UUID | None = None,
    on_behalf_of: UUID | None = None,
    payload: Mapping[str, Any] | None = None,
) -> JournalEntry:
    """Append to the chain of a subject, in the caller's transaction.

    Two writers that meet are told apart by the unique place: the second fails, and so does the
    change it would have recorded. A step writes its entries itself, in its own statement.
    """
    entry, _ = make_entry(
        JournalEntry.objects.head(subject_id),
        verb=verb,
        at=timezone.now(),
        actor=actor,
        on_behalf_of=on_behalf_of,
        payload=payload,
    )
    row = JournalEntry(**asdict(entry))
    row.save(force_insert=True)
    return row
