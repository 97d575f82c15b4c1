"""What the frame of every page shows about the person at work."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from quytrinh.accounts.names import initials
from quytrinh.accounts.navigation import navigation
from quytrinh.organization.directory import PersonView
from quytrinh.runtime.models import InboxEntry
from quytrinh.tenancy.context import reading


def frame(request: HttpRequest) -> dict[str, Any]:
    """Return the person, their navigation, their count of waiting tasks, what is told them once."""
    # A request refused by an early middleware has neither user nor person.
    person: PersonView | None = getattr(request, "person", None)
    user = getattr(request, "user", None)
    if person is None:
        name = user.get_username() if user else ""
        nobody = {"person": None, "person_name": name, "initials": initials(name)}
        return {**nobody, "is_refresh": is_refresh(request)}
    return {
        "is_refresh": is_refresh(request),
        "person": person,
        "person_name": person.full_name,
        "initials": initials(person.full_name),
        "navigation": navigation(person, request.path),
        "inbox_count": SimpleLazyObject(lambda: _waiting(person)),
    }


def is_refresh(request: HttpRequest) -> bool:
    """Tell whether a page asks for parts of itself anew (live-counter.js, HTMX).

    What is told once (messages) is for the page a person comes to next, not for these parts.
    """
    live = request.headers.get("X-Requested-With") == "live"
    return live or bool(getattr(request, "htmx", False))


def _waiting(person: PersonView) -> int:
    # The page that answers a refused write is drawn outside the write's transaction.
    with reading(), transaction.atomic(savepoint=False):
        return InboxEntry.objects.count_for(person.keys)
