"""Lanes of a procedure among the people of this agency."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from quytrinh.compiler.editing.steps import name_of
from quytrinh.organization.directory import Directory
from quytrinh.organization.keys import position_key, role_key
from quytrinh.runtime.people_of_agency import PeopleOfAgency
from quytrinh.studio.routes import Choice
from quytrinh.studio.sheet import Sheet


@dataclass(frozen=True, slots=True)
class RoleRow:
    """A lane: its name, whom it means, and who would receive its work today."""

    id: str
    name: str
    who: list[Choice]
    today: tuple[str, ...]
    nobody: bool
    open: bool
    own_words: bool


def role_rows(sheet: Sheet, people: PeopleOfAgency) -> list[RoleRow]:
    """Return the lanes of a draft."""
    roles = sheet.flow.get("roles")
    return [
        _row(key, role, sheet, people)
        for key, role in (roles.items() if isinstance(roles, Mapping) else ())
        if isinstance(role, Mapping)
    ]


def _row(key: str, role: Mapping[str, Any], sheet: Sheet, people: PeopleOfAgency) -> RoleRow:
    code = who_code(role.get("who"))
    holders = _holders(role, people)
    names = tuple(people.directory.name_of(each) for each in holders or ())
    return RoleRow(
        id=key,
        name=str(role.get("name", key)),
        who=who_choices(sheet, people.directory, code),
        today=names,
        nobody=holders is not None and not names,
        open=holders is None,
        own_words=code == "",
    )


def who_code(who: Any) -> str:
    """Return a resolver as one word, `position:giam-doc`; empty for what takes more to say."""
    if isinstance(who, list) and len(who) == 1:
        who = who[0]
    if not isinstance(who, Mapping) or len(who) != 1:
        return ""
    kind, value = next(iter(who.items()))
    if not isinstance(value, str):
        return ""
    return "creator" if kind == "creator" else f"{kind}:{value}"


def who_value(code: str) -> Any:
    """Return the resolver that such a word means."""
    kind, _colon, value = code.partition(":")
    return {"creator": True} if kind == "creator" else {kind: value}


def who_choices(sheet: Sheet, people: Directory, chosen: str) -> list[Choice]:
    """Return whom a lane may mean in this agency."""
    found = [
        ("creator", _("Người lập hồ sơ")),
        ("head_of:case.unit", _("Người đứng đầu đơn vị của người lập")),
        ("in_charge_of:case.field", _("Lãnh đạo phụ trách lĩnh vực của hồ sơ")),
    ]
    found += [
        (f"position:{each.key}", _("Chức vụ: %s") % each.name) for each in people.positions.values()
    ]
    granted = sorted({role for person in people.people.values() for role in person.roles})
    found += [(f"role:{role}", _("Vai trò: %s") % role_name(role)) for role in granted]
    found += [
        (f"performer_of:{each.id}", _("Người đã làm bước “%s”") % name_of(each.data))
        for each in sheet.steps
        if "by" in each.data
    ]
    if chosen and chosen not in {code for code, _label in found}:
        found.append((chosen, chosen.partition(":")[2]))
    choices = [Choice(code, label, code == chosen) for code, label in found]
    return choices if chosen else [Choice("", _("Khai riêng trong văn bản"), True), *choices]


def role_name(role: str) -> str:
    """Return what people call a role of the agency."""
    known = {
        "thu-truong": _("Thủ trưởng cơ quan"),
        "quan-tri": _("Quản trị hệ thống"),
        "van-thu": _("Văn thư"),
        "soan-quy-trinh": _("Người soạn quy trình"),
        "kiem-tra-the-thuc": _("Kiểm tra thể thức"),
        "phan-phoi-van-ban": _("Phân phối văn bản"),
    }
    return known.get(role, role)


def _holders(role: Mapping[str, Any], people: PeopleOfAgency) -> list[Any] | None:
    """Everyone appointed to it today, or instead; None where each case decides it."""
    found: list[Any] = []
    for key in ("who", "if_absent"):
        resolvers = role.get(key, [])
        for resolver in resolvers if isinstance(resolvers, list) else [resolvers]:
            kind = next(iter(resolver), "") if isinstance(resolver, Mapping) else ""
            if kind not in ("role", "position") or not isinstance(resolver[kind], str):
                return None
            make = role_key if kind == "role" else position_key
            if key == "who" or not found:
                appointed = people.with_role if kind == "role" else people.in_position
                standing = people.directory.holders_of((make(resolver[kind]),))
                found += standing or appointed(resolver[kind])
    return list(dict.fromkeys(found))
