"""A refusal that no view explains itself becomes a page that does."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from quytrinh.runtime.exceptions import RuntimeFailure

GetResponse = Callable[[HttpRequest], HttpResponse]
_PAGES = {403: "403.html", 404: "404.html", 409: "409.html"}


class RefusalMiddleware:
    """Draws the page of a RuntimeFailure: its message, and what would help."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Answer a refusal; leave every other exception alone."""
        if not isinstance(error, RuntimeFailure):
            return None
        context = {"problem": error.message, "hint": error.hint}
        page = _PAGES.get(error.status_code, "400.html")
        return render(request, page, context, status=error.status_code)
