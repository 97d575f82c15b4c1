"""Requests that are too large are refused before any of their content is looked at."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

GetResponse = Callable[[HttpRequest], HttpResponse]


class UploadSizeMiddleware:
    """Answers 413 to a body that says it is larger than REQUEST_MAX_BYTES."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if _announced_size(request) <= settings.REQUEST_MAX_BYTES:
            return self.get_response(request)
        if request.path.startswith("/api/"):
            message = _("Yêu cầu lớn quá mức cho phép nên chưa có gì được lưu.")
            return JsonResponse({"code": "too_large", "message": message}, status=413)
        return render(request, "413.html", status=413)


def _announced_size(request: HttpRequest) -> int:
    announced = request.META.get("CONTENT_LENGTH") or "0"
    return int(announced) if announced.isdigit() else 0
