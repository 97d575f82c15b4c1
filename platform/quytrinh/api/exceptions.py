"""Refusals as the API tells them: a code for machines, a sentence for people."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import status
from rest_framework.exceptions import APIException
from rest_framework.response import Response
from rest_framework.views import exception_handler as stock_handler

from quytrinh.organization.exceptions import EntryRefused, NotYours
from quytrinh.runtime.exceptions import (
    DraftInvalid,
    FormInvalid,
    NotFoundForYou,
    RuntimeFailure,
)


class NoAgency(APIException):
    """The user works for no agency of this host, or named one they do not work for."""

    status_code = status.HTTP_403_FORBIDDEN
    default_code = "no_agency"
    default_detail = gettext_lazy("Bạn không làm việc cho cơ quan này.")


def exception_handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """Return the response for an exception; None lets Django's error page answer."""
    if isinstance(error, RuntimeFailure):
        return Response(_body(error), status=error.status_code)
    if isinstance(error, EntryRefused):
        body = {"code": "form_invalid", "message": str(error), "errors": error.errors}
        return Response(body, status=status.HTTP_400_BAD_REQUEST)
    if isinstance(error, NotYours):
        return Response(_body(NotFoundForYou()), status=NotFoundForYou.status_code)
    response = stock_handler(error, context)
    if response is not None and isinstance(error, APIException):
        response.data = {
            "code": getattr(error, "default_code", "error"),
            "message": _("Yêu cầu không hợp lệ."),
            "errors": response.data,
        }
    return response


def _body(error: RuntimeFailure) -> dict[str, Any]:
    body: dict[str, Any] = {"code": error.code, "message": error.message, "hint": error.hint}
    if isinstance(error, FormInvalid):
        body["errors"] = error.errors
    if isinstance(error, DraftInvalid):
        body["diagnostics"] = [diagnostic.as_json() for diagnostic in error.diagnostics]
    return body
