"""Who is away and who acts for whom: written by the person concerned, or by an administrator.

A delegation is limited in time and never passed on (Nghị định 30/2020, Điều 13).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from quytrinh.journal.actions import record
from quytrinh.organization.actions import organization_changed
from quytrinh.organization.directory import directory
from quytrinh.organization.exceptions import EntryRefused, NotYours
from quytrinh.organization.keys import base_of, members_key, person_key
from quytrinh.organization.models import Absence, Delegation
from quytrinh.organization.snapshot import Directory, PersonView

# Nobody hands their work over for good: a post that ends is a change of the organization.
LONGEST = timedelta(days=366)


@transaction.atomic
def record_absence(
    *,
    actor: PersonView,
    person: UUID,
    since: date,
    until: date,
    reason: str = "",
    substitute: UUID | None = None,
) -> Absence:
    """Note that a person is away, and who stands in meanwhile.

    Raises NotYours, EntryRefused.
    """
    people = directory()
    _refuse_stranger(actor, person)
    errors = _wrong_period(since, until)
    if not errors and _overlaps(person, since, until):
        errors["since"] = [_("Đã khai vắng mặt trong thời gian này.")]
    if substitute is not None:
        errors |= _wrong_other(people, person, substitute, "substitute")
    _refuse(errors)
    absence = Absence(
        person_id=person,
        since=since,
        until=until,
        reason=reason.strip(),
        substitute_id=substitute,
    )
    absence.save(force_insert=True)
    _changed(actor, person, "absence.recorded", since, until, substitute=_text(substitute))
    return absence


@transaction.atomic
def end_absence(*, actor: PersonView, absence: UUID) -> None:
    """Note that a person is back, or was not away after all. Raises NotYours."""
    found = Absence.objects.filter(pk=absence).first()
    if found is None:
        raise NotYours
    _refuse_stranger(actor, found.person_id)
    _end(found)
    _changed(actor, found.person_id, "absence.ended", found.since, found.until)


@transaction.atomic
def delegate(
    *,
    actor: PersonView,
    giver: UUID,
    receiver: UUID,
    since: date,
    until: date,
    scope: Sequence[str] = (),
    basis: str = "",
) -> Delegation:
    """Let somebody act for a person for a time: in everything, or under some of their keys.

    Raises NotYours, EntryRefused.
    """
    people = directory()
    _refuse_stranger(actor, giver)
    errors = _wrong_period(since, until) | _wrong_other(people, giver, receiver, "receiver")
    if not set(scope) <= set(may_delegate(people, giver)):
        errors["scope"] = [_("Chỉ ủy quyền được chức vụ, vai trò mình đang giữ.")]
    _refuse(errors)
    delegation = Delegation(
        giver_id=giver,
        receiver_id=receiver,
        since=since,
        until=until,
        scope=list(scope),
        basis=basis.strip(),
    )
    delegation.save(force_insert=True)
    _changed(
        actor, giver, "delegation.given", since, until, receiver=str(receiver), scope=list(scope)
    )
    return delegation


@transaction.atomic
def end_delegation(*, actor: PersonView, delegation: UUID) -> None:
    """Take a delegation back; the receiver may give it back too. Raises NotYours."""
    found = Delegation.objects.filter(pk=delegation).first()
    if found is None:
        raise NotYours
    if actor.id != found.receiver_id:
        _refuse_stranger(actor, found.giver_id)
    _end(found)
    _changed(actor, found.giver_id, "delegation.ended", found.since, found.until)


def may_delegate(people: Directory, giver: UUID) -> tuple[str, ...]:
    """Return the keys to which a person may limit a delegation: posts, roles, fields, units."""
    found = people.person(giver)
    own = found.own_keys if found else ()
    never = {person_key(giver), *(members_key(unit) for unit in people.units)}
    return tuple(dict.fromkeys(base_of(key) for key in own if key not in never))


def _refuse_stranger(actor: PersonView, person: UUID) -> None:
    if actor.id != person and not actor.is_administrator:
        raise NotYours


def _wrong_period(since: date, until: date) -> dict[str, list[str]]:
    if until < since:
        return {"until": [_("Ngày cuối trước ngày đầu.")]}
    if until < timezone.localdate():
        return {"until": [_("Thời gian này đã qua.")]}
    if until - since > LONGEST:
        return {"until": [_("Không quá một năm.")]}
    return {}


def _wrong_other(people: Directory, person: UUID, other: UUID, field: str) -> dict[str, list[str]]:
    if people.person(other) is None or people.person(person) is None:
        return {field: [_("Không có người này trong cơ quan.")]}
    if other == person:
        return {field: [_("Phải là người khác.")]}
    return {}


def _overlaps(person: UUID, since: date, until: date) -> bool:
    return Absence.objects.filter(person=person, since__lte=until, until__gte=since).exists()


def _refuse(errors: dict[str, list[str]]) -> None:
    if errors:
        raise EntryRefused(errors)


def _end(entry: Absence | Delegation) -> None:
    """Let it have ended yesterday; what began only today or later never was."""
    yesterday = timezone.localdate() - timedelta(days=1)
    if entry.since > yesterday:
        entry.delete()
    elif entry.until > yesterday:
        entry.until = yesterday
        entry.save(update_fields=["until"])


def _changed(
    actor: PersonView, person: UUID, verb: str, since: date, until: date, **what: Any
) -> None:
    payload = {"since": since.isoformat(), "until": until.isoformat(), **what}
    record(subject_id=person, verb=verb, actor=actor.id, payload=payload)
    organization_changed()


def _text(person: UUID | None) -> str | None:
    return str(person) if person else None
