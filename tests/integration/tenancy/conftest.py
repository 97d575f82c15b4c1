"""Two agencies with a life each, kept for all tests of a module that only look or roll back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.support.agencies import Agencies, hold, install
from tests.support.emptying import empty
from tests.support.lives import Life, live

OURS, THEIRS = "quetinh", "bimatxyz"


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Two agencies on one installation: those who ask, and those whose rows are asked for."""

    ours: Life
    theirs: Life


@pytest.fixture(scope="module")
def neighbours(django_db_setup: None, django_db_blocker) -> Iterator[Neighbours]:
    """Both agencies, committed; each test rolls back what it does (`db`)."""
    with django_db_blocker.unblock():
        empty()
        a, b = install()
        hold()
        yield Neighbours(live(a, OURS), live(b, THEIRS))
        empty()


@pytest.fixture(scope="module")
def installed(django_db_setup: None, django_db_blocker) -> Iterator[Agencies]:
    """Both agencies as new, committed; each test rolls back what it does (`db`)."""
    with django_db_blocker.unblock():
        empty()
        both = install()
        hold()
        yield both
        empty()
