"""The tests' own databases behave as production's: the roles, and the emptying between tests."""

from __future__ import annotations

import pytest
from django.db import connection

from quytrinh.tenancy.models import Tenant


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no roles")
@pytest.mark.django_db
def test_serving_role_owns_nothing_and_passes_no_wall() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolsuper, rolbypassrls, (SELECT count(*) FROM pg_class c"
            " WHERE c.relowner = r.oid) FROM pg_roles r WHERE rolname = current_user"
        )
        assert cursor.fetchone() == (False, False, 0)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", ["first", "second"])
def test_transactional_test_leaves_nothing_behind(turn: str) -> None:
    assert not Tenant.objects.exists()
    Tenant.objects.create(slug="so-mau", name="Sở mẫu")
