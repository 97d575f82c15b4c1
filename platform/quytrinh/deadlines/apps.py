"""The deadlines app."""

from __future__ import annotations

from django.apps import AppConfig


class DeadlinesConfig(AppConfig):
    """Working and reception calendars, due dates."""

    name = "quytrinh.deadlines"
    label = "deadlines"
