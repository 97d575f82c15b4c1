"""PostgreSQL: every transaction carries `app.tenant`, and a step travels in two round trips.

The policies compare tenant_id with the setting `app.tenant`, which lives and dies with the
transaction (SET LOCAL), so a pooled connection never keeps an agency. BEGIN is owed until the
first statement needs it; `read_first` and `write_last` then share their round trips with BEGIN
and COMMIT. Never run ORM code inside a psycopg pipeline: row counts are unknown there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.backends.postgresql import base

from quytrinh.tenancy.context import current_tenant_id_or_none
from quytrinh.tenancy.db.postgresql.pipeline import Pipeline, Statement
from quytrinh.tenancy.exceptions import NotInTransaction

SET_TENANT = "SELECT set_config('app.tenant', %s, true)"
# The setting is not known; no agency has this number.
UNKNOWN = -1


@dataclass(frozen=True, slots=True)
class KeptWrite:
    """A write that waits for COMMIT, and the agency it was decided for."""

    statement: Statement
    tenant: int | None


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's PostgreSQL backend with the tenant setting and the two-round-trip step."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._forget_transaction()

    def _forget_transaction(self) -> None:
        self._begin_owed = False
        self._sent_tenant: int | None = None
        self._last_write: KeptWrite | None = None

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Connect; nothing is prepared on a new connection."""
        connection = super().get_new_connection(conn_params)
        self._prepared = Pipeline(connection)
        return connection

    # Transactions are opened explicitly on a connection that stays in autocommit, so that BEGIN
    # can wait for company.
    def _start_transaction_under_autocommit(self) -> None:
        self._forget_transaction()
        self._begin_owed = True

    def _preamble(self, tenant: int | None) -> list[Statement]:
        """Return what has to be sent before the next statement, which is this agency's."""
        owed: list[Statement] = []
        if not (self._begin_owed or self.in_atomic_block):
            return owed
        if self._begin_owed:
            owed.append(Statement("BEGIN"))
        if tenant != self._sent_tenant:
            owed.append(Statement(SET_TENANT, ("" if tenant is None else str(tenant),)))
        self._begin_owed = False
        self._sent_tenant = tenant
        return owed

    def _pipeline(self, statements: list[Statement]) -> list[dict[str, Any]]:
        """Send these in one round trip; return the rows of the last one."""
        with self.wrap_database_errors:
            return self._prepared.run(statements)

    def create_cursor(self, name: str | None = None) -> Any:
        """Pay what is owed, then hand out a cursor as usual."""
        self._flush_last_write()
        owed = self._preamble(current_tenant_id_or_none())
        if owed:
            self._pipeline(owed)
        return super().create_cursor(name)

    def read_first(self, sql: str, params: Sequence[Any]) -> list[dict[str, Any]]:
        """Run a read together with BEGIN and the tenant setting: one round trip."""
        self._require_sound_transaction()
        self._flush_last_write()
        owed = self._preamble(current_tenant_id_or_none())
        return self._pipeline([*owed, Statement(sql, params)])

    def write_last(self, sql: str, params: Sequence[Any]) -> None:
        """Keep a write until COMMIT and send both in one round trip.

        Inside an outer transaction (a savepoint, a test) it is sent at once. Any statement that
        follows it in the transaction sends it too, so that it reads what was written.
        """
        self._require_sound_transaction()
        self._flush_last_write()
        self._last_write = KeptWrite(Statement(sql, params), current_tenant_id_or_none())
        if self.savepoint_ids or len(self.atomic_blocks) > 1:
            self._flush_last_write()

    def _require_sound_transaction(self) -> None:
        if not self.in_atomic_block:
            raise NotInTransaction
        self.validate_no_broken_transaction()

    def _flush_last_write(self, *company: Statement) -> None:
        """Send a kept write, for the agency it was decided for."""
        if self._last_write is not None:
            kept, self._last_write = self._last_write, None
            self._pipeline([*self._preamble(kept.tenant), kept.statement, *company])

    def _commit(self) -> None:
        if self._begin_owed and self._last_write is None:
            self._begin_owed = False
            return
        if self._last_write is None:
            super()._commit()
        else:
            self._flush_last_write(Statement("COMMIT"))
        self._forget_transaction()

    def _rollback(self) -> None:
        nothing_sent = self._begin_owed
        self._forget_transaction()
        if not nothing_sent:
            super()._rollback()

    def _savepoint_rollback(self, sid: str) -> None:
        super()._savepoint_rollback(sid)
        # SET LOCAL is undone with the savepoint, back to whatever was set before it.
        self._sent_tenant = UNKNOWN

    def close(self) -> None:
        """Close the connection; whatever was owed is gone with it."""
        self._forget_transaction()
        super().close()
