"""PostgreSQL's wrapper: the agency in every transaction, a step in two round trips."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg
import pytest
from django.db import (
    DatabaseError,
    IntegrityError,
    OperationalError,
    connection,
    transaction,
)
from django.db.transaction import TransactionManagementError

from quytrinh.organization.models import Position
from quytrinh.runtime.actions import perform
from quytrinh.tenancy.context import tenant_context
from quytrinh.tenancy.exceptions import NotInTransaction
from quytrinh.tenancy.ids import uuid7
from quytrinh.tenancy.models import Tenant
from tests.support.postgresql import as_admin

pytestmark = [
    pytest.mark.skipif(connection.vendor != "postgresql", reason="the wrapper of PostgreSQL"),
    pytest.mark.django_db(transaction=True),
]
INTERLEAVED = 2_000
READ = "SELECT key FROM organization_position WHERE key LIKE %s"
WRITE = (
    'INSERT INTO organization_position (id, tenant_id, key, name, "order")'
    " VALUES (%s, %s, %s, %s, 0)"
)


@dataclass(slots=True)
class Traffic:
    """What went over the wire, by libpq's own trace."""

    round_trips: int = 0
    statements: int = 0


@contextmanager
def traced(tmp_path) -> Iterator[Traffic]:
    """Count Sync messages (round trips) and Execute messages (statements)."""
    connection.ensure_connection()
    log, traffic = tmp_path / "trace", Traffic()
    descriptor = os.open(log, os.O_CREAT | os.O_RDWR | os.O_TRUNC)
    connection.connection.pgconn.trace(descriptor)
    try:
        yield traffic
    finally:
        connection.connection.pgconn.untrace()
        os.close(descriptor)
    kinds = [line.split("\t")[1:4] for line in log.read_text().splitlines() if "\t" in line]
    sent = [kind[2] for kind in kinds if kind[0] == "F"]
    traffic.round_trips = sent.count("Sync") + sent.count("Query")
    traffic.statements = sent.count("Execute") + sent.count("Query")


@pytest.fixture
def two(transactional_db: None) -> tuple[int, int]:
    """Two agencies with a position each."""
    tenants = [Tenant.objects.create(slug=slug, name=slug).pk for slug in ("mot", "hai")]
    for tenant in tenants:
        with tenant_context(tenant), transaction.atomic():
            Position.objects.create(key=f"p{tenant}", name="Chức vụ")
    return tenants[0], tenants[1]


def keys() -> list[str]:
    """The positions that raw SQL finds."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT key FROM organization_position ORDER BY key")
        return [key for (key,) in cursor.fetchall()]


def write(tenant: int, key: str) -> None:
    """Keep a write for the end of the transaction."""
    connection.write_last(WRITE, [uuid7(), tenant, key, "Chức vụ"])


def test_empty_transaction_costs_nothing(two, tmp_path):
    with traced(tmp_path) as traffic, tenant_context(two[0]), transaction.atomic():
        pass
    assert (traffic.round_trips, traffic.statements) == (0, 0)


def test_orm_pays_begin_and_the_setting_in_one_round_trip(two, tmp_path):
    with traced(tmp_path) as traffic, tenant_context(two[0]), transaction.atomic():
        assert Position.objects.count() == 1
    # BEGIN with the setting, the query, COMMIT
    assert (traffic.round_trips, traffic.statements) == (3, 4)


def test_read_first_and_write_last_are_two_round_trips(two, tmp_path):
    ours = two[0]
    with tenant_context(ours):
        for _warm_up in range(2):  # prepares the statements
            with transaction.atomic():
                connection.read_first(READ, ["p%"])
                write(ours, f"q{_warm_up}")
        with traced(tmp_path) as traffic, transaction.atomic():
            assert [row["key"] for row in connection.read_first(READ, ["p%"])] == [f"p{ours}"]
            write(ours, "q")
    # BEGIN, the setting, the read; the write, COMMIT
    assert (traffic.round_trips, traffic.statements) == (2, 5)


def test_a_step_of_a_case_is_two_round_trips(agencies, tmp_path):
    ours = agencies.binh_thuan
    _case, task = ours.new_case()
    values = {"subject": "Mua máy in", "content": "Kính trình.", "urgency": "normal"}
    person = ours.person("chuyen-vien")
    with tenant_context(ours.tenant.pk), traced(tmp_path) as traffic:
        perform(task_id=task.pk, actor=person, action="submit", values=values)
    assert (traffic.round_trips, traffic.statements) == (2, 5)


def test_hooks_run_after_commit(two):
    seen = []
    with tenant_context(two[0]):
        with transaction.atomic():
            connection.read_first(READ, ["p%"])
            transaction.on_commit(lambda: seen.append(rows_seen_by_another(two[0])))
            write(two[0], "q")
            assert rows_seen_by_another(two[0]) == 1
        assert seen == [2]


def rows_seen_by_another(tenant: int) -> int:
    """How many positions of an agency a connection of its own sees: only what is committed."""
    settings = connection.get_connection_params()
    known = {name: settings[name] for name in ("dbname", "user", "host", "port")}
    with psycopg.connect(**known) as other:
        other.execute("SELECT set_config('app.tenant', %s, true)", [str(tenant)])
        return other.execute("SELECT count(*) FROM organization_position").fetchone()[0]


@pytest.mark.parametrize(
    ("tenant_of_row", "error"), [("ours", IntegrityError), ("theirs", DatabaseError)]
)
def test_refused_write_is_djangos_error_and_leaves_nothing(two, tenant_of_row, error):
    ours, theirs = two
    ran = []
    with tenant_context(ours):
        with pytest.raises(error), transaction.atomic():
            Position.objects.create(key="before", name="Chức vụ")
            transaction.on_commit(lambda: ran.append("hook"))
            write(ours if tenant_of_row == "ours" else theirs, f"p{ours}")
        assert not ran
        with transaction.atomic():
            assert keys() == [f"p{ours}"]
            write(ours, "after")
        with transaction.atomic():
            assert keys() == ["after", f"p{ours}"]


def test_rollback_drops_the_kept_write(two):
    with tenant_context(two[0]):
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            connection.read_first(READ, ["p%"])
            write(two[0], "q")
            raise ZeroDivisionError
        with transaction.atomic():
            write(two[0], "q")
            transaction.set_rollback(True)
        with transaction.atomic():
            assert keys() == [f"p{two[0]}"]


def test_inside_an_outer_transaction_a_write_is_sent_at_once(two):
    with tenant_context(two[0]), transaction.atomic():
        with transaction.atomic():
            write(two[0], "q")
        assert rows_seen_by_another(two[0]) == 1
        assert "q" in keys()


def test_what_follows_a_kept_write_reads_what_it_wrote(two):
    with tenant_context(two[0]):
        with transaction.atomic():
            write(two[0], "q")
            assert Position.objects.filter(key="q").exists()
        with transaction.atomic():
            write(two[0], "r")
            assert [row["key"] for row in connection.read_first(READ, ["r"])] == ["r"]
        with transaction.atomic():
            write(two[0], "s")
            write(two[0], "t")
        with transaction.atomic():
            assert keys() == [f"p{two[0]}", "q", "r", "s", "t"]


def test_kept_write_is_of_the_agency_it_was_decided_for(two):
    ours, theirs = two
    with tenant_context(theirs):
        with transaction.atomic(), tenant_context(ours):
            write(ours, "q")
        with transaction.atomic():
            assert keys() == [f"p{theirs}"]
    with transaction.atomic(), tenant_context(ours):
        write(ours, "r")
    with tenant_context(ours), transaction.atomic():
        assert keys() == [f"p{ours}", "q", "r"]


def test_agency_that_changes_within_a_transaction_is_sent_again(two):
    ours, _theirs = two
    with transaction.atomic():
        for _turn in range(3):
            for tenant in two:
                with tenant_context(tenant):
                    assert keys() == [f"p{tenant}"]
                    assert [row["key"] for row in connection.read_first(READ, ["p%"])] == keys()
        with tenant_context(ours):
            keys()
            with tenant_context(None), pytest.raises(DatabaseError), transaction.atomic():
                keys()
            assert keys() == [f"p{ours}"]


def test_rolled_back_savepoint_forgets_the_setting(two):
    ours, theirs = two
    with tenant_context(ours), transaction.atomic():
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            assert keys() == [f"p{ours}"]  # the setting is first sent inside the savepoint
            raise ZeroDivisionError
        assert keys() == [f"p{ours}"]
        with pytest.raises(ZeroDivisionError), tenant_context(theirs), transaction.atomic():
            assert keys() == [f"p{theirs}"]
            raise ZeroDivisionError
        assert keys() == [f"p{ours}"]


def test_rolled_back_savepoint_does_not_bring_an_agency_back(two):
    ours, theirs = two
    with transaction.atomic():
        with tenant_context(ours):
            assert keys() == [f"p{ours}"]
        with pytest.raises(ZeroDivisionError), tenant_context(theirs), transaction.atomic():
            keys()
            raise ZeroDivisionError
        with pytest.raises(DatabaseError), transaction.atomic():
            keys()


def test_interleaved_transactions_on_one_connection_never_see_foreign_rows(two):
    backend = set()
    foreign = 0
    for turn in range(INTERLEAVED):
        tenant = two[turn % 2]
        with tenant_context(tenant), transaction.atomic():
            if turn % 3:
                rows = connection.read_first(READ, ["p%"])
            else:
                rows = list(Position.objects.values("key"))
            foreign += [row["key"] for row in rows] != [f"p{tenant}"]
        backend.add(connection.connection.info.backend_pid)
    assert foreign == 0
    assert len(backend) == 1


def test_without_a_transaction_there_is_an_error_never_data(two):
    with tenant_context(two[0]):
        with transaction.atomic():
            assert keys()
        with pytest.raises(DatabaseError):
            keys()
        with pytest.raises(NotInTransaction):
            connection.read_first(READ, ["p%"])
        with pytest.raises(NotInTransaction):
            write(two[0], "q")
        with pytest.raises(NotInTransaction):
            Position.objects.count()


def test_broken_transaction_is_not_used_further(two):
    with tenant_context(two[0]), transaction.atomic():
        with pytest.raises(ZeroDivisionError), transaction.atomic(savepoint=False):
            raise ZeroDivisionError
        with pytest.raises(TransactionManagementError):
            connection.read_first(READ, ["p%"])
        with pytest.raises(TransactionManagementError):
            write(two[0], "q")
        transaction.set_rollback(True)


@pytest.mark.parametrize("moment", ["before", "between", "at the end"])
def test_connection_lost_is_an_error_and_the_next_transaction_works(two, moment):
    with tenant_context(two[0]):
        with pytest.raises(OperationalError), transaction.atomic():
            if moment != "before":
                connection.read_first(READ, ["p%"])
            if moment == "at the end":
                write(two[0], "q")
            cut()
            if moment != "at the end":
                connection.read_first(READ, ["p%"])
        with transaction.atomic():
            assert keys() == [f"p{two[0]}"]


def cut() -> None:
    """End this connection's backend from outside, as a restart of the server does."""
    backend = connection.connection.info.backend_pid
    with as_admin() as admin:
        admin.execute("SELECT pg_terminate_backend(%s, 5000)", [backend])
