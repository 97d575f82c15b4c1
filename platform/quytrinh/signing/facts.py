"""What other rooms know of a document that signatures show: asked through registered callbacks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from uuid import UUID


@dataclass(frozen=True, slots=True)
class DocumentFacts:
    """The number of a document, its notation and its date; empty while it has none."""

    number: str = ""
    notation: str = ""
    dated: date | None = None


Lookup = Callable[[UUID], DocumentFacts | None]

_lookups: list[Lookup] = []


def register(lookup: Lookup) -> None:
    """Say who knows the numbers of documents; called once, when the platform starts."""
    if lookup not in _lookups:
        _lookups.append(lookup)


def of_document(document_id: UUID) -> DocumentFacts:
    """Return what is known of a document."""
    for lookup in _lookups:
        found = lookup(document_id)
        if found is not None:
            return found
    return DocumentFacts()
