"""The demo's people, as the manifests under tenants/ name them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

PASSWORD = "dung-thu-quy-trinh"
FLOW = "phieu-trinh"
TENANTS = Path(__file__).parents[2] / "tenants"


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """Someone of a demo agency."""

    username: str
    name: str

    @property
    def agency(self) -> str:
        """The slug of their agency."""
        return self.username.partition(".")[2]


SPECIALIST = DemoPerson("chuyen-vien.binh-thuan", "Hoàng Văn Trình Diễn")
UNIT_HEAD = DemoPerson("truong-phong.binh-thuan", "Phạm Thị Giả Định")
DEPUTY = DemoPerson("pho-giam-doc.binh-thuan", "Trần Thị Ví Dụ")
DIRECTOR = DemoPerson("giam-doc.binh-thuan", "Nguyễn Văn Mẫu")
ADMINISTRATOR = DemoPerson("chanh-van-phong.binh-thuan", "Lê Văn Minh Họa")
CLERK = DemoPerson("van-thu.binh-thuan", "Võ Thị Thử Nghiệm")

OTHER_SPECIALIST = DemoPerson("chuyen-vien.ha-tinh", "Dương Văn Làm Thử")
OTHER_DIRECTOR = DemoPerson("giam-doc.ha-tinh", "Đặng Văn Khuôn Mẫu")
OTHER_UNIT_HEAD = DemoPerson("truong-phong.ha-tinh", "Đỗ Thị Giả Lập")
OTHER_ADMINISTRATOR = DemoPerson("chanh-van-phong.ha-tinh", "Ngô Văn Phỏng Chừng")
OTHER_CLERK = DemoPerson("van-thu.ha-tinh", "Hồ Thị Tập Dượt")
OTHER_OFFICE_HEAD = DemoPerson("chanh-van-phong.ha-tinh", "Ngô Văn Phỏng Chừng")

# The clerks of the agencies in tests/support/scene.py.
SENDING_CLERK = DemoPerson("van-thu.dien-bien", "Bạc Thị Phác Thảo")
RECEIVING_CLERK = DemoPerson("van-thu.quang-binh", "Đinh Thị Làm Mẫu")
THIRD_CLERK = DemoPerson("van-thu.binh-dinh", "Kiều Thị Nháp Thử")


def person_of(agency: str, who: str) -> DemoPerson:
    """Somebody of a demo agency by what they are, as its organization.yaml names them."""
    login = f"{who}.{agency}"
    text = (TENANTS / agency / "organization.yaml").read_text(encoding="utf-8")
    found = re.search(rf"^  {re.escape(login)}:\n    name: (.+)$", text, re.MULTILINE)
    assert found is not None, login
    return DemoPerson(login, found[1])
