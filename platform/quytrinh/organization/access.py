"""Who may open a page: decorators for the views of every room."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from quytrinh.organization.snapshot import PersonView

View = Callable[..., HttpResponse]


def person_required(view: View) -> View:
    """Send strangers to the login; refuse a user who is nobody in the agency at work."""
    return _guard(view, lambda person: True)


def agency_head_required(view: View) -> View:
    """Let in only the head of the agency."""
    return _guard(view, lambda person: person.is_agency_head)


def flow_author_required(view: View) -> View:
    """Let in who prepares procedures, and the head of the agency."""
    return _guard(view, lambda person: person.drafts_flows)


def administrator_required(view: View) -> View:
    """Let in only the administrator of the agency."""
    return _guard(view, lambda person: person.is_administrator)


def case_mover_required(view: View) -> View:
    """Let in who decides on running cases when a procedure changes: head and administrator."""
    return _guard(view, lambda person: person.moves_cases)


def exchange_required(view: View) -> View:
    """Let in whoever looks after documents that come and go: clerk, administrator, head."""
    return _guard(
        view,
        lambda person: person.is_clerk or person.is_administrator or person.is_agency_head,
    )


def _guard(view: View, admits: Callable[[PersonView], bool]) -> View:
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        if request.person is None or not admits(request.person):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded
