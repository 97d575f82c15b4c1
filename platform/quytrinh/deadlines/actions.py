"""Writes of the deadlines room: a new announcement, an agency's own days and hours.

Each returns the announcements that changed anything; whoever calls recomputes the open deadlines.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from quytrinh.deadlines.calendars import SpecialDay
from quytrinh.deadlines.files import immediate_of, rules_of, special_days
from quytrinh.deadlines.models import AgencyDay, NationalDay, OfficeHours
from quytrinh.deadlines.querysets import rule_to_json
from quytrinh.language.calendar_files import AgencyCalendars, NationalYear
from quytrinh.tenancy.actions import agency_changed, every_agency_changed

Announcements = tuple[str, ...]


@transaction.atomic
def apply_national(*, years: Iterable[NationalYear]) -> Announcements:
    """Make the public holidays of these years what their files say.

    Days that a file does not name any more go; other years stay as they are.
    """
    changed: list[SpecialDay] = []
    for year in years:
        declared = sorted(special_days(year.days), key=lambda day: day.day)
        rows = NationalDay.objects.filter(year=year.year)
        known = rows.views()
        if known == declared:
            continue
        changed += _difference(known, declared)
        rows.delete()
        NationalDay.objects.bulk_create(
            NationalDay(**_columns(day), year=year.year, estimated=day.estimated)
            for day in declared
        )
    if changed:
        every_agency_changed()
    return _announcements(changed)


@transaction.atomic
def apply_agency(*, declared: AgencyCalendars) -> Announcements:
    """Make the days and hours of the agency at work what its file says."""
    days = sorted(special_days(declared.days), key=lambda day: day.day)
    known = AgencyDay.objects.views()
    changed = _difference(known, days)
    if changed:
        AgencyDay.objects.all().delete()
        AgencyDay.objects.bulk_create(
            AgencyDay(**_columns(day), calendars=list(day.calendars)) for day in days
        )
    hours_changed = _apply_hours(declared)
    if changed or hours_changed:
        agency_changed()
    return _announcements(changed) or (("",) if hours_changed else ())


def _apply_hours(declared: AgencyCalendars) -> bool:
    rules, immediate = rules_of(declared), immediate_of(declared)
    if (rules, immediate) == OfficeHours.objects.views():
        return False
    OfficeHours.objects.all().delete()
    OfficeHours(
        immediate=int(immediate.total_seconds()) // 60,
        calendars=[rule_to_json(rule) for rule in rules],
    ).save(force_insert=True)
    return True


def _columns(day: SpecialDay) -> dict[str, object]:
    return {
        "day": day.day,
        "kind": day.kind.value,
        "reason": day.reason,
        "announcement": day.announcement,
        "instead_of": day.instead_of,
    }


def _difference(known: Iterable[SpecialDay], declared: Iterable[SpecialDay]) -> list[SpecialDay]:
    """Return the days that are new or gone, those that are new first."""
    known, declared = list(known), list(declared)
    gone = [day for day in known if day not in declared]
    return [day for day in declared if day not in known] + gone


def _announcements(changed: Iterable[SpecialDay]) -> Announcements:
    """Return what announced these days, each once; an empty word for what nobody announced."""
    return tuple(dict.fromkeys(day.announcement for day in changed))
