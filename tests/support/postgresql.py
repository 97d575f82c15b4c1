"""A PostgreSQL database of the tests' own, with the roles of production."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import dj_database_url
import psycopg
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from psycopg import sql

from quytrinh.tenancy.roles import OWNER_ROLE, create_login, create_roles, prepare_database

ENGINE = "quytrinh.tenancy.db.postgresql"
LOGIN = "quytrinh_test"  # as production's logins: a member of quytrinh_app and no more


@dataclass(frozen=True, slots=True)
class Addresses:
    """One database as its two users see it."""

    serving: str
    owner: str


def _admin_url() -> str:
    try:
        return os.environ["QUYTRINH_TEST_POSTGRES_URL"]
    except KeyError:
        raise ImproperlyConfigured(
            "QUYTRINH_TEST_DB=postgresql needs QUYTRINH_TEST_POSTGRES_URL, a superuser's address"
            " in a scratch cluster; `python scripts/run_tests.py --help` starts one for you"
        ) from None


def _url_of(role: str, database: str) -> str:
    known = psycopg.conninfo.conninfo_to_dict(_admin_url())
    return f"postgresql://{role}@{known['host']}:{known.get('port', 5432)}/{database}"


def addresses(database: str) -> Addresses:
    """Return how a database is reached."""
    return Addresses(serving=_url_of(LOGIN, database), owner=_url_of(OWNER_ROLE, database))


def serving_database(name: str) -> dict[str, dict[str, Any]]:
    """Return DATABASES: one alias, the login that serves."""
    return {"default": dj_database_url.parse(addresses(name).serving, engine=ENGINE)}


def as_owner() -> psycopg.Connection:
    """Connect past the serving role, in autocommit, as the owner of the tables."""
    name = str(settings.DATABASES["default"]["NAME"])
    return psycopg.connect(addresses(name).owner, autocommit=True)


def as_admin() -> psycopg.Connection:
    """Connect to the tests' database as the superuser of the cluster, in autocommit."""
    name = str(settings.DATABASES["default"]["NAME"])
    return psycopg.connect(_admin_url(), dbname=name, autocommit=True)


@contextmanager
def fresh_database(name: str) -> Iterator[Addresses]:
    """Create a database with the roles of production in it; drop it on leaving."""
    database = sql.Identifier(name)
    with psycopg.connect(_admin_url(), autocommit=True) as admin:
        create_roles(admin)
        create_login(admin, LOGIN)
        admin.execute(sql.SQL("CREATE DATABASE {}").format(database))
    try:
        with psycopg.connect(_admin_url(), dbname=name, autocommit=True) as admin:
            prepare_database(admin)
        yield addresses(name)
    finally:
        with psycopg.connect(_admin_url(), autocommit=True) as admin:
            admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(database))
