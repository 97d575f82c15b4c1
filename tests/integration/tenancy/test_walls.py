"""Every tenant table x every verb: working for one agency, nothing of another is found or changed.

Generated from the registry of models, so a table that comes later is tested too.
"""

from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import ObjectDoesNotExist
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.models import Model

from quytrinh.tenancy import policies
from quytrinh.tenancy.context import tenant_context
from quytrinh.tenancy.exceptions import ForeignTenant, TenantContextMissing
from quytrinh.tenancy.ids import uuid7

MODELS = policies.tenant_models(apps)
KEYS = [key for model in MODELS for key in policies.composite_keys(model)]
# What PostgreSQL says: no such setting, a setting that is no number, a row of another agency,
# a reference to a row of another agency. A trigger may refuse before the wall does.
NO_SETTING, NO_NUMBER, REFUSED, NO_SUCH_ROW = "42704", "22P02", "42501", "23503"
BY_TRIGGER = "P0001"
# A role is given to a person or to a position, never to both.
INSTEAD_OF = {"organization_rolegrant_position_id_tenant_fk": "person_id"}

# What keeps a copy of a row from being refused as a second one.
COUNTED = ("number", "year")
AS_COPY = {"documents_registerentry": {"state": "void"}}

pytestmark = pytest.mark.django_db
every_model = pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
only_postgresql = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="SQLite has no second wall"
)


def row_of(life, model: type[Model]) -> Any:
    """A row of this agency in this table."""
    with life.agency.at_work():
        row = model._default_manager.order_by("-pk").first()
    assert row is not None, f"no row of {model._meta.label} to try the wall on"
    return row


def columns_of(row: Model, **changes: Any) -> dict[str, Any]:
    """A row as columns for a raw statement, some of them changed."""
    columns = {
        field.column: field.get_db_prep_save(getattr(row, field.attname), connection)
        for field in row._meta.concrete_fields
    }
    return {**columns, **changes}


def run(sql: str, params: Any = ()) -> Any:
    """Run raw SQL in a savepoint; return its rows, or how many it touched."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall() if cursor.description else cursor.rowcount


def insert(table: str, columns: dict[str, Any]) -> None:
    """Insert a row by raw SQL."""
    places = ", ".join(["%s"] * len(columns))
    names = ", ".join(map(connection.ops.quote_name, columns))
    run(f"INSERT INTO {table} ({names}) VALUES ({places})", list(columns.values()))


def code_of(refusal: pytest.ExceptionInfo[DatabaseError]) -> str:
    """The SQLSTATE of a refusal."""
    return refusal.value.__cause__.sqlstate


def test_there_is_something_to_test():
    assert len(MODELS) >= 17
    assert len(KEYS) >= 17


@every_model
def test_manager_finds_and_changes_nothing_of_another_agency(neighbours, model):
    row = row_of(neighbours.theirs, model)
    with neighbours.ours.agency.at_work():
        rows = model._default_manager
        assert not rows.filter(pk=row.pk).exists()
        assert not rows.filter(tenant_id=row.tenant_id).exists()
        assert rows.filter(pk=row.pk).count() == 0
        assert list(rows.filter(pk=row.pk).values_list("pk")) == []
        assert rows.filter(pk=row.pk).update(tenant_id=row.tenant_id) == 0
        assert rows.filter(pk=row.pk).delete()[0] == 0
        with pytest.raises(model.DoesNotExist):
            rows.get(pk=row.pk)
        with pytest.raises(model.DoesNotExist):
            row.refresh_from_db()


@every_model
def test_row_of_another_agency_is_neither_saved_nor_deleted(neighbours, model):
    row = row_of(neighbours.theirs, model)
    with neighbours.ours.agency.at_work():
        # a case changes in a unit of work only, a task asks for its case: both come first
        with pytest.raises((ForeignTenant, RuntimeError, ObjectDoesNotExist)):
            row.save()
        with pytest.raises(ForeignTenant):
            row.delete()
        with pytest.raises(ForeignTenant):
            model._default_manager.bulk_create([row])
    assert row_of(neighbours.theirs, model).pk == row.pk


@every_model
def test_queryset_made_for_one_agency_is_of_no_use_in_another(neighbours, model):
    with neighbours.theirs.agency.at_work():
        rows = model._default_manager.all()
        one = row_of(neighbours.theirs, model)
    with neighbours.ours.agency.at_work():
        for use in (list, len, lambda rows: rows.exists(), lambda rows: rows.count()):
            with pytest.raises(ForeignTenant):
                use(rows.all())
        with pytest.raises(ForeignTenant):
            rows.update(tenant_id=one.tenant_id)
        with pytest.raises(ForeignTenant):
            rows.delete()


@every_model
def test_queryset_that_outlives_its_block_is_refused(neighbours, model):
    with neighbours.ours.agency.at_work():
        rows = model._default_manager.all()
        pk = row_of(neighbours.ours, model).pk
    for use in (
        list,
        bool,
        lambda rows: rows.get(pk=pk),
        lambda rows: rows.count(),
        lambda rows: rows.exists(),
        lambda rows: rows.filter(pk=pk).update(tenant_id=1),
        lambda rows: rows.filter(pk=pk).delete(),
    ):
        with pytest.raises(TenantContextMissing):
            use(rows.all())
    with pytest.raises(TenantContextMissing):
        model._default_manager.all()


@only_postgresql
@every_model
def test_raw_sql_finds_and_changes_nothing_of_another_agency(neighbours, model):
    row, table = row_of(neighbours.theirs, model), model._meta.db_table
    with neighbours.ours.agency.at_work():
        assert run(f"SELECT * FROM {table} WHERE id = %s", [row.pk]) == []
        assert run(f"SELECT * FROM {table} WHERE tenant_id = %s", [row.tenant_id]) == []
        assert run(f"SELECT DISTINCT tenant_id FROM {table}") == [
            (neighbours.ours.agency.tenant.pk,)
        ]
        assert run(f"UPDATE {table} SET id = id WHERE id = %s", [row.pk]) == 0
        assert run(f"DELETE FROM {table} WHERE id = %s", [row.pk]) == 0


@only_postgresql
@every_model
def test_raw_insert_for_another_agency_is_refused(neighbours, model):
    row = row_of(neighbours.theirs, model)
    with neighbours.ours.agency.at_work(), pytest.raises(DatabaseError) as refusal:
        insert(model._meta.db_table, columns_of(row, id=uuid7()))
    assert code_of(refusal) == REFUSED


@only_postgresql
@every_model
def test_own_row_is_not_given_to_another_agency(neighbours, model):
    row, table = row_of(neighbours.ours, model), model._meta.db_table
    theirs = neighbours.theirs.agency.tenant.pk
    with neighbours.ours.agency.at_work(), pytest.raises(DatabaseError) as refusal:
        run(f"UPDATE {table} SET tenant_id = %s WHERE id = %s", [theirs, row.pk])
    assert code_of(refusal) in {REFUSED, BY_TRIGGER}


@only_postgresql
@pytest.mark.parametrize("key", KEYS, ids=lambda key: key.name)
def test_reference_to_a_row_of_another_agency_is_refused(neighbours, key):
    """Checks of references look past the policies: only the agency in the key refuses."""
    model, parent = (
        next(model for model in MODELS if model._meta.db_table == table)
        for table in (key.table, key.parent)
    )
    mine, foreign = row_of(neighbours.ours, model), row_of(neighbours.theirs, parent)
    with (
        neighbours.ours.agency.at_work(),
        pytest.raises(IntegrityError) as refusal,
        transaction.atomic(),
    ):
        refer(mine, key, foreign.pk)
        run("SET CONSTRAINTS ALL IMMEDIATE")
    assert code_of(refusal) == NO_SUCH_ROW
    assert key.name in str(refusal.value)


def refer(row: Model, key: policies.CompositeKey, pk: Any) -> None:
    """Make a row refer to another, a copy of it where a trigger forbids changing it."""
    changes = {INSTEAD_OF.get(key.name, key.column): None, key.column: pk}
    assignments = ", ".join(f"{column} = %s" for column in changes)
    try:
        run(f"UPDATE {key.table} SET {assignments} WHERE id = %s", [*changes.values(), row.pk])
    except DatabaseError as refusal:
        assert refusal.__cause__.sqlstate == BY_TRIGGER
        apart = {name: getattr(row, name) + 1000 for name in COUNTED if hasattr(row, name)}
        apart |= AS_COPY.get(key.table, {})
        insert(key.table, columns_of(row, id=uuid7(), **apart, **changes))


@only_postgresql
def test_no_reference_between_tenant_tables_lacks_the_agency():
    tables = [model._meta.db_table for model in MODELS]
    rows = run(
        "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE contype = 'f'"
        " AND conrelid::regclass::text = ANY(%s) AND confrelid::regclass::text = ANY(%s)",
        [tables, tables],
    )
    assert {name for name, _definition in rows} == {key.name for key in KEYS}
    for _name, definition in rows:
        assert definition.startswith("FOREIGN KEY (tenant_id, ")


@only_postgresql
@every_model
def test_raw_sql_without_an_agency_fails(neighbours, model):
    table = model._meta.db_table
    statements = [
        f"SELECT * FROM {table}",
        f"UPDATE {table} SET id = id",
        f"DELETE FROM {table}",
    ]
    for statement in statements:
        with pytest.raises(DatabaseError) as refusal:
            run(statement)
        assert code_of(refusal) in {NO_SETTING, NO_NUMBER}
    with neighbours.ours.agency.at_work():
        assert run(f"SELECT count(*) FROM {table}")[0][0] > 0
    with tenant_context(None), pytest.raises(DatabaseError) as refusal:
        run(f"SELECT * FROM {table}")
    assert code_of(refusal) == NO_NUMBER


@only_postgresql
@every_model
@pytest.mark.parametrize(
    "statement",
    [
        "TRUNCATE {table}",
        "ALTER TABLE {table} DISABLE ROW LEVEL SECURITY",
        "ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY",
        "DROP POLICY tenant_wall ON {table}",
        "CREATE POLICY mine ON {table} USING (true)",
        "ALTER TABLE {table} DISABLE TRIGGER ALL",
        "CREATE TRIGGER mine BEFORE INSERT ON {table}"
        " FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()",
        "CREATE RULE mine AS ON SELECT TO {table} DO INSTEAD NOTHING",
        "DROP TABLE {table}",
    ],
)
def test_serving_role_does_not_tear_the_wall_down(neighbours, model, statement):
    with neighbours.ours.agency.at_work(), pytest.raises(DatabaseError) as refusal:
        run(statement.format(table=model._meta.db_table))
    assert code_of(refusal) == REFUSED


@only_postgresql
@pytest.mark.parametrize(
    "statement",
    [
        "SET ROLE quytrinh_owner",
        "SET ROLE quytrinh_dispatcher",
        "SET SESSION AUTHORIZATION quytrinh_owner",
        "SET session_replication_role = replica",
        "CREATE TABLE public.mine (tenant_id int)",
        "CREATE FUNCTION public.mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "ALTER FUNCTION background_due(integer) RESET ALL",
        "CREATE EXTENSION dblink",
        "COPY tenancy_tenant TO PROGRAM 'true'",
        "SELECT pg_read_file('/etc/passwd')",
    ],
)
def test_serving_role_does_not_become_another(neighbours, statement):
    with neighbours.ours.agency.at_work(), pytest.raises(DatabaseError) as refusal:
        run(statement)
    assert code_of(refusal) == REFUSED


@only_postgresql
def test_turning_row_security_off_gives_an_error_not_rows(neighbours):
    with (
        neighbours.ours.agency.at_work(),
        pytest.raises(DatabaseError) as refusal,
        transaction.atomic(),
    ):
        run("SET LOCAL row_security = off")
        run("SELECT * FROM runtime_case")
    assert code_of(refusal) == REFUSED


@only_postgresql
def test_dispatcher_tells_keys_of_due_messages_and_nothing_else(neighbours):
    with neighbours.ours.agency.at_work(), connection.cursor() as cursor:
        cursor.execute("SELECT * FROM background_due(100)")
        assert [column.name for column in cursor.description] == ["tenant_id", "id"]
