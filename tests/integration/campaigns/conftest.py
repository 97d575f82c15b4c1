"""Campaigns: several real processes at once, all of it in `make soak`, a tenth in `make test`."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import connection

from tests.integration.runtime.conftest import Office
from tests.support.agencies import Agencies

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """SQLite serves one process; what it goes through is in runtime/test_killed.py."""
    if connection.vendor == "postgresql":
        return
    alone = pytest.mark.skip(reason="SQLite serves one process")
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(alone)


@pytest.fixture
def office(agencies: Agencies) -> Office:
    """The first agency at work."""
    return Office(agencies.binh_thuan)
