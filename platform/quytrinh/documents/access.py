"""Who may see a file: asked of the room that knows the cases, which registers its answer."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from quytrinh.documents.models import Document, StoredFile
from quytrinh.organization.snapshot import PersonView

# Says whether a person may see what belongs to this owner (a case).
Check = Callable[[PersonView, UUID], bool]

_checks: list[Check] = []


def register(check: Check) -> None:
    """Say who may see the documents of an owner; called once, when the platform starts."""
    if check not in _checks:
        _checks.append(check)


def may_see(person: PersonView | None, file: StoredFile) -> bool:
    """Tell whether a person may see a file. Nobody may while nobody has registered a check."""
    if person is None:
        return False
    owners = set(Document.objects.filter(versions__file=file).values_list("owner_id", flat=True))
    return any(check(person, owner) for check in _checks for owner in owners)
