"""What names a message for ever: the same message again has the same names. Pure."""

from __future__ import annotations

import hashlib
from datetime import date
from uuid import NAMESPACE_URL, uuid5


def document_id(own_code: str, promulgated_on: date, code: str) -> str:
    """Return the id of a document: `<code of the agency>,<yyyy/MM/dd>,<number>/<notation>`."""
    return f"{own_code},{promulgated_on:%Y/%m/%d},{code}"


def identity(*parts: object) -> str:
    """Return the digest of what makes a message unique."""
    return hashlib.sha256("\n".join(str(part) for part in parts).encode()).hexdigest()


def parcel_id(*parts: object) -> str:
    """Return the id under which a message travels, made from what it is."""
    return str(uuid5(NAMESPACE_URL, "quytrinh:parcel\n" + "\n".join(str(part) for part in parts)))
