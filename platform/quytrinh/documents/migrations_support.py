"""Triggers that keep the numbers of registers, whoever writes: on both databases."""

from __future__ import annotations

from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

REFUSAL = "a number of a register is never changed, never removed, never used again"
SERIES, ENTRY = "documents_numberseries", "documents_registerentry"
_CHANGED = {
    SERIES: "NEW.last <> OLD.last + 1 OR NEW.year <> OLD.year"
    " OR NEW.register_id <> OLD.register_id OR NEW.tenant_id <> OLD.tenant_id",
    ENTRY: "NEW.number <> OLD.number OR NEW.series_id <> OLD.series_id"
    " OR NEW.document_id <> OLD.document_id OR NEW.tenant_id <> OLD.tenant_id"
    " OR OLD.state = 'void' OR (OLD.state = 'issued' AND NEW.state = 'reserved')",
}


class KeepNumbers(Operation):
    """A series only counts on by one; a line keeps its number; a void line never changes."""

    reduces_to_sql = True
    reversible = True

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
        for table, changed in _CHANGED.items():
            if schema_editor.connection.vendor == "postgresql":
                self._postgresql(schema_editor, table, changed)
            else:
                self._sqlite(schema_editor, table, changed)

    def _postgresql(
        self, schema_editor: BaseDatabaseSchemaEditor, table: str, changed: str
    ) -> None:
        schema_editor.execute(
            f"CREATE FUNCTION {table}_keep() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{REFUSAL}'; END $$"
        )
        schema_editor.execute(
            f"CREATE TRIGGER {table}_no_change BEFORE UPDATE ON {table} FOR EACH ROW "
            f"WHEN ({changed}) EXECUTE FUNCTION {table}_keep()"
        )
        schema_editor.execute(
            f"CREATE TRIGGER {table}_no_removal BEFORE DELETE ON {table} FOR EACH ROW "
            f"EXECUTE FUNCTION {table}_keep()"
        )

    def _sqlite(self, schema_editor: BaseDatabaseSchemaEditor, table: str, changed: str) -> None:
        refuse = f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
        schema_editor.execute(
            f"CREATE TRIGGER {table}_no_change BEFORE UPDATE ON {table} WHEN {changed} {refuse}"
        )
        schema_editor.execute(
            f"CREATE TRIGGER {table}_no_removal BEFORE DELETE ON {table} {refuse}"
        )

    def database_backwards(self, *args: Any) -> None:
        """Leave the triggers: they go with the tables."""

    def describe(self) -> str:
        """Say what the operation does."""
        return "Keep the numbers of registers"
