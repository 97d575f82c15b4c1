"""`flush` as the tests need it: Django calls it after each transactional test."""

from __future__ import annotations

from typing import Any

from django.core.management.commands.flush import Command as StockCommand

from tests.support.emptying import empty


class Command(StockCommand):
    """Empty the database by its owner, or from the copy taken after the migrations."""

    def handle(self, **options: Any) -> None:
        """Ignore the options: there is one database and one way."""
        empty()
