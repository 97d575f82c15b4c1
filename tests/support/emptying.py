"""Bring the tests' database back to what the migrations left, triggers and roles notwithstanding.

Django's flush deletes row by row or as the serving role; the journal refuses the first and the
role has no right to the second.
"""

from __future__ import annotations

import sqlite3

import psycopg
from django.db import connection

from tests.support.postgresql import as_owner

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
    with as_owner() as owner:
        owner.execute("SET lock_timeout = '10s'")
        owner.execute(f"TRUNCATE {', '.join(_filled_tables(owner))} RESTART IDENTITY")


def _filled_tables(owner: psycopg.Connection) -> list[str]:
    rows = owner.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    return sorted({name for (name,) in rows} - KEPT)
