"""What tests of several rooms start from."""

from __future__ import annotations

import os

import pytest
from django.db import connection
from django.utils import translation

from tests.support.agencies import Agencies, install, keep, leave_empty


@pytest.fixture(scope="session")
def agencies_kept(django_db_setup: None, django_db_blocker) -> None:
    """What the manifests of both agencies lead to, read once."""
    with django_db_blocker.unblock():
        keep()


@pytest.fixture
def agencies(agencies_kept: None, db: None) -> Agencies:
    """Two agencies with six people each and a procedure in force, anew for each test."""
    return install()


@pytest.fixture(autouse=True)
def _only_what_was_asked_for(request: pytest.FixtureRequest) -> None:
    """Agencies that another test left committed are taken away where nobody asks for them."""
    if "agencies" not in request.fixturenames:
        leave_empty()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Where both databases are tested side by side, leave to the other what one of them proves."""
    if os.environ.get("QUYTRINH_SHARED") != "1":
        return
    left = [item for item in items if _belongs_elsewhere(item)]
    config.hook.pytest_deselected(items=left)
    items[:] = [item for item in items if item not in left]


def _belongs_elsewhere(item: pytest.Item) -> bool:
    mark = item.get_closest_marker("once")
    return mark is not None and mark.args != (connection.vendor,)


@pytest.fixture(autouse=True)
def _in_vietnamese() -> None:
    """Whoever chose English in another test chose it for themselves."""
    translation.deactivate()
