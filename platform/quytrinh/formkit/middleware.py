"""Text that no database keeps is refused before anything is done with it."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _

GetResponse = Callable[[HttpRequest], HttpResponse]
NUL = "\x00"


class TextMiddleware:
    """Answers 400 to a query or a form with NUL in it: PostgreSQL has no place for it."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not (_has_nul(request.GET) or _has_nul(request.POST)):
            return self.get_response(request)
        if request.path.startswith("/api/"):
            message = _("Nội dung gửi lên có ký tự không lưu được.")
            return JsonResponse({"code": "unreadable", "message": message}, status=400)
        return render(request, "400.html", status=400)


def _has_nul(entered: QueryDict) -> bool:
    return any(NUL in text for _name, texts in entered.lists() for text in texts)
