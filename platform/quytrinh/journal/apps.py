"""The journal app."""

from __future__ import annotations

from django.apps import AppConfig


class JournalConfig(AppConfig):
    """What happened, who did it, and proof that nobody changed it since."""

    name = "quytrinh.journal"
    label = "journal"
