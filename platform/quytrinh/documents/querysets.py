"""Reads of the documents room."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Self
from uuid import UUID

from django.db.models import Max

from quytrinh.documents.choices import EntryState
from quytrinh.tenancy.querysets import TenantQuerySet

if TYPE_CHECKING:
    from quytrinh.documents.models import DocumentVersion


class RegisterEntryQuerySet(TenantQuerySet):
    """Lines of registers."""

    def live(self) -> Self:
        """Entries whose number counts: all but the void ones."""
        return self.exclude(state=EntryState.VOID)

    def of_book(self, book: str, year: int) -> Self:
        """The lines of incoming or outgoing registers in one year, latest first."""
        lines = self.filter(series__register__book=book, series__year=year)
        return lines.select_related("series__register").order_by("series__register", "-number")


class DocumentVersionQuerySet(TenantQuerySet):
    """Versions of documents."""

    def latest_of(self, document_ids: Iterable[UUID]) -> list[DocumentVersion]:
        """Return the newest version of each document with its file, in the order given."""
        place = {document: position for position, document in enumerate(document_ids)}
        versions = self.filter(document__in=place).select_related("document", "file")
        newest: dict[UUID, DocumentVersion] = {}
        version: Any
        for version in versions.order_by("number"):
            newest[version.document_id] = version
        return sorted(newest.values(), key=lambda version: place[version.document_id])

    def next_number(self, document_id: UUID) -> int:
        """Return the number that the next version of a document takes."""
        last = self.filter(document=document_id).aggregate(last=Max("number"))["last"]
        return (last or 0) + 1
