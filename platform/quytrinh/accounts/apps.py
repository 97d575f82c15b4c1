"""The accounts app."""

from __future__ import annotations

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Room: accounts."""

    name = "quytrinh.accounts"
    label = "accounts"
