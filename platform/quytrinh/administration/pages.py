"""What the pages of the administration show, taken from the directory."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from quytrinh.organization.directory import Directory
from quytrinh.organization.keys import head_key, members_key, position_key
from quytrinh.organization.snapshot import PersonView, PostView
from quytrinh.organization.words import role_in_words


@dataclass(frozen=True, slots=True)
class Tab:
    """One of the lists; `count` None = it is not counted."""

    label: str
    url: str
    count: int | None
    current: bool


@dataclass(frozen=True, slots=True)
class UnitNode:
    """A unit with those below it."""

    key: str
    name: str
    people: int
    heads: str
    children: tuple[UnitNode, ...]


@dataclass(frozen=True, slots=True)
class PositionRow:
    """A position and the names of its holders."""

    key: str
    name: str
    holders: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A person of the agency."""

    full_name: str
    staff_code: str
    posts: tuple[str, ...]
    roles: tuple[str, ...]
    has_account: bool


def tabs(known: Directory, current: str) -> tuple[Tab, ...]:
    """Return the tabs of the administration, one of them current."""
    lists: tuple[tuple[str, str, int | None], ...] = (
        ("units", _("Phòng, đơn vị"), len(known.units)),
        ("positions", _("Chức vụ"), len(known.positions)),
        ("people", _("Người"), len(known.people)),
        ("calendar", _("Lịch làm việc"), len(known.calendars.names)),
        ("migrations", _("Chuyển phiên bản"), None),
        ("machine", _("Việc của máy"), None),
    )
    return tuple(
        Tab(label, reverse(f"administration:{name}"), count, name == current)
        for name, label, count in lists
    )


def unit_tree(known: Directory, parent: str | None = None) -> tuple[UnitNode, ...]:
    """Return the units below one, or the topmost ones."""
    return tuple(
        UnitNode(
            key=unit.key,
            name=unit.name,
            people=len(known.holders(members_key(unit.key))),
            heads=_names(known, head_key(unit.key)),
            children=unit_tree(known, unit.key),
        )
        for unit in known.units.values()
        if unit.parent == parent
    )


def position_rows(known: Directory) -> tuple[PositionRow, ...]:
    """Return the positions in the agency's order."""
    return tuple(
        PositionRow(
            position.key,
            position.name,
            tuple(known.name_of(each) for each in known.holders(position_key(position.key))),
        )
        for position in known.positions.values()
    )


def people_rows(known: Directory) -> tuple[PersonRow, ...]:
    """Return the people in the agency's order."""
    return tuple(_person_row(known, person) for person in known.people.values())


def _person_row(known: Directory, person: PersonView) -> PersonRow:
    return PersonRow(
        full_name=person.full_name,
        staff_code=person.staff_code,
        posts=tuple(_post_words(known, post) for post in person.posts),
        roles=tuple(role_in_words(role) for role in sorted(person.roles)),
        has_account=person.user_id is not None,
    )


def _post_words(known: Directory, post: PostView) -> str:
    words = f"{known.positions[post.position].name}, {known.units[post.unit].name}"
    return _("%(post)s (trưởng đơn vị)") % {"post": words} if post.is_head else words


def _names(known: Directory, key: str) -> str:
    return ", ".join(known.name_of(each) for each in known.holders(key))
