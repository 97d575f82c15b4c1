"""The header of a message as JSON, and as the fields of a case."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

from quytrinh.exchange.document_types import symbol_of
from quytrinh.exchange.edxml import DocumentMessage

# NĐ 30 knows three urgent levels; a fourth, with an hour, survives on the wire.
URGENCIES = {"0": "normal", "1": "urgent", "2": "very_urgent", "3": "flash", "4": "flash"}
_LONGEST = {"subject": 1000, "sender": 300, "sender_code": 100, "answers": 100}
PRIORITIES = {"normal": "0", "urgent": "1", "very_urgent": "2", "flash": "3"}


def header_json(message: DocumentMessage) -> dict[str, Any]:
    """Return everything a message says but its files and its way."""
    bare = asdict(replace(message, attachments=(), hops=()))
    written: dict[str, Any] = json.loads(json.dumps(bare, default=str))
    return written


def document_facts(header: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a message says of its main document, in the words of documents."""
    fields = case_fields(header)
    return {
        "type": fields.get("document_type", ""),
        "subject": fields.get("subject", ""),
        "urgency": fields["urgency"],
        "sender": fields.get("sender", ""),
        "number": header["code"]["number"],
        "notation": header["code"]["notation"],
        "code": fields.get("sender_code", ""),
    }


def case_fields(header: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields with which a case on an incoming message begins; empty ones left out.

    `sender_code` is number and notation as written, `sender_organ` the code of the agency. A type
    nobody knows is left for the clerk to choose.
    """
    fields = {
        "subject": header["subject"],
        "sender": header["sender"]["name"] or header["sender"]["code"],
        "sender_organ": header["sender"]["code"],
        "sender_code": "/".join(part for part in header["code"].values() if part),
        "sender_date": header["promulgated_on"],
        "sender_signer": header["signer"]["full_name"],
        "sender_due": header["due_on"],
        "document_type": symbol_of(header["type"]["name"]),
        "urgency": URGENCIES.get(header["other"]["priority"], "normal"),
        "source": "axis",
        "document_id": header["document_id"],
        "answers": _answered(header["responses_for"]),
    }
    return {name: _fitting(name, value) for name, value in fields.items() if value}


def _answered(responses: list[Mapping[str, Any]]) -> str:
    """Return the number of the document that a message answers, else its id."""
    return next((each["code"] or each["document_id"] for each in responses), "")


def _fitting(name: str, value: Any) -> Any:
    """Cut what lists and registers could not hold; the envelope keeps the whole."""
    return value[: _LONGEST[name]] if name in _LONGEST else value
