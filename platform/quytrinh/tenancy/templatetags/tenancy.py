"""Template tags of the tenancy room."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from quytrinh.tenancy.middleware import FORM_FIELD

register = template.Library()


@register.simple_tag(takes_context=True)
def agency_field(context: dict[str, Any]) -> SafeString | str:
    """Write the hidden field that says which agency a form was drawn for."""
    tenant = context["request"].tenant
    if tenant is None:
        return ""
    return format_html('<input type="hidden" name="{}" value="{}">', FORM_FIELD, tenant.slug)
