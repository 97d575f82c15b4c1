"""The tables without an agency. Everything else is a tenant table or start-up is refused."""

from __future__ import annotations

# Labels of models: what agencies share, and what belongs to the machinery.
SHARED_TABLES = frozenset(
    {
        "tenancy.Tenant",
        "tenancy.TenantClosure",
        "tenancy.TenantHost",
        "tenancy.User",
        "tenancy.User_groups",
        "tenancy.User_user_permissions",
        "tenancy.Membership",
        "runtime.Definition",
        # Procedures that agencies take over: the same for all.
        "runtime.LibraryFlow",
        # Public holidays: the same for all.
        "deadlines.NationalDay",
        # Which agency of this platform receives under which code; nothing else of either.
        "exchange.Mailbox",
        "auth.Group",
        "auth.Group_permissions",
        "auth.Permission",
        "contenttypes.ContentType",
        "sessions.Session",
        "knox.AuthToken",
        # Viewflow's stock tables come with its migrations; we write none of them.
        "viewflow.Process",
        "viewflow.Task",
        "viewflow.Task_previous",
    }
)
