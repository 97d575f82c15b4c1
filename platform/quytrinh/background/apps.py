"""The background app."""

from __future__ import annotations

from django.apps import AppConfig


class BackgroundConfig(AppConfig):
    """The outbox, its dispatcher, and what tells browsers that something changed."""

    name = "quytrinh.background"
    label = "background"
