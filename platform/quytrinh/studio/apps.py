"""The studio app."""

from __future__ import annotations

from django.apps import AppConfig


class StudioConfig(AppConfig):
    """Room: studio."""

    name = "quytrinh.studio"
    label = "studio"
