"""Statements of a constant shape, prepared once for each connection, several in one packet.

psycopg's own pipeline sends a packet for every statement and keeps a cursor for each; a step that
sends two pipelines spends more on that than on its statements. This speaks to libpq below it.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import psycopg
from psycopg import generators
from psycopg.adapt import Transformer
from psycopg.errors import error_from_result
from psycopg.pq import ExecStatus
from psycopg.pq.abc import PGconn, PGresult

REFUSED = (ExecStatus.FATAL_ERROR, ExecStatus.PIPELINE_ABORTED)


@dataclass(frozen=True, slots=True)
class Statement:
    """SQL of a constant shape, `%s` for each parameter, and its parameters as text or None."""

    sql: str
    params: Sequence[Any] = ()


class Pipeline:
    """What one connection has prepared."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self._connection = connection
        self._names: dict[str, bytes] = {}

    def run(self, statements: Sequence[Statement]) -> list[dict[str, Any]]:
        """Send all in one round trip; return the rows of the last one.

        Raises the database's error for the first that was refused; those after it were not run.
        """
        pgconn = self._connection.pgconn
        fresh = self._new_names(statements)
        pgconn.enter_pipeline_mode()
        try:
            self._send(statements, fresh)
            expected = len(fresh) + len(statements)
            results = self._connection.wait(_exchange(pgconn, expected))
        except BaseException:
            # Half an exchange leaves a connection that nobody can trust.
            pgconn.finish()
            raise
        pgconn.exit_pipeline_mode()
        self._remember(fresh, results)
        self._refuse(results)
        return self._rows(results[-1])

    def _new_names(self, statements: Sequence[Statement]) -> dict[str, bytes]:
        """Name what is not prepared yet: SQL -> name."""
        fresh = dict.fromkeys(each.sql for each in statements if each.sql not in self._names)
        return {
            sql: f"quytrinh_{number}".encode() for number, sql in enumerate(fresh, len(self._names))
        }

    def _send(self, statements: Sequence[Statement], fresh: dict[str, bytes]) -> None:
        pgconn = self._connection.pgconn
        for sql, name in fresh.items():
            pgconn.send_prepare(name, _with_numbers(sql))
        for statement in statements:
            name = fresh.get(statement.sql) or self._names[statement.sql]
            pgconn.send_query_prepared(name, [_text(value) for value in statement.params])
        pgconn.pipeline_sync()

    def _remember(self, fresh: dict[str, bytes], results: Sequence[PGresult]) -> None:
        """Keep the names that were prepared; a transaction rolled back does not undo that."""
        for (sql, name), result in zip(fresh.items(), results, strict=False):
            if result.status not in REFUSED:
                self._names[sql] = name

    def _refuse(self, results: Sequence[PGresult]) -> None:
        for result in results:
            if result.status in REFUSED:
                raise error_from_result(result, encoding=self._connection.info.encoding)

    def _rows(self, result: PGresult) -> list[dict[str, Any]]:
        if result.status != ExecStatus.TUPLES_OK:
            return []
        transformer = Transformer(self._connection)
        transformer.set_pgresult(result)
        names = [(result.fname(place) or b"").decode() for place in range(result.nfields)]
        found = transformer.load_rows(0, result.ntuples, tuple)
        return [dict(zip(names, row, strict=True)) for row in found]


@lru_cache(maxsize=64)
def _with_numbers(sql: str) -> bytes:
    """Write the parameters as libpq has them: $1, $2."""
    first, *rest = sql.split("%s")
    numbered = (f"${number}{part}" for number, part in enumerate(rest, 1))
    return (first + "".join(numbered)).encode()


def _text(value: Any) -> bytes | None:
    return None if value is None else str(value).encode()


def _exchange(pgconn: PGconn, expected: int) -> Generator[Any, Any, list[PGresult]]:
    """Flush what is to be sent, once; fetch a result for each statement, then the sync's own."""
    yield from generators.send(pgconn)
    results: list[PGresult] = []
    for _ in range(expected + 1):
        results += yield from generators.fetch_many(pgconn)
    return results[:-1]
