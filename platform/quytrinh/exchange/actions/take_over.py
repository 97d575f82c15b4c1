"""Handing an incoming message over to a case: its fields, its files."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from quytrinh.documents.actions import PDF, attach_stored
from quytrinh.exchange.header import case_fields
from quytrinh.exchange.models import ExchangeMessage
from quytrinh.exchange.storing import MACHINE

MAIN, ANNEXES = "main", "annexes"


def case_values(message: ExchangeMessage) -> dict[str, Any]:
    """Return the fields with which a case on this message begins."""
    return case_fields(message.header) | {"received_at": message.created_at.isoformat()}


def take_over(
    *, message: ExchangeMessage, case_id: UUID, actor: UUID = MACHINE
) -> dict[str, list[UUID]]:
    """Make a message a case's and its files the case's documents; return slot -> document ids.

    The first PDF is the main text, everything else an annex. Runs in the caller's transaction.
    """
    message.case_id = case_id
    message.save(update_fields=["case_id"])
    files = [each.file for each in message.attachments.order_by("place") if each.file]
    main = next((file for file in files if file.media_type == PDF), None)
    slots: dict[str, list[UUID]] = {}
    for file in files:
        slot = MAIN if file is main else ANNEXES
        document = attach_stored(file=file, slot=slot, owner=case_id, actor=actor)
        slots.setdefault(slot, []).append(document)
    return slots
