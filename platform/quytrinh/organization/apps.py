"""The organization app."""

from __future__ import annotations

from django.apps import AppConfig


class OrganizationConfig(AppConfig):
    """Who works in the agency, in which unit and position, with which roles."""

    name = "quytrinh.organization"
    label = "organization"
