"""Lists of the agency at work from which fields are chosen: people, units, other agencies."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from quytrinh.organization.directory import directory

Labels = Mapping[str, str]


def people() -> Labels:
    """Everyone who holds a post today: name, and what they are."""
    everyone = directory()
    return {
        str(person.id): _named(person.full_name, everyone.position_name_of(person.id))
        for person in everyone.people.values()
        if person.posts
    }


def units() -> Labels:
    """The units of the agency."""
    return {unit.key: unit.name for unit in directory().units.values()}


# Rooms that this one may not import add what they know (`agency`: the address book).
SOURCES: dict[str, Callable[[], Labels]] = {"person": people, "unit": units}


def offered(kind: str) -> Labels:
    """What may be chosen today: stored value to label, in the order of the list."""
    return SOURCES[kind]() if kind in SOURCES else {}


def name_of(kind: str, value: str) -> str:
    """How something chosen earlier is called; it may not be offered any more."""
    if kind == "person":
        known = {str(each.id): each.full_name for each in directory().people.values()}
        return known.get(value, value)
    return offered(kind).get(value, value)


def _named(name: str, position: str) -> str:
    return f"{name} – {position}" if position else name
