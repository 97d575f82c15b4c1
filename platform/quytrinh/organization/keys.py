"""Holder keys: the names under which work waits for people."""

from __future__ import annotations

from uuid import UUID


def person_key(person_id: UUID) -> str:
    """Return the key of one person."""
    return f"person:{person_id}"


def position_key(position: str, unit: str | None = None) -> str:
    """Return the key of a position, in one unit or anywhere in the agency."""
    return f"position:{position}" + (f"@{unit}" if unit else "")


def role_key(role: str, unit: str | None = None) -> str:
    """Return the key of a role, in one unit or anywhere in the agency."""
    return f"role:{role}" + (f"@{unit}" if unit else "")


def head_key(unit: str) -> str:
    """Return the key of whoever heads a unit."""
    return f"unit:{unit}/head"


def members_key(unit: str) -> str:
    """Return the key of everyone in a unit."""
    return f"unit:{unit}/members"


def field_key(field: str) -> str:
    """Return the key of whoever is in charge of a field of work."""
    return f"field:{field}"


def base_of(key: str) -> str:
    """Return a key without its unit: what a delegation may be limited to."""
    return key.partition("@")[0]
