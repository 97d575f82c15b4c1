"""The signing app."""

from __future__ import annotations

from django.apps import AppConfig


class SigningConfig(AppConfig):
    """Room: signing."""

    name = "quytrinh.signing"
    label = "signing"
