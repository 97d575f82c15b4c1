"""The agency's calendar of a year: every day, its hours, and the announcements behind it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _

from quytrinh.administration.pages import Tab
from quytrinh.deadlines.calendar import Calendar, Sessions
from quytrinh.deadlines.calendars import WORKING, Calendars, DayKind, SpecialDay

# Years beyond those with announcements that a person may look at.
AHEAD = 1


@dataclass(frozen=True, slots=True)
class DayCell:
    """A day in the grid; `kind` is that of a special day, else ``open`` or ``closed``."""

    day: date
    kind: str
    title: str
    today: bool


@dataclass(frozen=True, slots=True)
class Month:
    """A month as weeks from Monday; None where a week belongs to another month."""

    first: date
    weeks: tuple[tuple[DayCell | None, ...], ...]


@dataclass(frozen=True, slots=True)
class DayRow:
    """A special day, what announced it, and whether that is only expected."""

    day: date
    kind: str
    what: str
    reason: str
    announcement: str
    estimated: bool


@dataclass(frozen=True, slots=True)
class HoursRow:
    """The hours of a weekday; `short` fits into a narrow column."""

    weekday: str
    short: str
    sessions: str


@dataclass(frozen=True, slots=True)
class CalendarPage:
    """What the page shows."""

    year: int
    years: tuple[Tab, ...]
    calendars: tuple[Tab, ...]
    months: tuple[Month, ...]
    days: tuple[DayRow, ...]
    hours: tuple[HoursRow, ...]
    immediate: int
    estimated: bool


def calendar_page(known: Calendars, year: str, key: str) -> CalendarPage:
    """Return the page of a year and a calendar; what is unknown means this year, `working`."""
    key = key if key in known.names else WORKING
    years = _years(known)
    chosen = int(year) if year.isdecimal() and int(year) in years else timezone.localdate().year
    calendar = known.calendar(key)
    days = tuple(_rows(known, calendar, chosen))
    return CalendarPage(
        year=chosen,
        years=tuple(Tab(str(each), _url(each, key), 0, each == chosen) for each in years),
        calendars=tuple(
            Tab(name, _url(chosen, each), 0, each == key) for each, name in known.names.items()
        ),
        months=tuple(_month(known, calendar, date(chosen, month, 1)) for month in range(1, 13)),
        days=days,
        hours=tuple(
            HoursRow(str(WEEKDAYS[weekday]), short, _hours(sessions))
            for weekday, (short, sessions) in enumerate(
                zip(_short_weekdays(), calendar.week, strict=True)
            )
        ),
        immediate=int(known.immediate.total_seconds()) // 60,
        estimated=any(row.estimated for row in days),
    )


def special_days(known: Calendars, year: int) -> Iterator[SpecialDay]:
    """Yield the special days of a year in order; an agency's own after the national one."""
    for day in sorted(known.special):
        if day.year == year:
            yield from known.special[day]


def _short_weekdays() -> tuple[str, ...]:
    return _("T2"), _("T3"), _("T4"), _("T5"), _("T6"), _("T7"), _("CN")


def _years(known: Calendars) -> list[int]:
    this_year = timezone.localdate().year
    return sorted({day.year for day in known.special} | {this_year, this_year + AHEAD})


def _url(year: int, key: str) -> str:
    query = urlencode({"nam": year, "lich": key})
    return f"{reverse('administration:calendar')}?{query}"


def _rows(known: Calendars, calendar: Calendar, year: int) -> Iterator[DayRow]:
    for special in special_days(known, year):
        if special.day in calendar.days:
            yield DayRow(
                day=special.day,
                kind=special.kind.value,
                what=_what(special.kind),
                reason=special.reason,
                announcement=special.announcement,
                estimated=special.estimated,
            )


def _what(kind: DayKind) -> str:
    return {
        DayKind.OFF: _("Nghỉ"),
        DayKind.MORNING: _("Làm việc buổi sáng"),
        DayKind.WORK: _("Làm việc"),
    }[kind]


def _month(known: Calendars, calendar: Calendar, first: date) -> Month:
    following = (first + timedelta(days=31)).replace(day=1)
    days = [first + timedelta(days=n) for n in range((following - first).days)]
    cells: list[DayCell | None] = [None] * first.weekday()
    cells += [_cell(known, calendar, day) for day in days]
    cells += [None] * (-len(cells) % 7)
    return Month(first, tuple(tuple(cells[n : n + 7]) for n in range(0, len(cells), 7)))


def _cell(known: Calendars, calendar: Calendar, day: date) -> DayCell:
    special = known.special[day][-1] if day in calendar.days else None
    usual = "open" if calendar.is_open(day) else "closed"
    hours = _hours(calendar.sessions(day))
    return DayCell(
        day=day,
        kind=special.kind.value if special else usual,
        title=f"{special.reason}: {hours}" if special else hours,
        today=day == timezone.localdate(),
    )


def _hours(sessions: Sessions) -> str:
    return ", ".join(map(str, sessions)) or _("nghỉ")
