"""Migration operations of the runtime."""

from __future__ import annotations

from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

REFUSAL = "a promulgated version never changes"
# All columns but the state, which goes from promulgated to superseded.
FROZEN = (
    "tenant_id", "flow_id", "number", "source", "definition_id", "created_at", "decision_number",
    "decision_date", "effective_from", "promulgated_at",
)  # fmt: skip


class FreezePromulgated(Operation):
    """Refuse, by triggers on both databases, any change of a version once promulgated."""

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
        table = to_state.apps.get_model(app_label, "FlowVersion")._meta.db_table
        if schema_editor.connection.vendor == "postgresql":
            self._postgresql(schema_editor, table)
        else:
            self._sqlite(schema_editor, table)

    def _postgresql(self, schema_editor: BaseDatabaseSchemaEditor, table: str) -> None:
        before = ", ".join(f"OLD.{column}" for column in FROZEN)
        after = ", ".join(f"NEW.{column}" for column in FROZEN)
        schema_editor.execute(
            f"CREATE FUNCTION {table}_frozen() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{REFUSAL}'; END $$"
        )
        schema_editor.execute(
            f"CREATE TRIGGER {table}_no_change BEFORE UPDATE ON {table} FOR EACH ROW "
            f"WHEN (OLD.state <> 'draft' AND (NEW.state = 'draft' OR "
            f"(OLD.state = 'superseded' AND NEW.state <> 'superseded') OR "
            f"({before}) IS DISTINCT FROM ({after}))) EXECUTE FUNCTION {table}_frozen()"
        )
        schema_editor.execute(
            f"CREATE TRIGGER {table}_no_removal BEFORE DELETE ON {table} FOR EACH ROW "
            f"WHEN (OLD.state <> 'draft') EXECUTE FUNCTION {table}_frozen()"
        )

    def _sqlite(self, schema_editor: BaseDatabaseSchemaEditor, table: str) -> None:
        changed = " OR ".join(f"OLD.{column} IS NOT NEW.{column}" for column in FROZEN)
        refuse = f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
        schema_editor.execute(
            f"CREATE TRIGGER {table}_no_change BEFORE UPDATE ON {table} "
            f"WHEN OLD.state <> 'draft' AND (NEW.state = 'draft' OR "
            f"(OLD.state = 'superseded' AND NEW.state <> 'superseded') OR {changed}) {refuse}"
        )
        schema_editor.execute(
            f"CREATE TRIGGER {table}_no_removal BEFORE DELETE ON {table} "
            f"WHEN OLD.state <> 'draft' {refuse}"
        )

    def database_backwards(self, *args: Any) -> None:
        """Leave the triggers: they go with the table."""

    def describe(self) -> str:
        """Say what the operation does."""
        return "Freeze promulgated versions"


# Who submits signs for the text; who promulgates, for everything.
SUBMITTED_TEXT = ("tenant_id", "flow_id", "number", "source", "created_at", "created_by_id")
PROMULGATED = (
    *SUBMITTED_TEXT, "definition_id", "settings", "edition_id", "note", "submitted_at",
    "submitted_by_id", "decision_number", "decision_date", "effective_from", "promulgated_at",
    "promulgated_by_id",
)  # fmt: skip


class GuardVersions(Operation):
    """Guard the way draft, submitted, promulgated, superseded, instead of FreezePromulgated."""

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
        """Replace the triggers; SQLite has lost them where the table was made anew."""
        table = to_state.apps.get_model(app_label, "FlowVersion")._meta.db_table
        if schema_editor.connection.vendor == "postgresql":
            refuse = f"EXECUTE FUNCTION {table}_frozen()"
            schema_editor.execute(f"DROP TRIGGER {table}_no_change ON {table}")
            schema_editor.execute(
                f"CREATE TRIGGER {table}_no_change BEFORE UPDATE ON {table} FOR EACH ROW "
                f"WHEN ({self._forbidden(schema_editor)}) {refuse}"
            )
            return
        for verb in ("change", "removal"):
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {table}_no_{verb}")
        refuse = f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
        schema_editor.execute(
            f"CREATE TRIGGER {table}_no_change BEFORE UPDATE ON {table} "
            f"WHEN {self._forbidden(schema_editor)} {refuse}"
        )
        schema_editor.execute(
            f"CREATE TRIGGER {table}_no_removal BEFORE DELETE ON {table} "
            f"WHEN OLD.state <> 'draft' {refuse}"
        )

    def _forbidden(self, schema_editor: BaseDatabaseSchemaEditor) -> str:
        postgresql = schema_editor.connection.vendor == "postgresql"
        differs = "IS DISTINCT FROM" if postgresql else "IS NOT"

        def changed(columns: tuple[str, ...]) -> str:
            return " OR ".join(f"OLD.{column} {differs} NEW.{column}" for column in columns)

        return (
            f"(OLD.state = 'submitted' AND ({changed(SUBMITTED_TEXT)})) OR "
            f"(OLD.state = 'superseded' AND NEW.state <> 'superseded') OR "
            f"(OLD.state = 'promulgated' AND NEW.state NOT IN ('promulgated', 'superseded')) OR "
            f"(OLD.state IN ('promulgated', 'superseded') AND ({changed(PROMULGATED)}))"
        )

    def database_backwards(self, *args: Any) -> None:
        """Leave the triggers: they go with the table."""

    def describe(self) -> str:
        """Say what the operation does."""
        return "Guard submitted and promulgated versions"
