"""Who is asking: the person as whom the user works in the agency at work."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from quytrinh.organization.directory import PersonView, person_of_user

GetResponse = Callable[[HttpRequest], HttpResponse]


class PersonMiddleware:
    """Sets request.person, None for a stranger. A kept directory answers without a query."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.person = _person(request)
        return self.get_response(request)


def _person(request: HttpRequest) -> PersonView | None:
    if request.tenant is None:
        return None
    return person_of_user(request.user.pk, request.tenant.organization_version)
