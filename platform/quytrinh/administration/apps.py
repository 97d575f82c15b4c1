"""The administration app."""

from __future__ import annotations

from django.apps import AppConfig


class AdministrationConfig(AppConfig):
    """Room: administration."""

    name = "quytrinh.administration"
    label = "administration"
