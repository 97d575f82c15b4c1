"""Writes of the organization room: every change makes a new directory."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db import transaction

from quytrinh.language.manifest import OrganizationManifest, PersonEntry, UnitEntry
from quytrinh.organization.models import Person, Position, Post, RoleGrant, Unit
from quytrinh.tenancy.actions import add_member, agency_changed
from quytrinh.tenancy.context import current_tenant_id
from quytrinh.tenancy.models import Tenant, User


@dataclass(frozen=True, slots=True)
class Added:
    """How much of a manifest was missing in the agency."""

    units: int
    positions: int
    people: int

    def __bool__(self) -> bool:
        return bool(self.units or self.positions or self.people)


@transaction.atomic
def add_missing(*, manifest: OrganizationManifest) -> Added:
    """Add the units, positions and people of a manifest that the agency lacks.

    What exists is left as it is: the living organization is the agency's own. New people get
    their posts, roles and a login without password.
    """
    units = _add_units(manifest.units)
    positions = _add_positions(manifest)
    people = _add_people(manifest)
    added = Added(units=units, positions=positions, people=people)
    if added:
        organization_changed()
    return added


def organization_changed() -> None:
    """Make every kept directory of the agency at work stale; call it with each change."""
    agency_changed()


def _add_units(entries: tuple[UnitEntry, ...]) -> int:
    known = {unit.key: unit for unit in Unit.objects.all()}
    missing = [entry for entry in entries if entry.key not in known]
    order = {entry.key: place for place, entry in enumerate(entries)}
    for entry in missing:
        known[entry.key] = Unit(key=entry.key, name=entry.name, order=order[entry.key])
    for entry in missing:
        known[entry.key].parent = known[entry.parent] if entry.parent else None
    Unit.objects.bulk_create(known[entry.key] for entry in _parents_first(missing))
    return len(missing)


def _parents_first(entries: Iterable[UnitEntry]) -> list[UnitEntry]:
    """Return the entries so that a unit follows its parent (a manifest has no cycle)."""
    waiting = {entry.key: entry for entry in entries}
    ordered: list[UnitEntry] = []
    while waiting:
        ready = [entry for entry in waiting.values() if entry.parent not in waiting]
        ordered += ready
        for entry in ready:
            del waiting[entry.key]
    return ordered


def _add_positions(manifest: OrganizationManifest) -> int:
    known = set(Position.objects.values_list("key", flat=True))
    missing = [
        Position(key=entry.key, name=entry.name, order=place)
        for place, entry in enumerate(manifest.positions)
        if entry.key not in known
    ]
    Position.objects.bulk_create(missing)
    return len(missing)


def _add_people(manifest: OrganizationManifest) -> int:
    known = set(Person.objects.values_list("staff_code", flat=True))
    missing = [
        (place, entry) for place, entry in enumerate(manifest.people) if entry.login not in known
    ]
    units = {unit.key: unit for unit in Unit.objects.all()}
    positions = {position.key: position for position in Position.objects.all()}
    for place, entry in missing:
        _add_person(place, entry, units, positions)
    return len(missing)


def _add_person(
    place: int, entry: PersonEntry, units: Mapping[str, Unit], positions: Mapping[str, Position]
) -> None:
    person = Person(
        user=_login(entry.login), full_name=entry.name, staff_code=entry.login, order=place
    )
    person.save(force_insert=True)
    Post.objects.bulk_create(
        Post(
            person=person,
            unit=units[post.unit],
            position=positions[post.position],
            is_head=post.head,
            fields=list(post.fields),
            order=order,
        )
        for order, post in enumerate(entry.posts)
    )
    RoleGrant.objects.bulk_create(RoleGrant(person=person, role=role) for role in entry.roles)


def _login(name: str) -> User:
    """Return the user with this login, a new one without a password if need be."""
    user = User.objects.filter(username=name).first()
    if user is None:
        user = User(username=name)
        user.set_unusable_password()
        user.save(force_insert=True)
    add_member(user=user, tenant=Tenant.objects.get(pk=current_tenant_id()))
    return user
