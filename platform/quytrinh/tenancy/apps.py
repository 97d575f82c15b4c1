"""The tenancy app."""

from __future__ import annotations

from django.apps import AppConfig


class TenancyConfig(AppConfig):
    """Registers the checks of the walls."""

    name = "quytrinh.tenancy"
    label = "tenancy"

    def ready(self) -> None:
        """Register the system checks."""
        from quytrinh.tenancy import checks  # noqa: F401  (registers on import)
