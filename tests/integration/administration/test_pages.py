"""The pages of the administration."""

from __future__ import annotations

import pytest

from quytrinh.administration.calendars import apply_shipped_holidays
from tests.support.agencies import Agencies

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("/quan-tri/", "Phòng Nghiệp vụ"),
        ("/quan-tri/chuc-vu/", "Chánh Văn phòng"),
        ("/quan-tri/nguoi/", "truong-phong.binh-thuan"),
    ],
)
def test_the_administrator_sees_the_agency(agencies: Agencies, address: str, shown: str) -> None:
    here, there = agencies
    page = here.client("chanh-van-phong").get(address).content.decode()
    assert shown in page
    assert there.person("giam-doc").full_name not in page


@pytest.mark.parametrize("who", ["giam-doc", "chuyen-vien"])
def test_nobody_else_enters(agencies: Agencies, who: str) -> None:
    assert agencies.binh_thuan.client(who).get("/quan-tri/").status_code == 403


def test_the_calendar_of_a_year_names_its_announcements(agencies: Agencies) -> None:
    apply_shipped_holidays()
    client = agencies.binh_thuan.client("chanh-van-phong")
    announced = client.get("/quan-tri/lich/?nam=2026").content.decode()
    assert "9441/TB-BNV" in announced
    assert "Làm bù ngày 31/08/2026" in announced
    assert "Dự kiến" not in announced
    assert "Dự kiến" in client.get("/quan-tri/lich/?nam=2027").content.decode()
    receiving = client.get("/quan-tri/lich/?nam=2026&lich=reception").content.decode()
    assert "9441/TB-BNV" not in receiving
    assert client.get("/quan-tri/lich/?nam=abc&lich=khong-co").status_code == 200
