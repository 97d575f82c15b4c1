"""The unit of work on PostgreSQL: one read, one write, two round trips, whatever the step does.

The read locks the case row and joins its open tasks. Under READ COMMITTED a row that waited for
the lock is read afresh while the rest keeps the statement's snapshot; `snapshot_revision` tells
when that happened, and then the tasks are read once more under the lock.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from django.core.serializers.json import DjangoJSONEncoder
from django.db import DEFAULT_DB_ALIAS, connections, models
from viewflow.workflow.token import Token

from quytrinh.background.models import OutboxMessage
from quytrinh.journal.models import JournalEntry
from quytrinh.runtime.models import Case, CaseTask, CaseViewer, InboxEntry
from quytrinh.runtime.querysets import OPEN
from quytrinh.runtime.store.loaded import Loaded
from quytrinh.runtime.store.orm import CASE_COLUMNS, TASK_COLUMNS
from quytrinh.runtime.unit_of_work import UnitOfWork

Row = Mapping[str, Any]


class PostgreSQLStore:
    """Reads with the BEGIN, writes with the COMMIT."""

    def load(self, *, task_id: UUID | None = None, case_id: UUID | None = None) -> Loaded | None:
        """Lock a case and read it with its open tasks."""
        connection = connections[DEFAULT_DB_ALIAS]
        rows = connection.read_first(_read_sql(), [case_id, task_id])
        if rows and rows[0]["c_revision"] != rows[0]["snapshot_revision"]:
            rows = connection.read_first(_read_sql(), [rows[0]["c_id"], None])
        if not rows:
            return None
        case = _instance(Case, "c_", rows[0])
        tasks = tuple(_instance(CaseTask, "t_", row) for row in rows if row["t_id"])
        return Loaded(case, tasks, rows[0]["organization_version"])

    def write(self, work: UnitOfWork) -> None:
        """Write everything in one statement, together with COMMIT."""
        parts = {name: rows for name, rows in _parts(work) if rows}
        connections[DEFAULT_DB_ALIAS].write_last(
            _write_sql(tuple(parts)), [_ENCODER.encode(rows) for rows in parts.values()]
        )


def _parts(work: UnitOfWork) -> Iterator[tuple[str, list[Row]]]:
    """Yield the rows of each part of the write; what a step does not touch is empty."""
    tenant_id = work.case.tenant_id
    if work.is_new:
        yield "new_case", [_row(work.case)]
    else:
        yield "changed_case", [_row(work.case, ("tenant_id", "id", *CASE_COLUMNS))]
    yield "new_tasks", [_row(task) for task in work.created_tasks]
    changed = ("tenant_id", "id", *TASK_COLUMNS)
    yield "changed_tasks", [_row(task, changed) for task in work.changed_tasks.values()]
    yield "gone", [{"tenant_id": tenant_id, "task_id": task_id} for task_id in work.closed]
    handed_on = work.handed_on
    yield (
        "handed_on",
        [{"tenant_id": tenant_id, "task_id": task, "holder_key": key} for task, key in handed_on],
    )
    yield "looks", [{"tenant_id": tenant_id, **look} for look in work.looks.values()]
    yield "new_inbox", [_row(entry) for entry in work.inbox]
    yield "new_viewers", [_row(viewer) for viewer in work.viewers.values()]
    yield "new_outbox", [_row(message) for message in work.outbox]
    columns = work.journal_columns()
    yield "new_entries", [{"tenant_id": tenant_id, **entry} for entry in columns]


@cache
def _read_sql() -> str:
    columns = [
        f"{alias}.{field.column} AS {alias}_{field.column}"
        for alias, model in (("c", Case), ("t", CaseTask))
        for field in model._meta.concrete_fields
    ]
    case, task = Case._meta.db_table, CaseTask._meta.db_table
    open_statuses = ", ".join(f"'{status.value}'" for status in OPEN)
    return f"""
SELECT {", ".join(columns)}, o.organization_version,
       (SELECT s.revision FROM {case} s WHERE s.id = c.id) AS snapshot_revision
FROM {case} c
JOIN tenancy_tenant o ON o.id = c.tenant_id
LEFT JOIN {task} t
       ON t.tenant_id = c.tenant_id AND t.process_id = c.id AND t.status IN ({open_statuses})
WHERE c.id = coalesce(%s::uuid, (SELECT k.process_id FROM {task} k WHERE k.id = %s::uuid))
FOR UPDATE OF c
"""


@cache
def _write_sql(parts: tuple[str, ...]) -> str:
    """Return the statement that writes these parts; there are as many as there are kinds of step.

    Parts without rows are left out, since PostgreSQL would set each of them up for nothing.
    """
    known = _part_sql()
    common = ", ".join(f"{part} AS ({known[part]})" for part in parts)
    return f"WITH {common} SELECT"


@cache
def _part_sql() -> Mapping[str, str]:
    return {
        "new_case": _insert(Case),
        "changed_case": _update(Case, CASE_COLUMNS),
        "new_tasks": _insert(CaseTask),
        "changed_tasks": _update(CaseTask, TASK_COLUMNS),
        "gone": f"DELETE FROM {InboxEntry._meta.db_table} i"
        " USING jsonb_to_recordset(%s::jsonb) AS x(tenant_id int, task_id uuid)"
        " WHERE i.tenant_id = x.tenant_id AND i.task_id = x.task_id",
        "handed_on": f"DELETE FROM {InboxEntry._meta.db_table} i"
        " USING jsonb_to_recordset(%s::jsonb) AS x(tenant_id int, task_id uuid, holder_key text)"
        " WHERE i.tenant_id = x.tenant_id AND i.task_id = x.task_id"
        " AND i.holder_key = x.holder_key",
        "looks": f"UPDATE {InboxEntry._meta.db_table} i"
        " SET due_at = x.due_at, sort_at = x.sort_at, note = x.note"
        " FROM jsonb_to_recordset(%s::jsonb) AS x(tenant_id int, task_id uuid,"
        " due_at timestamptz, sort_at timestamptz, note text)"
        " WHERE i.tenant_id = x.tenant_id AND i.task_id = x.task_id",
        "new_inbox": _insert(InboxEntry),
        "new_viewers": f"{_insert(CaseViewer)} ON CONFLICT DO NOTHING",
        "new_outbox": _insert(OutboxMessage),
        "new_entries": _insert(JournalEntry),
    }


def _insert(model: type[models.Model]) -> str:
    table = model._meta.db_table
    return f"INSERT INTO {table} SELECT * FROM jsonb_populate_recordset(NULL::{table}, %s::jsonb)"


def _update(model: type[models.Model], names: Sequence[str]) -> str:
    table = model._meta.db_table
    assignments = ", ".join(f"{name} = x.{name}" for name in names)
    return (
        f"UPDATE {table} r SET {assignments} "
        f"FROM jsonb_populate_recordset(NULL::{table}, %s::jsonb) x "
        "WHERE r.tenant_id = x.tenant_id AND r.id = x.id"
    )


def _instance(model: type[models.Model], prefix: str, row: Row) -> Any:
    values = [row[f"{prefix}{name}"] for name in _columns(model)]
    for place, convert in _conversions(model):
        values[place] = convert(values[place])
    return model.from_db(DEFAULT_DB_ALIAS, _columns(model), values)


@cache
def _conversions(model: type[models.Model]) -> tuple[tuple[int, Callable[[Any], Any]], ...]:
    """Return at which columns the database's value is not yet the model's, and what makes it so."""
    fields = enumerate(model._meta.concrete_fields)
    return tuple(
        (place, Token if field.name == "token" else json.loads)
        for place, field in fields
        if field.name == "token" or isinstance(field, models.JSONField)
    )


def _row(instance: models.Model, columns: Sequence[str] | None = None) -> Row:
    values = instance.__dict__
    return {column: values[column] for column in columns or _columns(type(instance))}


@cache
def _columns(model: type[models.Model]) -> tuple[str, ...]:
    """Return the columns of a table, under the names their values have in an instance."""
    return tuple(field.attname for field in model._meta.concrete_fields)


class _Encoder(DjangoJSONEncoder):
    """Keeps microseconds, which the journal's hash covers, and writes tokens as text."""

    def default(self, o: Any) -> Any:
        if isinstance(o, UUID):
            return str(o)
        if isinstance(o, datetime):
            return o.isoformat()
        return o.token if isinstance(o, Token) else super().default(o)


_ENCODER = _Encoder(ensure_ascii=False)
