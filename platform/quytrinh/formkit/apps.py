"""The formkit app."""

from __future__ import annotations

from django.apps import AppConfig


class FormkitConfig(AppConfig):
    """Room: formkit."""

    name = "quytrinh.formkit"
    label = "formkit"
