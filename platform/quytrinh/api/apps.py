"""The api app."""

from __future__ import annotations

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """Room: api."""

    name = "quytrinh.api"
    label = "api"
