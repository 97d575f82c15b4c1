"""What tests of several rooms start from."""

from __future__ import annotations

import pytest

from tests.support.agencies import Agencies, install


@pytest.fixture
def agencies(db: None) -> Agencies:
    """Two agencies with six people each and a procedure in force, anew for each test."""
    return install()
