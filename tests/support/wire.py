"""What libpq sends: statements and round trips, counted from its own trace."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from django.db import connection
from psycopg.pq import Trace


@dataclass
class Wire:
    """What went over the wire while it was watched.

    `statements` counts executions, `round_trips` the times an answer was waited for.
    """

    lines: list[str] = field(default_factory=list)

    def _sent(self, message: str) -> int:
        return sum(bool(re.search(rf"^F\t\d+\t{message}\b", line)) for line in self.lines)

    @property
    def statements(self) -> int:
        """How many statements were executed."""
        return self._sent("Execute") + self._sent("Query")

    @property
    def round_trips(self) -> int:
        """How many times the client waited for the server."""
        return self._sent("Sync") + self._sent("Query")


@contextmanager
def watched_wire() -> Iterator[Wire]:
    """Note what Django's connection sends to PostgreSQL in this block."""
    connection.ensure_connection()
    seen = Wire()
    with tempfile.TemporaryFile() as file:
        pgconn = connection.connection.pgconn
        pgconn.trace(file.fileno())
        pgconn.set_trace_flags(Trace.SUPPRESS_TIMESTAMPS)
        try:
            yield seen
        finally:
            pgconn.untrace()
            os.fsync(file.fileno())
            file.seek(0)
            seen.lines = file.read().decode(errors="replace").splitlines()
