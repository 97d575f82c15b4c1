"""Bình Thuận writes to Hà Tĩnh over a local axis of the test's own."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.agencies import Agencies
from tests.support.arrivals import Correspondent, connect, listen


@pytest.fixture(autouse=True)
def places(settings, tmp_path: Path) -> Path:
    """Keep the files and the axis of each test apart."""
    settings.MEDIA_ROOT, settings.CACHE_ROOT = tmp_path / "files", tmp_path / "cache"
    settings.EXCHANGE = {"local": {"folder": str(tmp_path / "axis")}}
    return tmp_path


@pytest.fixture
def sender(agencies: Agencies, places: Path) -> Correspondent:
    """Bình Thuận."""
    office = Correspondent(agencies.binh_thuan)
    connect(office)
    return office


@pytest.fixture
def receiver(agencies: Agencies, places: Path) -> Correspondent:
    """Hà Tĩnh, which takes documents in by a short procedure."""
    office = Correspondent(agencies.ha_tinh)
    connect(office)
    listen(office)
    return office
