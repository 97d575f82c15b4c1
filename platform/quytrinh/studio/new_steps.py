"""What a new procedure and a new step look like before anybody changes them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from quytrinh.compiler.editing.operations import Insert
from quytrinh.compiler.editing.refusal import EditRefused
from quytrinh.compiler.editing.steps import TOP, StepPlace
from quytrinh.compiler.yaml_style import yaml_text
from quytrinh.organization.choices import AGENCY_HEAD, CLERK
from quytrinh.organization.snapshot import Directory
from quytrinh.runtime.plugins import registry
from quytrinh.spi import needs_person
from quytrinh.studio.routes import Choice
from quytrinh.studio.sheet import Sheet

HUMAN, END = "human", "end"
# Decisions that can also be refused: a way back is offered with them.
_JUDGING = frozenset(
    {"documents.check_content", "documents.check_form", "documents.approve", "accounts.approve"}
)
# What a person confirms rather than decides.
_CONFIRMED = frozenset({"documents.number", "documents.register_in", "documents.void_number"})


@dataclass(frozen=True, slots=True)
class Group:
    """Kinds of work under one heading."""

    title: str
    choices: list[Choice]


def kinds_of_work() -> list[Group]:
    """Return what a new step may be."""
    plugins = [registry().get(name) for name in registry().names()]
    people = [Choice(each.name, each.title) for each in plugins if needs_person(each)]
    machine = [Choice(each.name, each.title) for each in plugins if not needs_person(each)]
    return [
        Group(_("Người làm"), [Choice(HUMAN, _("Việc tự đặt tên")), *_sorted(people)]),
        Group(_("Hệ thống làm, hoặc người xác nhận"), _sorted(machine)),
        Group(_("Khác"), [Choice(END, _("Kết thúc"))]),
    ]


def _sorted(choices: list[Choice]) -> list[Choice]:
    return sorted(choices, key=lambda each: key_of(each.label))


def new_step(sheet: Sheet, *, kind: str, name: str, role: str, after: str) -> Insert:
    """Return the operation that adds a step; raise EditRefused with what is missing."""
    data = _data(sheet, kind, name.strip(), role)
    return _placed(sheet, data, after)


def _data(sheet: Sheet, kind: str, name: str, role: str) -> dict[str, Any]:
    if kind == END:
        return {"end": key_of(name) or "ket_thuc", "name": name or _("Kết thúc")}
    if kind == HUMAN:
        if not name:
            raise EditRefused(_("Hãy đặt tên cho bước mới."))
        return {"id": key_of(name) or "buoc", "name": name, "by": _needed(role)}
    if kind not in registry():
        raise EditRefused(_("Hãy chọn việc của bước mới."))
    plugin = registry().get(kind)
    base = {"id": key_of(name or plugin.title) or "buoc", "name": name or plugin.title}
    if needs_person(plugin) and kind not in _CONFIRMED:
        return base | {"by": _needed(role), "actions": _decisions(sheet, kind, plugin.title)}
    if needs_person(plugin) or role:
        base |= {"by": _needed(role)}
    return base | {"run": kind} | _ways_back(sheet, kind)


def _needed(role: str) -> str:
    if not role:
        raise EditRefused(_("Hãy chọn ai làm bước này."), _("Việc này phải do người thực hiện."))
    return role


def _decisions(sheet: Sheet, kind: str, title: str) -> dict[str, Any]:
    label = _("Đồng ý") if kind in _JUDGING else title
    decisions: dict[str, Any] = {"dong_y": {"label": label, "run": kind}}
    first = _first_human(sheet.steps)
    if kind in _JUDGING and first:
        decisions["tra_lai"] = {"label": _("Trả lại"), "return_to": first, "comment": "required"}
    return decisions


def _ways_back(sheet: Sheet, kind: str) -> dict[str, Any]:
    """Results that are not usual lead back to whom the work came from, until said otherwise."""
    odd = [each.id for each in registry().get(kind).outcomes if not each.normal]
    first = _first_human(sheet.steps)
    return {"outcomes": {each: {"return_to": first} for each in odd}} if odd and first else {}


def _first_human(steps: Sequence[StepPlace]) -> str:
    top = (each.id for each in steps if each.block == TOP and "by" in each.data)
    return next(top, "")


def _placed(sheet: Sheet, data: Mapping[str, Any], after: str) -> Insert:
    """After the step chosen; an end is not followed by anything, so before it."""
    place = next((each for each in sheet.steps if each.id == after), None)
    if place is None:
        place = next(iter(each for each in sheet.steps if each.block == TOP), None)
    if place is None:
        return Insert(data)
    if "end" not in place.data or "end" in data:
        return Insert(data, after=place.id)
    before = [
        each for each in sheet.steps if each.block == place.block and each.index < place.index
    ]
    return Insert(data, after=before[-1].id) if before else Insert(data, block=place.block)


def new_text(*, key: str, name: str, document: str, basis: str, people: Directory) -> str:
    """Return the text of a procedure that has lanes and an end, and no step yet."""
    text: dict[str, Any] = {"quytrinh": 1, "flow": key, "name": name}
    if document:
        text["document"] = document
    if basis:
        text["basis"] = basis
    text["roles"] = {
        "nguoi_lap": {"name": _("Người lập hồ sơ"), "who": {"creator": True}},
        "phu_trach": {"name": _("Người phụ trách đơn vị"), "who": {"head_of": "case.unit"}},
        "lanh_dao": {"name": _("Lãnh đạo cơ quan"), "who": _head(people)},
        "van_thu": {"name": _("Văn thư"), "who": {"role": CLERK}},
    }
    text["start"] = {"by": "nguoi_lap"}
    text["steps"] = [{"end": "hoan_thanh", "name": _("Hoàn thành")}]
    return yaml_text(text, apart=frozenset({"roles", "steps"}))


def _head(people: Directory) -> dict[str, str]:
    """The post of the head of the agency, so that whoever follows in it is meant too."""
    for person in people.people.values():
        if AGENCY_HEAD in person.roles and person.posts:
            return {"position": person.posts[0].position}
    return {"role": AGENCY_HEAD}


def key_of(name: str, joined: str = "_") -> str:
    """Return an id made of a name: without marks, in small letters."""
    plain = unicodedata.normalize("NFD", name.lower().replace("đ", "d"))
    letters = "".join(each for each in plain if not unicodedata.combining(each))
    words = re.findall(r"[a-z0-9]+", letters)
    while words and words[0][0].isdigit():
        words.pop(0)
    found = ""
    for word in words:
        longer = f"{found}{joined}{word}" if found else word
        if len(longer) > 36:
            break
        found = longer
    return found
