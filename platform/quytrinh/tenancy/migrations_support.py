"""Migration operations every tenant table needs; a migration that adds one ends with them."""

from __future__ import annotations

from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.backends.ddl_references import Statement
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

from quytrinh.tenancy import policies

REFUSAL = "append-only table"


class ProtectTenantTables(Operation):
    """Put the wall of policies.py around the app's tenant tables (PostgreSQL; SQLite has none)."""

    reduces_to_sql = True
    reversible = True

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Change nothing in the state: the wall is the database's business."""

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Enable row security and replace plain foreign keys by composite ones."""
        if schema_editor.connection.vendor != "postgresql":
            return
        # Foreign keys are checked when they are added, by queries that the wall applies to too.
        schema_editor.execute("SELECT set_config('app.tenant', '0', true)")
        models = policies.tenant_models(to_state.apps, app_label)
        existing = _constraints(schema_editor)
        for model in models:
            table = model._meta.db_table
            for statement in policies.protection_sql(table):
                schema_editor.execute(statement)
            if f"{table}_tenant_key" not in existing:
                schema_editor.execute(policies.unique_key_sql(table))
        for model in models:
            for key in policies.composite_keys(model):
                _drop_plain_key(schema_editor, key)
                if key.name not in existing:
                    schema_editor.deferred_sql.append(policies.composite_key_sql(key))

    def database_backwards(self, *args: Any) -> None:
        """Leave the wall standing: the tables go with the operations that made them."""

    def describe(self) -> str:
        """Say what the operation does."""
        return "Protect the tenant tables by row-level security and composite keys"


class AppendOnly(Operation):
    """Refuse UPDATE and DELETE on a table by triggers, on both databases."""

    reduces_to_sql = True
    reversible = True

    def __init__(self, model_name: str) -> None:
        self.model_name = model_name

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Change nothing in the state."""

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Create the triggers."""
        table = to_state.apps.get_model(app_label, self.model_name)._meta.db_table
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(
                f"CREATE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS "
                f"$$ BEGIN RAISE EXCEPTION '{REFUSAL}: {table}'; END $$"
            )
            schema_editor.execute(
                f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
                f"FOR EACH ROW EXECUTE FUNCTION {table}_refuse()"
            )
            return
        for verb in ("UPDATE", "DELETE"):
            schema_editor.execute(
                f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}: {table}'); END"
            )

    def database_backwards(self, *args: Any) -> None:
        """Leave the triggers: they go with the table."""

    def describe(self) -> str:
        """Say what the operation does."""
        return f"Make {self.model_name} append-only"


_PLAIN_KEYS = """
SELECT c.conname FROM pg_constraint c
JOIN pg_attribute a ON a.attrelid = c.conrelid AND c.conkey = ARRAY[a.attnum]
WHERE c.contype = 'f' AND c.conrelid = %s::regclass AND a.attname = %s
"""


def _constraints(schema_editor: BaseDatabaseSchemaEditor) -> set[str]:
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(
            "SELECT conname FROM pg_constraint WHERE connamespace = 'public'::regnamespace"
        )
        return {name for (name,) in cursor.fetchall()}


def _drop_plain_key(schema_editor: BaseDatabaseSchemaEditor, key: policies.CompositeKey) -> None:
    """Drop Django's single-column foreign key, or forget it: one check a row is enough.

    For a column added to a table that is there Django has added the key already.
    """

    def is_plain_key(statement: Any) -> bool:
        return (
            isinstance(statement, Statement)
            and statement.template == schema_editor.sql_create_fk
            and statement.references_column(key.table, key.column)
        )

    schema_editor.deferred_sql = [
        statement for statement in schema_editor.deferred_sql if not is_plain_key(statement)
    ]
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(_PLAIN_KEYS, [key.table, key.column])
        present = [name for (name,) in cursor.fetchall()]
    for name in present:
        schema_editor.execute(f'SET CONSTRAINTS "{name}" IMMEDIATE')
        schema_editor.execute(f'ALTER TABLE "{key.table}" DROP CONSTRAINT "{name}"')
