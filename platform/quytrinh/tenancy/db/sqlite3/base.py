"""SQLite: pages read without taking the write lock; everything else begins IMMEDIATE."""

from __future__ import annotations

from django.db.backends.sqlite3 import base

from quytrinh.tenancy.context import is_reading


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's SQLite backend; `reading()` decides how a transaction begins."""

    def _start_transaction_under_autocommit(self) -> None:
        if is_reading():
            self.cursor().execute("BEGIN")
        else:
            super()._start_transaction_under_autocommit()
