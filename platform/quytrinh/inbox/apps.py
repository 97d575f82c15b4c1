"""The inbox app."""

from __future__ import annotations

from django.apps import AppConfig


class InboxConfig(AppConfig):
    """Room: inbox."""

    name = "quytrinh.inbox"
    label = "inbox"
