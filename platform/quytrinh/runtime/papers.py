"""The documents of a case as they are now, and what their signatures are worth."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from quytrinh.documents.actions import PDF
from quytrinh.documents.models import DocumentVersion, StoredFile
from quytrinh.exchange.storing import MACHINE
from quytrinh.runtime.models import Case
from quytrinh.signing.explain import Panel, panel_of
from quytrinh.signing.models import Verification


@dataclass(frozen=True, slots=True)
class Paper:
    """The newest version of one document; `is_being_checked`: its verdict is still to come."""

    document_id: UUID
    slot: str
    code: str
    date: date | None
    version: int
    file: StoredFile
    verification: Panel | None = None
    checked_at: datetime | None = None
    is_being_checked: bool = False


def of(case: Case) -> list[Paper]:
    """Return the documents of a case, slot after slot."""
    slots = {UUID(document): slot for slot, held in case.slots.items() for document in held}
    if not slots:
        return []
    versions = DocumentVersion.objects.latest_of(slots)
    checked = Verification.objects.latest_of(version.file_id for version in versions)
    return [
        _paper(version, slots[version.document_id], checked.get(version.file_id))
        for version in versions
    ]


def _paper(version: DocumentVersion, slot: str, checked: Verification | None) -> Paper:
    document, file = version.document, version.file
    brought_by_axis = version.created_by == MACHINE
    return Paper(
        document_id=document.pk,
        slot=slot,
        code=document.code,
        date=document.date,
        version=version.number,
        file=file,
        verification=panel_of(checked.found) if checked else None,
        checked_at=checked.checked_at if checked else None,
        is_being_checked=checked is None and brought_by_axis and file.media_type == PDF,
    )
