"""Page images, page texts and downloads of files; a file one may not see does not exist."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from quytrinh.documents import access, rendering, storage
from quytrinh.documents.exceptions import NoSuchPage, RenderingFailed
from quytrinh.documents.models import StoredFile

# A file never changes, but the right to see it may: the browser asks again after an hour.
_CACHE = "private, max-age=3600"


def _visible_file(request: HttpRequest, file_id: UUID) -> StoredFile:
    if request.tenant is None:
        raise Http404
    file = StoredFile.objects.filter(pk=file_id).first()
    if file is None or not access.may_see(request.person, file):
        raise Http404
    return file


def _answer(content: bytes | str, content_type: str) -> HttpResponse:
    headers = {"Cache-Control": _CACHE, "X-Content-Type-Options": "nosniff"}
    return HttpResponse(content, content_type=content_type, headers=headers)


@require_safe
def page_image(request: HttpRequest, file_id: UUID, number: int) -> HttpResponseBase:
    """One page as an image."""
    file = _visible_file(request, file_id)
    width = _width(request.GET.get("rong", ""))
    try:
        return _answer(rendering.page_image(file, number, width), "image/webp")
    except NoSuchPage as error:
        raise Http404 from error
    except RenderingFailed:
        return HttpResponse(status=503)


def _width(asked: str) -> int:
    """Only few widths exist, so that nobody can fill the cache."""
    return int(asked) if asked in map(str, rendering.WIDTHS) else rendering.WIDTHS[0]


@require_safe
def page_text(request: HttpRequest, file_id: UUID, number: int) -> HttpResponseBase:
    """The text layer of one page."""
    file = _visible_file(request, file_id)
    try:
        return _answer(rendering.page_text(file, number), "text/plain; charset=utf-8")
    except NoSuchPage as error:
        raise Http404 from error
    except RenderingFailed:
        return HttpResponse(status=503)


@require_safe
def download(request: HttpRequest, file_id: UUID) -> HttpResponseBase:
    """The original bytes, to be saved, never shown in our own origin."""
    file = _visible_file(request, file_id)
    # Read whole: under ASGI a file that is streamed synchronously is read whole as well.
    answer = _answer(storage.path_of(file.sha256).read_bytes(), file.media_type)
    disposition = content_disposition_header(as_attachment=True, filename=file.original_name)
    answer["Content-Disposition"] = disposition or "attachment"
    return answer
