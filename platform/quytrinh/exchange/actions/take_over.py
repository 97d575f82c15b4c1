"""Handing an incoming message over to a case: its fields, its files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from quytrinh.documents.actions import PDF, attach_stored
from quytrinh.documents.models import DocumentVersion, StoredFile
from quytrinh.exchange.header import case_fields, document_facts
from quytrinh.exchange.models import ExchangeMessage
from quytrinh.exchange.storing import MACHINE

MAIN, ANNEXES = "main", "annexes"
# Slot -> documents, in the order of the message.
Slots = dict[str, list[UUID]]


def case_values(message: ExchangeMessage) -> dict[str, Any]:
    """Return the fields with which a case on this message begins."""
    return case_fields(message.header) | {"received_at": message.created_at.isoformat()}


def main_facts(message: ExchangeMessage) -> dict[str, Any]:
    """Return what the sender says of the main document."""
    return document_facts(message.header) | {"date": message.promulgated_on}


def take_over(*, message: ExchangeMessage, case_id: UUID, actor: UUID = MACHINE) -> Slots:
    """Make a message a case's and its files the case's documents; return slot -> document ids.

    The first PDF is the main text, everything else an annex. Runs in the caller's transaction.
    """
    return take_versions(message=message, case_id=case_id, slots={}, actor=actor)


def take_versions(
    *,
    message: ExchangeMessage,
    case_id: UUID,
    slots: Mapping[str, Sequence[UUID]],
    actor: UUID = MACHINE,
) -> Slots:
    """Make the files of a message newer versions of what a case has in their places, or new
    documents where it has nothing; return slot -> all its documents.

    A file that is there already, byte for byte, is no new version.
    """
    message.case_id = case_id
    message.save(update_fields=["case_id"])
    taken: Slots = {slot: list(documents) for slot, documents in slots.items()}
    current = _digests(taken)
    for slot, place, file in _placed(message):
        held = taken.setdefault(slot, [])
        replaces = held[place] if place < len(held) else None
        if replaces is not None and current.get(replaces) == file.sha256:
            continue
        document = attach_stored(
            file=file, slot=slot, owner=case_id, actor=actor, replaces=replaces
        )
        if replaces is None:
            held.append(document)
    return taken


def _placed(message: ExchangeMessage) -> Iterator[tuple[str, int, StoredFile]]:
    """Yield each file of a message that could be had, with its slot and its place there."""
    attached = message.attachments.select_related("file").order_by("place")
    files = [each.file for each in attached if each.file]
    main = next((file for file in files if file.media_type == PDF), None)
    annexes = 0
    for file in files:
        if file is main:
            yield MAIN, 0, file
        else:
            yield ANNEXES, annexes, file
            annexes += 1


def _digests(slots: Mapping[str, Sequence[UUID]]) -> dict[UUID, str]:
    """Return the digest of the newest version of each document."""
    documents = [document for held in slots.values() for document in held]
    if not documents:
        return {}
    versions = DocumentVersion.objects.latest_of(documents)
    return {version.document_id: version.file.sha256 for version in versions}
