"""A frozen picture of one agency's people: asked often, built rarely, never the database."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from types import MappingProxyType
from uuid import UUID

from quytrinh.deadlines.calendars import STANDARD, Calendars
from quytrinh.organization.choices import ADMINISTRATOR, AGENCY_HEAD, CLERK, FLOW_AUTHOR
from quytrinh.organization.keys import (
    base_of,
    field_key,
    head_key,
    members_key,
    person_key,
    position_key,
    role_key,
)


@dataclass(frozen=True, slots=True)
class UnitView:
    """A unit and its place in the agency."""

    key: str
    name: str
    parent: str | None = None
    order: int = 0


@dataclass(frozen=True, slots=True)
class PositionView:
    """A position that people of the agency hold."""

    key: str
    name: str
    order: int = 0


@dataclass(frozen=True, slots=True)
class PostView:
    """A person holds a position in a unit, between two dates (the last one included)."""

    person: UUID
    unit: str
    position: str
    is_head: bool = False
    since: date | None = None
    until: date | None = None
    fields: tuple[str, ...] = ()

    def held_on(self, day: date) -> bool:
        """Tell whether the post is held on this day."""
        return (self.since is None or self.since <= day) and (
            self.until is None or day <= self.until
        )


@dataclass(frozen=True, slots=True)
class GrantView:
    """A role given to a person or to whoever holds a position; perhaps only for one unit."""

    role: str
    person: UUID | None = None
    position: str | None = None
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class AbsenceView:
    """A person is away today; perhaps somebody stands in."""

    person: UUID
    since: date
    until: date
    substitute: UUID | None = None


@dataclass(frozen=True, slots=True)
class DelegationView:
    """A person lets another act for them today; `scope` = base keys, none = everything."""

    giver: UUID
    receiver: UUID
    scope: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Received:
    """Under which keys of somebody else a person may act today."""

    giver: UUID
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """Who holds a key, and who acts there today: themselves, or whoever stands in."""

    holder: UUID
    person: UUID


@dataclass(frozen=True, slots=True)
class PersonView:
    """A person as everyone but the administrator needs them. The first post is the main one.

    `keys` = their own and those `received` from whom they stand in for today. Roles are their own:
    nobody promulgates or administers for somebody else.
    """

    id: UUID
    full_name: str
    staff_code: str = ""
    user_id: UUID | None = None
    posts: tuple[PostView, ...] = ()
    roles: frozenset[str] = frozenset()
    keys: tuple[str, ...] = ()
    unit: str | None = None
    own_keys: tuple[str, ...] = ()
    received: tuple[Received, ...] = ()

    def acts_for(self, keys: Iterable[str], owner: UUID | None = None) -> UUID | None:
        """Return on whose behalf this person does work that waits under these keys.

        None when it is their own. Work that somebody took on is done for that person, even by one
        who might have taken it too.
        """
        wanted = set(keys)
        givers = [each.giver for each in self.received if not wanted.isdisjoint(each.keys)]
        if owner in givers:
            return owner
        return None if not wanted.isdisjoint(self.own_keys) else next(iter(givers), None)

    @property
    def is_agency_head(self) -> bool:
        """Tell whether this is the thủ trưởng, who promulgates procedures."""
        return AGENCY_HEAD in self.roles

    @property
    def drafts_flows(self) -> bool:
        """Tell whether this person prepares procedures, to submit or to promulgate them."""
        return self.is_agency_head or FLOW_AUTHOR in self.roles

    @property
    def is_administrator(self) -> bool:
        """Tell whether this person administers the agency's people and units."""
        return ADMINISTRATOR in self.roles

    @property
    def moves_cases(self) -> bool:
        """Tell whether this person decides which running cases go over to a new version."""
        return self.is_agency_head or self.is_administrator

    @property
    def is_clerk(self) -> bool:
        """Tell whether this is the agency's văn thư."""
        return CLERK in self.roles


@dataclass(frozen=True, slots=True)
class Directory:
    """Everyone of one agency as of one day. Build it with `build_directory`.

    `absent` = who is away that day, with the absence. `calendars` count the agency's deadlines.
    """

    day: date
    units: Mapping[str, UnitView]
    positions: Mapping[str, PositionView]
    people: Mapping[UUID, PersonView]
    _holders: Mapping[str, tuple[UUID, ...]] = field(repr=False)
    _users: Mapping[UUID, UUID] = field(repr=False)
    absent: Mapping[UUID, AbsenceView] = field(default_factory=lambda: MappingProxyType({}))
    calendars: Calendars = field(default=STANDARD, repr=False)
    # Giver -> those who may act for them today.
    _substitutes: Mapping[UUID, tuple[UUID, ...]] = field(
        default_factory=lambda: MappingProxyType({}), repr=False
    )

    def person(self, person_id: UUID) -> PersonView | None:
        """Return a person, or None if the agency has no such person."""
        return self.people.get(person_id)

    def unit(self, key: str) -> UnitView | None:
        """Return a unit, or None if the agency has no such unit."""
        return self.units.get(key)

    def name_of(self, person_id: UUID | None) -> str:
        """Return the full name to show for a person, empty for nobody."""
        found = self.people.get(person_id) if person_id else None
        return found.full_name if found else ""

    def keys_of(self, person_id: UUID) -> tuple[str, ...]:
        """Return every holder key under which work waits for this person."""
        found = self.people.get(person_id)
        return found.keys if found else ()

    def holders(self, key: str) -> tuple[UUID, ...]:
        """Return who is appointed to a key, in the order of the agency's list of people."""
        return self._holders.get(key, ())

    def standing_in(self, keys: Iterable[str]) -> tuple[Standing, ...]:
        """Return who acts under these keys today; whoever is away, by those who stand in."""
        return tuple(
            dict.fromkeys(
                standing
                for key in keys
                for holder in self.holders(key)
                for standing in self._standing(holder, key)
            )
        )

    def holders_of(self, keys: Iterable[str]) -> tuple[UUID, ...]:
        """Return who acts under any of these keys today, each once."""
        return tuple(dict.fromkeys(each.person for each in self.standing_in(keys)))

    def _standing(self, holder: UUID, key: str) -> Iterator[Standing]:
        if holder not in self.absent:
            yield Standing(holder, holder)
            return
        for person in self._substitutes.get(holder, ()):
            given = (each.keys for each in self.people[person].received if each.giver == holder)
            if person not in self.absent and any(key in keys for keys in given):
                yield Standing(holder, person)

    def has_role(self, person_id: UUID, role: str) -> bool:
        """Tell whether a person has a role, wherever in the agency."""
        found = self.people.get(person_id)
        return found is not None and role in found.roles

    def person_of_user(self, user_id: UUID | None) -> PersonView | None:
        """Return the person as whom a user works here; None also for a stranger."""
        person_id = self._users.get(user_id) if user_id else None
        return self.people.get(person_id) if person_id else None

    def unit_of(self, person_id: UUID) -> str | None:
        """Return the key of a person's main unit."""
        found = self.people.get(person_id)
        return found.unit if found else None

    def position_name_of(self, person_id: UUID) -> str:
        """Return the name of a person's main position, empty without one."""
        found = self.people.get(person_id)
        if not found or not found.posts:
            return ""
        return self.positions[found.posts[0].position].name


def build_directory(
    *,
    day: date,
    units: Iterable[UnitView],
    positions: Iterable[PositionView],
    people: Iterable[PersonView],
    posts: Iterable[PostView],
    grants: Iterable[GrantView],
    absences: Iterable[AbsenceView] = (),
    delegations: Iterable[DelegationView] = (),
    calendars: Calendars = STANDARD,
) -> Directory:
    """Put the rows of an agency together; posts not held on `day` count for nothing.

    Order matters: people are listed, and posts ranked, as given. Absences and delegations are
    those of `day`; whatever is received from somebody is never passed on.
    """
    held: dict[UUID, list[PostView]] = {}
    for post in posts:
        if post.held_on(day):
            held.setdefault(post.person, []).append(post)
    all_grants = tuple(grants)
    complete = {
        person.id: _complete(person, tuple(held.get(person.id, ())), all_grants)
        for person in people
    }
    holders: dict[str, list[UUID]] = {}
    for person in complete.values():
        for key in person.own_keys:
            holders.setdefault(key, []).append(person.id)
    away = {absence.person: absence for absence in absences}
    given = [*delegations, *_covered(away.values())]
    substitutes: dict[UUID, list[UUID]] = {}
    for delegation in given:
        if delegation.giver in complete and delegation.receiver in complete:
            _receive(complete, delegation)
            substitutes.setdefault(delegation.giver, []).append(delegation.receiver)
    return Directory(
        day=day,
        units=MappingProxyType({unit.key: unit for unit in units}),
        positions=MappingProxyType({position.key: position for position in positions}),
        people=MappingProxyType(complete),
        _holders=MappingProxyType({key: tuple(ids) for key, ids in holders.items()}),
        _users=MappingProxyType(
            {person.user_id: person.id for person in complete.values() if person.user_id}
        ),
        absent=MappingProxyType(away),
        calendars=calendars,
        _substitutes=MappingProxyType({giver: tuple(to) for giver, to in substitutes.items()}),
    )


def _covered(absences: Iterable[AbsenceView]) -> Iterator[DelegationView]:
    """Yield what each absence gives to whoever stands in: everything, while it lasts."""
    for absence in absences:
        if absence.substitute is not None:
            yield DelegationView(absence.person, absence.substitute)


def _receive(people: dict[UUID, PersonView], delegation: DelegationView) -> None:
    """Give the receiver the keys of a delegation, beside their own."""
    own = people[delegation.giver].own_keys
    keys = tuple(key for key in own if not delegation.scope or base_of(key) in delegation.scope)
    receiver = people[delegation.receiver]
    people[delegation.receiver] = replace(
        receiver,
        keys=tuple(dict.fromkeys((*receiver.keys, *keys))),
        received=(*receiver.received, Received(delegation.giver, keys)),
    )


def _complete(
    person: PersonView, posts: tuple[PostView, ...], grants: tuple[GrantView, ...]
) -> PersonView:
    mine = [grant for grant in grants if _is_given(grant, person.id, posts)]
    keys = _keys(person.id, posts, mine)
    return PersonView(
        id=person.id,
        full_name=person.full_name,
        staff_code=person.staff_code,
        user_id=person.user_id,
        posts=posts,
        roles=frozenset(grant.role for grant in mine),
        keys=keys,
        own_keys=keys,
        unit=posts[0].unit if posts else None,
    )


def _is_given(grant: GrantView, person_id: UUID, posts: tuple[PostView, ...]) -> bool:
    if grant.person is not None:
        return grant.person == person_id
    # Given to a position: in the unit named, or in any.
    return any(
        post.position == grant.position and grant.unit in (None, post.unit) for post in posts
    )


def _keys(person_id: UUID, posts: tuple[PostView, ...], grants: list[GrantView]) -> tuple[str, ...]:
    keys = [person_key(person_id)]
    for post in posts:
        keys += [position_key(post.position), position_key(post.position, post.unit)]
        keys.append(members_key(post.unit))
        if post.is_head:
            keys.append(head_key(post.unit))
        keys += [field_key(each) for each in post.fields]
    for grant in grants:
        keys.append(role_key(grant.role))
        # A role without a unit counts in each unit where the person works.
        in_units = [grant.unit] if grant.unit else [post.unit for post in posts]
        keys += [role_key(grant.role, unit) for unit in in_units]
    return tuple(dict.fromkeys(keys))
