"""Which wordings a decision is about: the latest version of each document, by its digest."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from quytrinh.documents.models import DocumentVersion
from quytrinh.spi import StepRequest

MAIN = "main"
_SLOTS: Mapping[str, Any] = {
    "type": "array",
    "minItems": 1,
    "items": {"type": "string", "x-refers": "slot"},
    "description": "Ngăn văn bản; mặc định: văn bản chính",
}


def parameters(**properties: Mapping[str, Any]) -> dict[str, Any]:
    """Return the schema of a step's `with:`: the slots it is about, and these properties."""
    return {
        "type": "object",
        "additionalProperties": False,
        "properties": {"documents": _SLOTS, **properties},
    }


def documents_of(request: StepRequest) -> list[UUID]:
    """Return the documents in the slots that the step names, in their order."""
    slots = request.parameters.get("documents", [MAIN])
    return [UUID(document) for slot in slots for document in request.documents.get(slot, ())]


def evidence(request: StepRequest) -> list[dict[str, Any]]:
    """Return the latest version of each document at hand, by the digest of its bytes."""
    return [
        {
            "document": str(version.document_id),
            "version": version.number,
            "sha256": version.file.sha256,
        }
        for version in DocumentVersion.objects.latest_of(documents_of(request))
    ]
