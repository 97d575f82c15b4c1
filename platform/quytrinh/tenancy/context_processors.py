"""What every template knows about the agency at work."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def agency(request: HttpRequest) -> dict[str, Any]:
    """Return the agency at work, those the person may switch to, and whether this is a demo."""
    return {
        "agency": getattr(request, "tenant", None),
        "agencies": getattr(request, "tenants", []),
        "demo": settings.DEMO,
    }
