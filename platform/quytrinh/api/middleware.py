"""A token names the user before the agency of the request is looked for."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from knox.auth import TokenAuthentication
from rest_framework.exceptions import AuthenticationFailed

GetResponse = Callable[[HttpRequest], HttpResponse]


class TokenUserMiddleware:
    """Sets request.user from an API token; a wrong token is refused later, by the view."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith("/api/") and "Authorization" in request.headers:
            self._authenticate(request)
        return self.get_response(request)

    def _authenticate(self, request: HttpRequest) -> None:
        try:
            found = TokenAuthentication().authenticate(request)
        except AuthenticationFailed:
            return
        if found is not None:
            request.user = found[0]
