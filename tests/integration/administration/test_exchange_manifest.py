"""What a manifest says of the exchange: the agency's codes, and what it keeps out."""

from __future__ import annotations

from pathlib import Path

import pytest

from quytrinh.administration.actions import apply_manifest
from quytrinh.administration.manifests import read_agency
from quytrinh.documents import gatekeeping
from quytrinh.exchange.models import AgencyCode, ExcludedMark, Mailbox
from quytrinh.exchange.plugins import exchange
from quytrinh.tenancy.models import Tenant
from tests.support.agencies import Agencies

TENANTS = Path(__file__).parents[3] / "tenants"


@pytest.fixture(autouse=True)
def axis(settings, tmp_path: Path) -> Path:
    settings.EXCHANGE = {"local": {"folder": str(tmp_path / "axis")}}
    return tmp_path / "axis"


@pytest.mark.django_db
def test_agencies_can_be_written_to_under_their_codes() -> None:
    for slug in ("binh-thuan", "ha-tinh"):
        apply_manifest(files=read_agency(TENANTS / slug))
    listed = {agency.code: agency.name for agency in exchange("local").agencies()}
    assert listed == {box.code: box.tenant.name for box in Mailbox.objects.select_related("tenant")}
    assert len(listed) == 2


@pytest.mark.django_db
def test_a_preview_tells_nobody(axis: Path) -> None:
    apply_manifest(files=read_agency(TENANTS / "ha-tinh"), preview=True)
    assert not Tenant.objects.exists() and not Mailbox.objects.exists()
    assert not axis.exists()


def test_exclusions_differ_between_agencies(agencies: Agencies) -> None:
    marks = {}
    for agency in agencies:
        with agency.at_work():
            marks[agency.slug] = {each.mark for each in gatekeeping.exclusions()}
            assert AgencyCode.objects.filter(partner__is_self=True).count() == 1
    assert marks["ha-tinh"] - marks["binh-thuan"] == {
        "TRẢ LẠI SAU KHI HỌP",
        "XEM XONG TRẢ LẠI",
        "LƯU HÀNH NỘI BỘ",
        "TÀI LIỆU THU HỒI",
    }


@pytest.mark.django_db
def test_applying_again_changes_nothing(agencies: Agencies) -> None:
    with agencies.ha_tinh.at_work():
        ExcludedMark.objects.filter(mark="LƯU HÀNH NỘI BỘ").update(article="sửa tay")
    apply_manifest(files=read_agency(TENANTS / "ha-tinh"))
    assert Mailbox.objects.count() == 2
    with agencies.ha_tinh.at_work():
        assert ExcludedMark.objects.get(mark="LƯU HÀNH NỘI BỘ").article == "sửa tay"
