"""Databases and figures common to all tiers."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections
from hypothesis import HealthCheck
from hypothesis import settings as campaign

from quytrinh.tenancy.roles import OWNER_ROLE
from tests.support.emptying import remember
from tests.support.postgresql import fresh_database

# `make test` runs property tests at a tenth of what `make soak` does.
campaign.register_profile("tenth", max_examples=50, deadline=None)
campaign.register_profile(
    "full", max_examples=500, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
campaign.load_profile(os.environ.get("QUYTRINH_CAMPAIGN", "tenth"))


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None, django_db_blocker) -> Iterator[None]:
    """Make the database, migrate as its owner, serve as production does."""
    on_postgresql = connection.vendor == "postgresql"
    name = str(settings.DATABASES["default"]["NAME"])
    with django_db_blocker.unblock(), fresh_database(name) if on_postgresql else nullcontext():
        with connected_as_owner() if on_postgresql else nullcontext():
            call_command("migrate", interactive=False, verbosity=0)
        remember()
        yield
        connections.close_all()


@contextmanager
def connected_as_owner() -> Iterator[None]:
    """Let `default` be the owner for a while, as quytrinh.settings.owner does."""
    serving = connection.settings_dict["USER"]
    connection.settings_dict["USER"] = OWNER_ROLE
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["USER"] = serving


def pytest_unconfigure() -> None:
    """Remove the files of this run."""
    shutil.rmtree(settings.SCRATCH, ignore_errors=True)
