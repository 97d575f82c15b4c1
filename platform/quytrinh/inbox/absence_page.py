"""The page "Vắng mặt và ủy quyền": who is away, who acts for whom, and the two forms."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from quytrinh.inbox.absence_forms import AbsenceForm, Choices, DelegationForm
from quytrinh.organization.absences import may_delegate
from quytrinh.organization.directory import Directory
from quytrinh.organization.models import Absence, Delegation
from quytrinh.organization.snapshot import PersonView
from quytrinh.organization.words import key_in_words


@dataclass(frozen=True, slots=True)
class AbsenceRow:
    """Somebody is away, now or soon."""

    id: UUID
    person: str
    substitute: str
    since: date
    until: date
    reason: str
    now: bool
    may_end: bool


@dataclass(frozen=True, slots=True)
class DelegationRow:
    """Somebody may act for another, now or soon."""

    id: UUID
    giver: str
    receiver: str
    scope: tuple[str, ...]
    since: date
    until: date
    basis: str
    now: bool
    may_end: bool


@dataclass(frozen=True, slots=True)
class AbsencePage:
    """What the page shows."""

    absences: tuple[AbsenceRow, ...]
    delegations: tuple[DelegationRow, ...]
    absence_form: AbsenceForm
    delegation_form: DelegationForm
    # Whether the lists are those of everyone: an administrator's.
    everyone: bool


def absence_page(people: Directory, person: PersonView) -> AbsencePage:
    """Return the page of a person with empty forms; an administrator's has everyone."""
    today = timezone.localdate()
    away, given = Absence.objects.ahead(today), Delegation.objects.ahead(today)
    if not person.is_administrator:
        away, given = away.of(person.id), given.of(person.id)
    return AbsencePage(
        absences=tuple(_absence_row(each, people, person, today) for each in away),
        delegations=tuple(_delegation_row(each, people, person, today) for each in given),
        absence_form=absence_form(people, person),
        delegation_form=delegation_form(people, person),
        everyone=person.is_administrator,
    )


def absence_form(people: Directory, person: PersonView, posted: Any = None) -> AbsenceForm:
    """Return the form of an absence, filled with what was posted."""
    return AbsenceForm(
        posted,
        people=_own_or_all(people, person),
        others=[("", _("Không có")), *_named(people.people.values())],
        initial={"person": str(person.id)},
    )


def delegation_form(people: Directory, person: PersonView, posted: Any = None) -> DelegationForm:
    """Return the form of a delegation, filled with what was posted."""
    chosen = posted.get("uy-quyen-person") if posted else None
    giver = next((each for each in people.people if str(each) == chosen), person.id)
    keys = may_delegate(people, giver)
    return DelegationForm(
        posted,
        people=_own_or_all(people, person),
        others=[("", _("Chọn người")), *_named(people.people.values())],
        scopes=[(key, key_in_words(key, people)) for key in keys],
        initial={"person": str(person.id)},
    )


def _own_or_all(people: Directory, person: PersonView) -> Choices:
    return _named(people.people.values() if person.is_administrator else [person])


def _named(people: Iterable[PersonView]) -> Choices:
    return [(str(each.id), each.full_name) for each in people]


def _absence_row(
    absence: Absence, people: Directory, person: PersonView, today: date
) -> AbsenceRow:
    return AbsenceRow(
        id=absence.pk,
        person=people.name_of(absence.person_id),
        substitute=people.name_of(absence.substitute_id),
        since=absence.since,
        until=absence.until,
        reason=absence.reason,
        now=absence.since <= today,
        may_end=person.is_administrator or person.id == absence.person_id,
    )


def _delegation_row(
    given: Delegation, people: Directory, person: PersonView, today: date
) -> DelegationRow:
    return DelegationRow(
        id=given.pk,
        giver=people.name_of(given.giver_id),
        receiver=people.name_of(given.receiver_id),
        scope=tuple(key_in_words(key, people) for key in given.scope),
        since=given.since,
        until=given.until,
        basis=given.basis,
        now=given.since <= today,
        may_end=person.is_administrator or person.id in (given.giver_id, given.receiver_id),
    )
