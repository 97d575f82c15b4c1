"""Agencies at work by procedures of the library, with keys and an axis."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.integration.runtime.conftest import Office
from tests.support.agencies import Agencies
from tests.support.keys import connect, equip

Bring = Callable[[str], Office]


@pytest.fixture
def bring(agencies: Agencies, settings, tmp_path: Path) -> Bring:
    """Bring one of the demo agencies, with keys, on an axis with Hà Tĩnh."""
    settings.MEDIA_ROOT, settings.CACHE_ROOT = tmp_path / "files", tmp_path / "cache"

    def of(slug: str) -> Office:
        agency = agencies.ha_tinh if slug == "ha-tinh" else agencies.bring(slug)
        for each in {agency.slug: agency, "ha-tinh": agencies.ha_tinh}.values():
            equip(each)
            connect(each, settings, tmp_path / "axis")
        return Office(agency)

    return of
