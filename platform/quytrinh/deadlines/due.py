"""Due instants: every form of `due` of the flow language (flows/README.md, deadlines)."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta

from quytrinh.compiler.plan import PlanDue
from quytrinh.deadlines.calendar import Calendar, at_minute, local_day
from quytrinh.deadlines.calendars import Calendars

URGENCY_ORDER = ("urgent", "very_urgent", "flash")
_PERIOD = re.compile(r"^([1-9]\d*)([mhdwy])$")


class BadPeriod(ValueError):
    """The text is not a period such as 30m, 4h or 2d."""


def due_at(
    due: PlanDue,
    *,
    urgency: str,
    since: datetime,
    at: datetime | date | None = None,
    calendars: Calendars,
) -> datetime | None:
    """Return when a task is late; None if neither length nor instant is known.

    `since` is the instant its `from` names, or when the task was created; `at` what its expression
    gives: an instant stays as it is, a date means closing time of that day.
    """
    calendar = calendars.calendar(due.calendar)
    within = within_for(due, urgency)
    if within is not None:
        return due_within(within, since, calendar, immediate=calendars.immediate)
    return closing_if_date(at, calendar)


def closing_if_date(value: datetime | date | None, calendar: Calendar) -> datetime | None:
    """Return an instant as it is, and closing time for a date.

    In expressions a date is midnight UTC, which no clock of an agency ever shows to the second.
    """
    if isinstance(value, datetime):
        midnight = value.utcoffset() == timedelta() and value.time() == time.min
        return closing_of(value.date(), calendar) if midnight else value
    return closing_of(value, calendar) if value else None


def within_for(due: PlanDue, urgency: str) -> str | None:
    """Return the deadline for a level of urgency; a level not named takes the next lower."""
    if urgency not in URGENCY_ORDER:
        return due.within
    for level in reversed(URGENCY_ORDER[: URGENCY_ORDER.index(urgency) + 1]):
        if level in due.by_urgency:
            return due.by_urgency[level]
    return due.within


def due_within(
    within: str, since: datetime, calendar: Calendar, *, immediate: timedelta
) -> datetime:
    """Return when something due `within` (``4h``, ``2d``, ``same_day`` …) is late."""
    if within == "immediate":
        return since + immediate
    if within in _WORDS:
        return _WORDS[within](since, calendar)
    return period_after(since, within, calendar)


def period_after(start: datetime, period: str, calendar: Calendar) -> datetime:
    """Return the instant a period after another.

    Minutes and hours are open time, days open days; weeks and years are days of the wall calendar,
    and fall on the next open day. Whatever counts days falls at closing time.
    """
    count, unit = read_period(period)
    if unit == "m":
        return calendar.add_time(start, timedelta(minutes=count))
    if unit == "h":
        return calendar.add_time(start, timedelta(hours=count))
    if unit == "d":
        return calendar.add_days(start, count)
    return closing_of(_wall_days(local_day(start), count, unit), calendar)


def period_before(end: datetime, period: str, calendar: Calendar) -> datetime:
    """Return the instant a period before another: the mirror of `period_after`.

    Whatever counts days falls at opening time, so that whoever is reminded has the whole day.
    """
    count, unit = read_period(period)
    if unit in "mh":
        amount = timedelta(minutes=count) if unit == "m" else timedelta(hours=count)
        return _subtract_time(end, amount, calendar)
    if unit == "d":
        days = calendar.open_days(local_day(end) - timedelta(days=1), step=-1)
        return calendar.opening([next(days) for _ in range(count)][-1])
    wanted = _wall_days(local_day(end), -count, unit)
    return calendar.opening(next(calendar.open_days(wanted, step=-1)))


def closing_of(day: date, calendar: Calendar) -> datetime:
    """Return closing time of a day, or of the next open one if it is closed (BLDS 2015, 148.5)."""
    return calendar.closing(next(calendar.open_days(day)))


def read_period(text: str) -> tuple[int, str]:
    """Return count and unit of a period; raise BadPeriod."""
    found = _PERIOD.match(text)
    if not found:
        raise BadPeriod(text)
    return int(found[1]), found[2]


def _next_working_morning(since: datetime, calendar: Calendar) -> datetime:
    return calendar.end_of_morning(_next_open_day(since, calendar))


def _next_working_day(since: datetime, calendar: Calendar) -> datetime:
    return calendar.closing(_next_open_day(since, calendar))


def _same_day(since: datetime, calendar: Calendar) -> datetime:
    return calendar.closing_after(since)


def _next_open_day(since: datetime, calendar: Calendar) -> date:
    return next(calendar.open_days(local_day(since) + timedelta(days=1)))


_WORDS: dict[str, Callable[[datetime, Calendar], datetime]] = {
    "same_day": _same_day,
    "next_working_morning": _next_working_morning,
    "next_working_day": _next_working_day,
}


def _wall_days(day: date, count: int, unit: str) -> date:
    if unit == "w":
        return day + timedelta(weeks=count)
    try:
        return day.replace(year=day.year + count)
    except ValueError:  # 29 February
        return day.replace(year=day.year + count, day=28)


def _subtract_time(end: datetime, amount: timedelta, calendar: Calendar) -> datetime:
    left = amount
    for day in calendar.open_days(local_day(end), step=-1):
        for session in reversed(calendar.sessions(day)):
            opens = at_minute(day, session.opens)
            closes = min(end, at_minute(day, session.closes))
            if closes <= opens:
                continue
            if left <= closes - opens:
                return closes - left
            left -= closes - opens
    raise AssertionError("open days never end without NeverOpen")
