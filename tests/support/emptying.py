"""Bring the tests' database back to what the migrations left, triggers and roles notwithstanding.

Django's flush deletes row by row or as the serving role; the journal refuses the first and the
role has no right to the second.
"""

from __future__ import annotations

import sqlite3

from django.db import connection, connections

# Filled by migrations and by what runs after them.
KEPT = {"django_migrations", "django_content_type", "auth_permission"}

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
    owner = connections["owner"]
    with owner.cursor() as cursor:
        tables = sorted(set(owner.introspection.table_names(cursor)) - KEPT)
        cursor.execute("SET lock_timeout = '10s'")
        cursor.execute(f"TRUNCATE {', '.join(tables)} RESTART IDENTITY")
