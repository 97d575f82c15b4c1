"""Bring the tests' database back to what the migrations left, triggers and roles notwithstanding.

Django's flush deletes row by row or as the serving role; the journal refuses the first and the
role has no right to the second.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

from django.db import connection

from tests.support import snapshots

_on_empty: list[Callable[[], None]] = []
_pristine: sqlite3.Connection | None = None


def remember() -> None:
    """Note the state to come back to, right after the migrations."""
    global _pristine
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        _pristine = sqlite3.connect(":memory:", check_same_thread=False)
        connection.connection.backup(_pristine)


def empty() -> None:
    """Come back to that state."""
    if connection.vendor == "sqlite":
        assert _pristine is not None, "django_db_setup has not run"
        connection.ensure_connection()
        _pristine.backup(connection.connection)
        return
    snapshots.clear()
    for told in _on_empty:
        told()


def on_empty(told: Callable[[], None]) -> None:
    """Have something told whenever PostgreSQL has been emptied."""
    _on_empty.append(told)
