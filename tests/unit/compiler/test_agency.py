"""A flow among the people of one agency."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

from quytrinh.compiler.agency import check_in_agency
from quytrinh.language.parse import parse_flow
from quytrinh.language.source import read_source

LAN, MINH = UUID(int=1), UUID(int=2)
FLOW = """\
quytrinh: 1
flow: thu
name: Thử
roles:
  clerk: {name: Văn thư, who: {role: van-thu}}
  head: {name: Trưởng phòng, who: {position: truong-phong}, if_absent: [{position: pho-phong}]}
  chosen: {name: Người được chọn, who: {person: case.person}}
  unused: {name: Không dùng, who: {role: khong-co}}
steps:
  - {id: draft, by: clerk}
  - {id: check, by: clerk, not_by: [draft]}
  - {id: ask, by: chosen}
  - {id: sign, by: head}
  - {end: done}
"""


@dataclass
class Office:
    """An agency of a few people."""

    roles: dict[str, set[UUID]] = field(default_factory=dict)
    positions: dict[str, set[UUID]] = field(default_factory=dict)
    name: str = "Sở Nội vụ"

    def with_role(self, key: str) -> set[UUID]:
        return self.roles.get(key, set())

    def in_position(self, key: str) -> set[UUID]:
        return self.positions.get(key, set())


def said(office: Office) -> list[tuple[str, str]]:
    flow, _ = parse_flow(read_source(FLOW, file="x.yaml"))
    assert flow is not None
    return [(each.code, each.message) for each in check_in_agency(flow, office)]


def test_role_that_nobody_holds_is_told() -> None:
    office = Office(roles={"van-thu": {LAN, MINH}})
    assert said(office) == [
        ("F301", "Tại Sở Nội vụ không ai giữ vai trò `head` (Trưởng phòng)"),
    ]


def test_who_stands_in_is_enough() -> None:
    office = Office(roles={"van-thu": {LAN, MINH}}, positions={"pho-phong": {MINH}})
    assert said(office) == []


def test_only_holder_who_is_excluded_is_told() -> None:
    office = Office(roles={"van-thu": {LAN}}, positions={"truong-phong": {MINH}})
    assert said(office) == [
        ("F304", "Loại người ở `draft` ra thì bước `check` có thể không còn ai"),
    ]
