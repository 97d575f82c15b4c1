"""Start-up checks: a hole in either wall refuses to serve."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.exceptions import ImproperlyConfigured
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Model

from quytrinh.tenancy import policies
from quytrinh.tenancy.models import Tenant
from quytrinh.tenancy.querysets import TenantManager
from quytrinh.tenancy.shared_tables import SHARED_TABLES

# MEMBER counts: a role one may change into with SET ROLE is as good as one's own.
_WALLS = """
SELECT c.relname, c.relrowsecurity, c.relforcerowsecurity,
       pg_has_role(current_user, c.relowner, 'MEMBER'),
       p.polname, pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid),
       EXISTS (SELECT FROM unnest(p.polroles) r
               WHERE CASE r WHEN 0 THEN true ELSE pg_has_role(current_user, r, 'MEMBER') END)
FROM pg_class c LEFT JOIN pg_policy p ON p.polrelid = c.oid
WHERE c.relnamespace = 'public'::regnamespace AND c.relname = ANY(%s)
"""


@register("tenancy")
def every_table_has_a_place(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """E001: a model is a scoped tenant table or is listed in shared_tables.py."""
    return [
        Error(
            f"{model._meta.label} is neither a scoped tenant table nor listed in shared_tables.py",
            hint="Derive it from TenantModel, or list it and say why agencies may share it.",
            id="tenancy.E001",
        )
        for model in apps.get_models(include_auto_created=True)
        if model._meta.label not in SHARED_TABLES and not _is_scoped(model)
    ]


def _is_scoped(model: type[Model]) -> bool:
    """Tell whether a model has an agency and no manager that finds rows of others."""
    managers = [*model._meta.managers, model._meta.base_manager]
    return policies.is_tenant_model(model) and all(
        isinstance(manager, TenantManager) for manager in managers
    )


@register("tenancy", Tags.database)
def database_walls(
    app_configs: Sequence[Any] | None, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """Check the walls of the database that serves pages."""
    if DEFAULT_DB_ALIAS not in (databases or ()):
        return []
    if connections[DEFAULT_DB_ALIAS].vendor == "postgresql":
        return [*_role_problems(), *_wall_problems()]
    return _sqlite_problems()


def refuse_to_serve_with_holes() -> None:
    """Raise ImproperlyConfigured when a wall has a hole; called before the first request."""
    problems = [*every_table_has_a_place(None), *database_walls(None, [DEFAULT_DB_ALIAS])]
    if problems:
        raise ImproperlyConfigured("\n".join(str(problem) for problem in problems))


def _role_problems() -> list[CheckMessage]:
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        cursor.execute(
            "SELECT current_user, min(rolname) FROM pg_roles WHERE (rolsuper OR rolbypassrls)"
            " AND pg_has_role(current_user, oid, 'MEMBER')"
        )
        name, passing = cursor.fetchone()
    if passing is None:
        return []
    return [
        Error(
            f"The database role {name} passes row-level security as {passing}",
            hint=f"Connect as a login in {policies.APP_ROLE} without SUPERUSER and BYPASSRLS.",
            id="tenancy.E002",
        )
    ]


def _wall_problems() -> list[CheckMessage]:
    tables = [model._meta.db_table for model in policies.tenant_models(apps)]
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        cursor.execute(_WALLS, [tables])
        rows = cursor.fetchall()
    problems: list[CheckMessage] = []
    for table in tables:
        reason = _hole(table, [row[1:] for row in rows if row[0] == table])
        if reason:
            problems.append(
                Error(
                    f"{table}: {reason}",
                    hint="Run `manage.py migrate` as the owner; serve as another role.",
                    id="tenancy.E003",
                )
            )
    return problems


def _hole(table: str, rows: list[tuple[Any, ...]]) -> str | None:
    """Return what is wrong with the wall of one table, or None."""
    if not rows:
        return "the table does not exist"
    enabled, forced, owned = rows[0][:3]
    if not (enabled and forced):
        return "row-level security is not enabled and forced"
    if owned:
        return "the serving role owns the table"
    # name -> what it lets see, what it lets write, whether it applies to the serving role
    found = {row[3]: row[4:] for row in rows if row[3]}
    if found.pop(policies.POLICY, None) != (*[policies.PREDICATE_STORED] * 2, True):
        return "the policy is missing or differs from the generated one"
    for name, (*_, applies) in found.items():
        if (table, name) not in policies.EXTRA_POLICIES:
            return f"unknown policy {name}"
        if applies:
            return f"policy {name} opens the wall to the serving role"
    return None


def _sqlite_problems() -> list[CheckMessage]:
    if settings.DEMO or Tenant.objects.count() <= 1:
        return []
    return [
        Error(
            "SQLite serves one agency only, unless this is a demo",
            hint="Move to PostgreSQL (docs/engineering.md), which has the second wall.",
            id="tenancy.E004",
        )
    ]
