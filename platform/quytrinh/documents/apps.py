"""The documents app."""

from __future__ import annotations

from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    """Room: documents."""

    name = "quytrinh.documents"
    label = "documents"

    def ready(self) -> None:
        """Offer the acts on documents to procedures."""
        from quytrinh.documents import acts, steps  # noqa: F401  (they register on import)
