"""From a role of a flow to the people of an agency (flow-language.md §6): pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from quytrinh.compiler.plan import PlanRole
from quytrinh.organization.exceptions import UnknownResolver, UnresolvableRole
from quytrinh.organization.keys import (
    field_key,
    head_key,
    members_key,
    person_key,
    position_key,
    role_key,
)
from quytrinh.organization.snapshot import Directory

Resolver = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """What a case knows that decides who its roles are.

    `performers`: human step → who last completed it. `evaluate` answers an expression of the
    flow over the case.
    """

    creator: UUID | None
    unit: str | None
    performers: Mapping[str, UUID]
    evaluate: Callable[[str], Any]


@dataclass(frozen=True, slots=True)
class Resolution:
    """Under which keys the work waits, and who holds them today.

    Without persons the keys are those of `who`: whoever is appointed later finds the work.
    """

    keys: tuple[str, ...]
    persons: tuple[UUID, ...]


def resolve(
    role: PlanRole,
    facts: CaseFacts,
    directory: Directory,
    *,
    excluded: frozenset[UUID] = frozenset(),
) -> Resolution:
    """Return who a role is for this case; `if_absent`, one after the other, if nobody is.

    Whoever is away is replaced by those who stand in. `excluded` are those who may not do the step
    because of what they did before: neither they nor anyone in their stead.
    """
    first = _resolution(role.who, facts, directory, excluded)
    if first.persons:
        return first
    for fallback in role.if_absent:
        resolution = _resolution((fallback,), facts, directory, excluded)
        if resolution.persons:
            return resolution
    return first


def _resolution(
    resolvers: Iterable[Resolver],
    facts: CaseFacts,
    directory: Directory,
    excluded: frozenset[UUID],
) -> Resolution:
    found = (key for resolver in resolvers for key in _keys(resolver, facts))
    keys = tuple(dict.fromkeys(found))
    standing = directory.standing_in(keys)
    eligible = [each for each in standing if excluded.isdisjoint((each.holder, each.person))]
    persons = tuple(dict.fromkeys(each.person for each in eligible))
    reached = {holder for key in keys for holder in directory.holders(key)}
    if len(eligible) == len(standing) and excluded.isdisjoint(reached):
        return Resolution(keys=keys, persons=persons)
    # The excluded hold these keys too: the work waits for the others by name.
    named = dict.fromkeys(person_key(each.holder) for each in eligible)
    return Resolution(keys=tuple(named), persons=persons)


def _keys(resolver: Resolver, facts: CaseFacts) -> tuple[str, ...]:
    """Return the holder keys of one resolver; none if it names nobody in this case."""
    for kind, keys_of in _KINDS.items():
        if kind in resolver:
            return keys_of(resolver, facts)
    raise UnknownResolver(f"unknown resolver: {', '.join(sorted(resolver))}")


def _creator(resolver: Resolver, facts: CaseFacts) -> tuple[str, ...]:
    return (person_key(facts.creator),) if facts.creator else ()


def _role(resolver: Resolver, facts: CaseFacts) -> tuple[str, ...]:
    if "in" not in resolver:
        return (role_key(resolver["role"]),)
    return tuple(role_key(resolver["role"], unit) for unit in _units(resolver["in"], facts))


def _position(resolver: Resolver, facts: CaseFacts) -> tuple[str, ...]:
    if "in" not in resolver:
        return (position_key(resolver["position"]),)
    return tuple(position_key(resolver["position"], unit) for unit in _units(resolver["in"], facts))


def _head_of(resolver: Resolver, facts: CaseFacts) -> tuple[str, ...]:
    return tuple(head_key(unit) for unit in _units(resolver["head_of"], facts))


def _members_of(resolver: Resolver, facts: CaseFacts) -> tuple[str, ...]:
    return tuple(members_key(unit) for unit in _units(resolver["members_of"], facts))


def _in_charge_of(resolver: Resolver, facts: CaseFacts) -> tuple[str, ...]:
    field = facts.evaluate(resolver["in_charge_of"])
    return (field_key(str(field)),) if field else ()


def _person(resolver: Resolver, facts: CaseFacts) -> tuple[str, ...]:
    chosen = facts.evaluate(resolver["person"])
    people = chosen if isinstance(chosen, list | tuple) else [chosen]
    return tuple(person_key(_as_uuid(person, resolver["person"])) for person in people if person)


def _performer_of(resolver: Resolver, facts: CaseFacts) -> tuple[str, ...]:
    performer = facts.performers.get(resolver["performer_of"])
    return (person_key(performer),) if performer else ()


# Resolvers of the language that this version knows.
_KINDS: Mapping[str, Callable[[Resolver, CaseFacts], tuple[str, ...]]] = {
    "creator": _creator,
    "role": _role,
    "position": _position,
    "head_of": _head_of,
    "members_of": _members_of,
    "in_charge_of": _in_charge_of,
    "person": _person,
    "performer_of": _performer_of,
}


def _units(expression: str, facts: CaseFacts) -> tuple[str, ...]:
    """Return the unit an expression names; `case.unit` needs no evaluation."""
    unit = facts.unit if expression == "case.unit" else facts.evaluate(expression)
    return (str(unit),) if unit else ()


def _as_uuid(value: Any, expression: str) -> UUID:
    try:
        return value if isinstance(value, UUID) else UUID(str(value))
    except ValueError:
        raise UnresolvableRole(f"{expression} does not name a person: {value!r}") from None
