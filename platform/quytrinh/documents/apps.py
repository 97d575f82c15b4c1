"""The documents app."""

from __future__ import annotations

from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    """Room: documents."""

    name = "quytrinh.documents"
    label = "documents"
