"""The language of a page: the one chosen, else Vietnamese, whatever the browser was sold with."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest
from django.middleware.locale import LocaleMiddleware
from django.utils import translation


class ChosenLanguageMiddleware(LocaleMiddleware):
    """Many officials work on an English Windows: its Accept-Language says nothing of them."""

    def process_request(self, request: HttpRequest) -> None:
        """Work in the language of the cookie, if it is one of ours; programs say it by header."""
        if request.path.startswith("/api/"):
            super().process_request(request)
            return
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        known = {code for code, _name in settings.LANGUAGES}
        translation.activate(chosen if chosen in known else settings.LANGUAGE_CODE)
        request.LANGUAGE_CODE = translation.get_language()
