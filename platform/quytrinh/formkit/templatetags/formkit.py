"""{% render_form form %}: the fields of a form; the <form> and its buttons are the page's.

{% upload_limit %}: by these attributes a browser knows which files the server would refuse.
"""

from __future__ import annotations

from typing import Any

from django import template
from django.conf import settings
from django.utils.html import format_html
from django.utils.safestring import SafeString

from quytrinh.documents.exceptions import UploadRefused
from quytrinh.formkit.view import FormView

register = template.Library()


@register.inclusion_tag("formkit/form.html")
def render_form(form: FormView) -> dict[str, Any]:
    """Draw the error summary and the fields of a form."""
    return {"form": form}


@register.simple_tag
def upload_limit() -> SafeString:
    """Return the size no file may exceed, and the words for one that does."""
    limit = settings.UPLOAD_MAX_BYTES
    refusal = UploadRefused("too_large", limit=limit // (1024 * 1024))
    return format_html('data-max-bytes="{}" data-too-large="{}"', limit, refusal.message)
