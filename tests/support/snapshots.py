"""The whole of PostgreSQL's test database, taken and put back in some ten milliseconds.

As the superuser of the scratch cluster, with triggers off: TRUNCATE of many tables takes a hundred
times as long, and installing the agencies anew longer still.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import psycopg

from tests.support.postgresql import as_admin

# Filled by migrations and by what runs after them.
KEPT = {"django_migrations", "django_content_type", "auth_permission"}


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Rows of every table that has any, in COPY's binary form, and where sequences stand."""

    rows: dict[str, bytes]
    sequences: dict[str, int | None]


def clear() -> None:
    """Empty every table."""
    deletions = "; ".join(f'DELETE FROM "{name}"' for name in _tables())
    restarts = "; ".join(f'ALTER SEQUENCE "{name}" RESTART' for name in _sequences())
    _admin().execute(f"BEGIN; {deletions}; {restarts}; COMMIT")


def take() -> Snapshot:
    """Read everything."""
    admin = _admin()
    copies = {name: _copy_of(admin, name) for name in _tables()}
    sequences = {
        name: admin.execute(f'SELECT last_value FROM "{name}" WHERE is_called').fetchone()
        for name in _sequences()
    }
    return Snapshot(
        {name: found for name, found in copies.items() if found is not None},
        {name: row[0] if row else None for name, row in sequences.items()},
    )


def put_back(snapshot: Snapshot) -> None:
    """Fill the empty tables."""
    admin = _admin()
    with admin.transaction():
        for name, rows in snapshot.rows.items():
            with admin.cursor().copy(f'COPY "{name}" FROM STDIN (FORMAT binary)') as copy:
                copy.write(rows)
        for name, value in snapshot.sequences.items():
            if value is not None:
                admin.execute("SELECT setval(%s::regclass, %s)", [f'"{name}"', value])


def _copy_of(admin: psycopg.Connection, table: str) -> bytes | None:
    if not admin.execute(f'SELECT EXISTS (SELECT FROM "{table}")').fetchone()[0]:
        return None
    with admin.cursor().copy(f'COPY "{table}" TO STDOUT (FORMAT binary)') as copy:
        return b"".join(bytes(part) for part in copy)


@cache
def _admin() -> psycopg.Connection:
    admin = as_admin()
    admin.execute("SET session_replication_role = replica")
    admin.execute("SET lock_timeout = '10s'")
    return admin


@cache
def _tables() -> tuple[str, ...]:
    rows = _admin().execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    return tuple(sorted({name for (name,) in rows} - KEPT))


@cache
def _sequences() -> tuple[str, ...]:
    rows = _admin().execute(
        "SELECT s.relname FROM pg_class s JOIN pg_depend d ON d.objid = s.oid AND d.deptype IN "
        "('a', 'i') JOIN pg_class t ON t.oid = d.refobjid "
        "WHERE s.relkind = 'S' AND t.relname = ANY(%s)",
        [list(_tables())],
    )
    return tuple(sorted(name for (name,) in rows))
