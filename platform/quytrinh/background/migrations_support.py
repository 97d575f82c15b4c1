"""The one door in the wall: a function that tells which outbox rows of any agency are due."""

from __future__ import annotations

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

from quytrinh.tenancy.policies import APP_ROLE, DISPATCHER_ROLE

# It gives keys only: what a message says is read inside its agency, behind the wall. The policy
# is for the dispatcher's role, which owns the function, cannot log in and has no other right.
_STATEMENTS = (
    f"GRANT SELECT (tenant_id, id, state, not_before, lease_until)"
    f" ON background_outboxmessage TO {DISPATCHER_ROLE}",
    f"CREATE POLICY dispatcher_reads ON background_outboxmessage FOR SELECT"
    f" TO {DISPATCHER_ROLE} USING (true)",
    """
    CREATE FUNCTION background_due(most integer) RETURNS TABLE (tenant_id bigint, id uuid)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
      SELECT m.tenant_id, m.id FROM background_outboxmessage m
      WHERE m.state = 'pending' AND m.not_before <= clock_timestamp()
        AND (m.lease_until IS NULL OR m.lease_until <= clock_timestamp())
      ORDER BY m.not_before LIMIT most
    $$
    """,
    "REVOKE ALL ON FUNCTION background_due(integer) FROM PUBLIC",
    f"GRANT EXECUTE ON FUNCTION background_due(integer) TO {APP_ROLE}",
    f"ALTER FUNCTION background_due(integer) OWNER TO {DISPATCHER_ROLE}",
)


class OpenDispatcherDoor(Operation):
    """Create background_due() and the policy it looks through (PostgreSQL only)."""

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
        """Create the function and the policy."""
        if schema_editor.connection.vendor == "postgresql":
            for statement in _STATEMENTS:
                schema_editor.execute(statement)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Remove the function; the policy goes with the table."""
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute("DROP FUNCTION background_due(integer)")

    def describe(self) -> str:
        """Say what the operation does."""
        return "Let the dispatcher see which messages are due"
