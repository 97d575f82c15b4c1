"""The first wall stands on every database: no agency or no transaction, no query."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from django.apps import apps
from django.db import transaction
from django.db.models import Max

import quytrinh
from quytrinh.organization.models import Person, Position
from quytrinh.tenancy import policies
from quytrinh.tenancy.context import tenant_context
from quytrinh.tenancy.exceptions import ForeignTenant, NotInTransaction, TenantContextMissing
from quytrinh.tenancy.models import Tenant

PLATFORM = Path(quytrinh.__file__).parent
# Modules that speak SQL or build querysets themselves. Each says in its text why it may.
PAST_THE_FIRST_WALL = {
    "background/outbox.py",
    "documents/numbering.py",
    "runtime/store/postgresql.py",
    "tenancy/checks.py",
    "tenancy/db/sqlite3/base.py",
    "tenancy/migrations_support.py",
}
MODELS = policies.tenant_models(apps)
pytestmark = pytest.mark.django_db(transaction=True)
every_model = pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
USES = {
    "list": list,
    "first": lambda rows: rows.first(),
    "exists": lambda rows: rows.exists(),
    "count": lambda rows: rows.count(),
    "aggregate": lambda rows: rows.aggregate(Max("pk")),
    "iterator": lambda rows: next(rows.iterator(), None),
    "values": lambda rows: list(rows.values()),
    "in_bulk": lambda rows: rows.in_bulk(),
    "update": lambda rows: rows.update(tenant_id=1),
    "delete": lambda rows: rows.delete(),
    "union": lambda rows: list(rows.union(rows)),
    "explain": lambda rows: rows.explain(),
    "bulk_create": lambda rows: rows.bulk_create([rows.model()]),
    "get_or_create": lambda rows: rows.get_or_create(pk=None),
}


@every_model
def test_without_an_agency_no_manager_answers(model):
    with transaction.atomic():
        for manager in (*model._meta.managers, model._meta.base_manager):
            with pytest.raises(TenantContextMissing):
                manager.all()
        with pytest.raises(TenantContextMissing):
            model().delete()


@pytest.mark.parametrize("use", USES)
def test_outside_a_transaction_no_query_is_run(use):
    tenant = Tenant.objects.create(slug="mot", name="Một")
    for model in MODELS:
        with tenant_context(tenant.pk), pytest.raises(NotInTransaction):
            USES[use](model._default_manager.all())


@pytest.fixture
def two(transactional_db: None) -> tuple[int, int]:
    """Two agencies with a position each."""
    tenants = [Tenant.objects.create(slug=slug, name=slug).pk for slug in ("mot", "hai")]
    for tenant in tenants:
        with tenant_context(tenant), transaction.atomic():
            Position.objects.create(key="p", name="Chức vụ")
    return tenants[0], tenants[1]


def test_rows_are_given_to_the_agency_at_work(two):
    for tenant in two:
        with tenant_context(tenant), transaction.atomic():
            Position(key="saved", name="Chức vụ").save()
            Position.objects.bulk_create([Position(key="bulk", name="Chức vụ")])
            assert Position.objects.count() == 3
            assert set(Position.objects.values_list("tenant_id", flat=True)) == {tenant}


def test_row_named_for_another_agency_is_refused(two):
    ours, theirs = two
    with tenant_context(ours), transaction.atomic():
        stray = Position(key="stray", name="Chức vụ", tenant_id=theirs)
        for use in (
            stray.save,
            stray.delete,
            lambda: Position.objects.bulk_create([stray]),
            lambda: Position.objects.create(key="stray", name="x", tenant_id=theirs),
            lambda: Position.objects.get_or_create(key="x", defaults={"tenant_id": theirs}),
            lambda: Position.objects.update_or_create(key="x", defaults={"tenant_id": theirs}),
        ):
            with pytest.raises(ForeignTenant):
                use()
    with tenant_context(theirs), transaction.atomic():
        assert Position.objects.count() == 1


def test_saving_and_deleting_need_a_transaction(two):
    with tenant_context(two[0]):
        with transaction.atomic():
            position = Position.objects.get()
        for use in (position.save, position.delete, Position(key="x", name="x").save):
            with pytest.raises(NotInTransaction):
                use()


def test_related_rows_are_of_the_agency_at_work(agencies):
    a, b = agencies
    with a.at_work():
        person = Person.objects.get(user=a.user("giam-doc"))
        assert person.posts.count() == 1
    with b.at_work():
        assert person.posts.count() == 0
        assert not Person.objects.filter(pk=person.pk).prefetch_related("posts")
        assert not Person.objects.exclude(posts__is_head=True).filter(tenant=a.tenant)


def test_doors_past_the_first_wall_are_few_and_known():
    """Raw SQL and querysets without the scoped manager stand in these modules only."""
    found = {
        str(path.relative_to(PLATFORM))
        for path in PLATFORM.rglob("*.py")
        if "migrations" not in path.parts and _goes_past(ast.parse(path.read_text()))
    }
    assert found == PAST_THE_FIRST_WALL


def _goes_past(tree: ast.AST) -> bool:
    names = {"cursor", "raw", "_raw_delete", "extra", "read_first", "write_last", "RawSQL"}
    return any(
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and (node.func.attr in names or ast.unparse(node.func) == "models.QuerySet")
        for node in ast.walk(tree)
    )
