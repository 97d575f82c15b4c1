"""The second wall: one generated row-level security policy for every tenant table.

facts: the column is compared unwrapped and in its own type, so the policy costs little; the
setting is read without missing_ok, so a transaction without an agency raises instead of
silently finding nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.apps.registry import Apps
from django.db import models

from quytrinh.tenancy.shared_tables import SHARED_TABLES

APP_ROLE = "quytrinh_app"
DISPATCHER_ROLE = "quytrinh_dispatcher"
POLICY = "tenant_wall"
PREDICATE = "tenant_id = (select current_setting('app.tenant')::int)"
# As PostgreSQL prints it back; the start-up check compares with this.
PREDICATE_STORED = (
    "(tenant_id = ( SELECT (current_setting('app.tenant'::text))::integer AS current_setting))"
)

# Policies besides the generated one: (table, policy) -> why. Only for roles of their own.
EXTRA_POLICIES: dict[tuple[str, str], str] = {
    ("background_outboxmessage", "dispatcher_reads"): (
        "background_due() tells which messages of any agency are due, by their keys only"
    ),
}


@dataclass(frozen=True, slots=True)
class CompositeKey:
    """A reference between tenant tables, which must stay within one agency."""

    table: str
    column: str
    parent: str

    @property
    def name(self) -> str:
        """Name of the constraint."""
        return f"{self.table}_{self.column}_tenant_fk"[-63:]


def is_tenant_model(model: type[models.Model]) -> bool:
    """Tell whether a model (also a historical one) has a tenant column."""
    return model._meta.label not in SHARED_TABLES and any(
        field.name == "tenant" and field.is_relation for field in model._meta.local_fields
    )


def tenant_models(apps: Apps, app_label: str | None = None) -> list[type[models.Model]]:
    """Return the managed tenant models, of one app or of all."""
    return [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed
        and is_tenant_model(model)
        and app_label in (None, model._meta.app_label)
    ]


def composite_keys(model: type[models.Model]) -> Iterator[CompositeKey]:
    """Yield the references of a tenant model to other tenant models."""
    for field in model._meta.local_fields:
        if isinstance(field, models.ForeignKey) and is_tenant_model(field.related_model):
            yield CompositeKey(
                model._meta.db_table, field.column, field.related_model._meta.db_table
            )


def protection_sql(table: str) -> list[str]:
    """Return the statements that put the wall around a table; safe to run again."""
    return [
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
        f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
        f"DROP POLICY IF EXISTS {POLICY} ON {table}",
        f"CREATE POLICY {POLICY} ON {table} USING ({PREDICATE}) WITH CHECK ({PREDICATE})",
    ]


def unique_key_sql(table: str) -> str:
    """Return the statement that lets other tables refer to (tenant_id, id)."""
    return f"ALTER TABLE {table} ADD CONSTRAINT {table}_tenant_key UNIQUE (tenant_id, id)"


def composite_key_sql(key: CompositeKey) -> str:
    """Return the statement of a composite foreign key.

    Checks of foreign keys bypass row-level security, so the agency must be part of the key.
    """
    return (
        f"ALTER TABLE {key.table} ADD CONSTRAINT {key.name} "
        f"FOREIGN KEY (tenant_id, {key.column}) REFERENCES {key.parent} (tenant_id, id) "
        "DEFERRABLE INITIALLY DEFERRED"
    )
