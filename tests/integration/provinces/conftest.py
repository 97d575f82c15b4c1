"""Both provinces at work with keys, on one axis."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.agencies import Agencies
from tests.support.keys import connect, equip


@pytest.fixture
def agencies(agencies: Agencies, settings, tmp_path: Path) -> Agencies:
    """Both agencies with keys for their leaders and for themselves, on one axis."""
    for agency in agencies:
        equip(agency)
        connect(agency, settings, tmp_path / "axis")
    return agencies


@pytest.fixture(autouse=True)
def store(settings, tmp_path: Path) -> None:
    """Keep the files of each test apart."""
    settings.MEDIA_ROOT, settings.CACHE_ROOT = tmp_path / "files", tmp_path / "cache"
