"""The pages of the administration."""

from __future__ import annotations

import pytest

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
