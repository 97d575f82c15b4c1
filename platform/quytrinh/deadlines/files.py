"""Files of time as values: the shipped years of public holidays, an agency's `calendars.yaml`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta
from importlib.resources import files

from quytrinh.deadlines.calendar import Session
from quytrinh.deadlines.calendars import (
    DEFAULT_RULES,
    IMMEDIATE,
    CalendarRule,
    DayKind,
    SpecialDay,
)
from quytrinh.language.calendar_files import (
    AgencyCalendars,
    DayEntry,
    HoursEntry,
    NationalYear,
    check_calendar_file,
)


def shipped_years() -> tuple[NationalYear, ...]:
    """Return the years of public holidays that come with this version, oldest first."""
    folder = files("quytrinh.deadlines") / "national"
    named = sorted((each for each in folder.iterdir() if each.name.endswith(".yaml")), key=str)
    results = [check_calendar_file(each.read_bytes(), each.name) for each in named]
    return tuple(each.found for each in results if isinstance(each.found, NationalYear))


def special_days(entries: Iterable[DayEntry]) -> Iterator[SpecialDay]:
    """Yield the days of a file: each day off that is made up on another is two."""
    for entry in entries:
        day = SpecialDay(
            day=entry.day,
            kind=DayKind(entry.kind),
            reason=entry.name,
            announcement=entry.announcement,
            estimated=entry.estimated,
            calendars=entry.calendars,
        )
        yield day
        if entry.made_up_on:
            yield _made_up(day, entry)


def rules_of(declared: AgencyCalendars) -> tuple[CalendarRule, ...]:
    """Return the calendars an agency declares."""
    return tuple(_rule(entry) for entry in declared.hours)


def immediate_of(declared: AgencyCalendars) -> timedelta:
    """Return what `immediate` means in the agency."""
    if not declared.immediate:
        return IMMEDIATE
    count, unit = int(declared.immediate[:-1]), declared.immediate[-1]
    return timedelta(minutes=count) if unit == "m" else timedelta(hours=count)


def _made_up(day: SpecialDay, entry: DayEntry) -> SpecialDay:
    assert entry.made_up_on is not None
    return SpecialDay(
        day=entry.made_up_on,
        kind=DayKind.WORK,
        reason=f"Làm bù ngày {day.day:%d/%m/%Y}",
        announcement=day.announcement,
        estimated=day.estimated,
        instead_of=day.day,
        calendars=day.calendars,
    )


def _rule(entry: HoursEntry) -> CalendarRule:
    default = next((each.name for each in DEFAULT_RULES if each.key == entry.key), entry.key)
    week = tuple(tuple(Session.read(text) for text in sessions) for sessions in entry.week)
    return CalendarRule(entry.key, entry.name or default, week, entry.holidays)
