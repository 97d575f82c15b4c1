"""How a unit of work is read and written: one contract, one way for each database.

`load_by_task` and `load_by_case` lock the case and return it with its open tasks, or None;
`write` stores everything a unit of work collected.
"""

from __future__ import annotations

from typing import Protocol
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connections

from quytrinh.runtime.store.loaded import Loaded
from quytrinh.runtime.unit_of_work import UnitOfWork


class Store(Protocol):
    """One database's way."""

    def load(self, *, task_id: UUID | None = None, case_id: UUID | None = None) -> Loaded | None:
        """Lock the case and read it with its open tasks."""

    def write(self, work: UnitOfWork) -> None:
        """Write what the unit of work collected."""


def store() -> Store:
    """Return the store of the database at work."""
    from quytrinh.runtime.store.orm import OrmStore
    from quytrinh.runtime.store.postgresql import PostgreSQLStore

    if connections[DEFAULT_DB_ALIAS].vendor == "postgresql":
        return PostgreSQLStore()
    return OrmStore()
