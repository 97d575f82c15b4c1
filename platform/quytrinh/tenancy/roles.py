"""Roles of PostgreSQL: who owns the tables, who serves, who dispatches.

quytrinh_owner        migrates, owns every table, serves nobody
quytrinh_app          group of the logins that serve: no DDL, no bypass of row security
quytrinh_dispatcher   owns one function that tells which outbox rows are due, nothing else
"""

from __future__ import annotations

import psycopg
from psycopg import sql

from quytrinh.tenancy.policies import APP_ROLE, DISPATCHER_ROLE

OWNER_ROLE = "quytrinh_owner"

_PREPARE_ROLES = f"""
DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{OWNER_ROLE}') THEN
    CREATE ROLE {OWNER_ROLE} LOGIN NOSUPERUSER NOBYPASSRLS; END IF;
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{APP_ROLE}') THEN
    CREATE ROLE {APP_ROLE} NOLOGIN NOSUPERUSER NOBYPASSRLS; END IF;
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{DISPATCHER_ROLE}') THEN
    CREATE ROLE {DISPATCHER_ROLE} NOLOGIN NOSUPERUSER NOBYPASSRLS; END IF;
END $$;
-- the owner hands the dispatcher's function over to it
GRANT {DISPATCHER_ROLE} TO {OWNER_ROLE};
"""

_PREPARE_DATABASE = f"""
GRANT CREATE, USAGE ON SCHEMA public TO {OWNER_ROLE};
GRANT USAGE ON SCHEMA public TO {APP_ROLE}, {DISPATCHER_ROLE};
GRANT CREATE ON SCHEMA public TO {DISPATCHER_ROLE};
ALTER DEFAULT PRIVILEGES FOR ROLE {OWNER_ROLE} IN SCHEMA public
  GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {APP_ROLE};
ALTER DEFAULT PRIVILEGES FOR ROLE {OWNER_ROLE} IN SCHEMA public
  GRANT USAGE, SELECT ON SEQUENCES TO {APP_ROLE};
"""


def create_roles(admin: psycopg.Connection) -> None:
    """Create the three roles, once per cluster. `admin` is a superuser in autocommit."""
    admin.execute(_PREPARE_ROLES)


def create_login(admin: psycopg.Connection, name: str, password: str | None = None) -> None:
    """Create a login that serves pages and background tasks."""
    exists = admin.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (name,)).fetchone()
    if not exists:
        statement = sql.SQL("CREATE ROLE {} LOGIN NOSUPERUSER NOBYPASSRLS IN ROLE {}")
        admin.execute(statement.format(sql.Identifier(name), sql.Identifier(APP_ROLE)))
    if password is not None:
        admin.execute(
            sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(name), sql.Literal(password))
        )


def prepare_database(admin: psycopg.Connection) -> None:
    """Give the roles what they need in the database `admin` is connected to."""
    admin.execute(_PREPARE_DATABASE)
