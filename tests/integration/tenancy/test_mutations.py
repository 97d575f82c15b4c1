"""A hole made in a wall on purpose: serving is refused, and what the wall kept apart is seen."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.apps import apps
from django.core.checks import run_checks
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.db import connection, models
from django.test.utils import isolate_apps

from quytrinh.tenancy import checks, policies
from quytrinh.tenancy.checks import every_table_has_a_place, refuse_to_serve_with_holes
from quytrinh.tenancy.models import Tenant, TenantModel
from quytrinh.tenancy.roles import OWNER_ROLE
from tests.support.postgresql import LOGIN, as_admin, as_owner

TABLES = [model._meta.db_table for model in policies.tenant_models(apps)]
pytestmark = pytest.mark.django_db(transaction=True)
only_postgresql = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="SQLite has no second wall"
)


@contextmanager
def as_somebody(connect, done: str, undone: str) -> Iterator[None]:
    """Do something to the walls past the serving role, and undo it."""
    with connect() as other:
        other.execute(done)
    try:
        yield
    finally:
        with connect() as other:
            for statement in undone.split(";"):
                other.execute(statement)


def problems() -> str:
    """What the start-up check says when it refuses."""
    with pytest.raises(ImproperlyConfigured) as refusal:
        refuse_to_serve_with_holes()
    return str(refusal.value)


def foreign_rows(table: str, tenant: Tenant) -> int:
    """How many rows of other agencies raw SQL finds while this one is at work."""
    from django.db import transaction

    from quytrinh.tenancy.context import tenant_context

    with tenant_context(tenant.pk), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table} WHERE tenant_id <> %s", [tenant.pk])
        return cursor.fetchone()[0]


def test_whole_walls_are_let_through():
    refuse_to_serve_with_holes()
    assert not run_checks(tags=["tenancy"], databases=["default"])


@only_postgresql
@pytest.mark.parametrize("table", TABLES)
def test_dropped_policy_is_refused(table):
    protect = ";".join(policies.protection_sql(table))
    with as_somebody(as_owner, f"DROP POLICY tenant_wall ON {table}", protect):
        assert f"{table}: the policy is missing" in problems()


@only_postgresql
def test_dropped_policy_lets_nothing_through_by_itself(agencies):
    """Row security stays enabled: without a policy PostgreSQL finds no row at all."""
    table = "organization_person"
    protect = ";".join(policies.protection_sql(table))
    with as_somebody(as_owner, f"DROP POLICY tenant_wall ON {table}", protect):
        assert foreign_rows(table, agencies.ha_tinh.tenant) == 0


@only_postgresql
@pytest.mark.parametrize(
    ("hole", "says"),
    [
        ("ALTER TABLE {table} DISABLE ROW LEVEL SECURITY", "not enabled and forced"),
        ("ALTER POLICY tenant_wall ON {table} USING (true)", "differs from the generated one"),
        ("CREATE POLICY mine ON {table} USING (true)", "unknown policy mine"),
        ("CREATE POLICY mine ON {table} FOR SELECT TO PUBLIC USING (true)", "unknown policy"),
    ],
)
def test_hole_is_refused_and_would_have_shown_rows(agencies, hole, says):
    table, tenant = "organization_person", agencies.ha_tinh.tenant
    whole = ";".join(["DROP POLICY IF EXISTS mine ON {table}", *policies.protection_sql(table)])
    assert foreign_rows(table, tenant) == 0
    with as_somebody(as_owner, hole.format(table=table), whole.format(table=table)):
        assert foreign_rows(table, tenant) == 6
        assert says in problems()
    assert foreign_rows(table, tenant) == 0
    refuse_to_serve_with_holes()


@only_postgresql
@pytest.mark.parametrize(
    ("hole", "undo", "says"),
    [
        (
            "ALTER TABLE runtime_case NO FORCE ROW LEVEL SECURITY",
            "ALTER TABLE runtime_case FORCE ROW LEVEL SECURITY",
            "not enabled and forced",
        ),
        (
            "ALTER POLICY tenant_wall ON runtime_case"
            " USING (tenant_id = (select current_setting('app.tenant', true)::int))",
            ";".join(policies.protection_sql("runtime_case")),
            "differs from the generated one",
        ),
        (
            "ALTER POLICY tenant_wall ON runtime_case WITH CHECK (true)",
            ";".join(policies.protection_sql("runtime_case")),
            "differs from the generated one",
        ),
        (
            f"ALTER POLICY tenant_wall ON runtime_case TO {policies.DISPATCHER_ROLE}",
            ";".join(policies.protection_sql("runtime_case")),
            "differs from the generated one",
        ),
        (
            "ALTER POLICY dispatcher_reads ON background_outboxmessage TO PUBLIC",
            "ALTER POLICY dispatcher_reads ON background_outboxmessage"
            f" TO {policies.DISPATCHER_ROLE}",
            "opens the wall to the serving role",
        ),
    ],
)
def test_weaker_wall_is_refused(hole, undo, says):
    with as_somebody(as_owner, hole, undo):
        assert says in problems()
    refuse_to_serve_with_holes()


@only_postgresql
@pytest.mark.parametrize(
    ("done", "undone", "says"),
    [
        (f"ALTER ROLE {LOGIN} SUPERUSER", f"ALTER ROLE {LOGIN} NOSUPERUSER", "passes row-level"),
        (f"ALTER ROLE {LOGIN} BYPASSRLS", f"ALTER ROLE {LOGIN} NOBYPASSRLS", "passes row-level"),
        (f"GRANT postgres TO {LOGIN}", f"REVOKE postgres FROM {LOGIN}", "passes row-level"),
        (f"GRANT {OWNER_ROLE} TO {LOGIN}", f"REVOKE {OWNER_ROLE} FROM {LOGIN}", "owns the table"),
        (
            f"GRANT {policies.DISPATCHER_ROLE} TO {LOGIN}",
            f"REVOKE {policies.DISPATCHER_ROLE} FROM {LOGIN}",
            "opens the wall to the serving role",
        ),
        (
            f"ALTER TABLE runtime_case OWNER TO {LOGIN}",
            f"ALTER TABLE runtime_case OWNER TO {OWNER_ROLE}",
            "owns the table",
        ),
    ],
)
def test_role_that_passes_the_wall_is_refused(done, undone, says):
    with as_somebody(as_admin, done, undone):
        assert says in problems()
    refuse_to_serve_with_holes()


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL has the second wall")
def test_two_agencies_on_sqlite_are_for_demos_only(settings):
    settings.DEMO = False
    Tenant.objects.create(slug="mot", name="Một")
    refuse_to_serve_with_holes()
    Tenant.objects.create(slug="hai", name="Hai")
    assert "tenancy.E004" in problems()
    settings.DEMO = True
    refuse_to_serve_with_holes()


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite serves one agency")
def test_two_agencies_on_postgresql_are_no_demo(settings):
    settings.DEMO = False
    for slug in ("mot", "hai"):
        Tenant.objects.create(slug=slug, name=slug)
    refuse_to_serve_with_holes()


@isolate_apps("tests.support")
def test_model_neither_scoped_nor_listed_is_refused(monkeypatch):
    class Loose(models.Model):
        class Meta:
            app_label = "support"

    class Unscoped(models.Model):
        tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, related_name="+")

        class Meta:
            app_label = "support"

    class Bypassing(TenantModel):
        everything = models.Manager()

        class Meta(TenantModel.Meta):
            app_label = "support"

    class Scoped(TenantModel):
        class Meta(TenantModel.Meta):
            app_label = "support"

    registry = Scoped._meta.apps
    monkeypatch.setattr(checks, "apps", registry)
    refused = {problem.msg.split()[0] for problem in every_table_has_a_place(None)}
    assert refused == {"support.Loose", "support.Unscoped", "support.Bypassing"}


def test_manage_py_check_says_so_too(monkeypatch):
    monkeypatch.setattr(checks, "SHARED_TABLES", checks.SHARED_TABLES - {"sessions.Session"})
    with pytest.raises(SystemCheckError, match=r"sessions\.Session is neither"):
        call_command("check")
