"""When a procedure that begins by date begins (flows/README.md, `schedule`)."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from quytrinh.compiler.plan import PlanSchedule
from quytrinh.deadlines.calendar import ZONE, Calendar, at_minute, local_day
from quytrinh.deadlines.due import period_after, period_before
from quytrinh.deadlines.periods import PERIODS

_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WEEK = timedelta(days=7)
# Where the calendar names no hour for a day that is closed.
_OPENING = 7 * 60 + 30


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a schedule: the first day of the period it belongs to, and its instant."""

    period: date
    at: datetime


def latest_run(schedule: PlanSchedule, calendar: Calendar, now: datetime) -> Run | None:
    """Return the last run that is not in the future; None where the near periods have none.

    Of periods that passed while the platform stood still, only the last counts.
    """
    return max(
        (run for run in _near(schedule, calendar, now) if run.at <= now),
        key=lambda run: run.at,
        default=None,
    )


def next_run(schedule: PlanSchedule, calendar: Calendar, now: datetime) -> Run | None:
    """Return the first run still to come; None where the near periods have none."""
    return min(
        (run for run in _near(schedule, calendar, now) if run.at > now),
        key=lambda run: run.at,
        default=None,
    )


def _near(schedule: PlanSchedule, calendar: Calendar, now: datetime) -> list[Run]:
    """Return the runs of the periods around the one that is being prepared for now."""
    looked_to = period_after(now, schedule.before, calendar) if schedule.before else now
    first = period_of(schedule.every, local_day(looked_to))
    periods = [first]
    # A day may be closed for a long holiday: a daily duty then looks further.
    for _ in range(14 if schedule.every == "day" else 2):
        periods.insert(0, period_of(schedule.every, periods[0] - timedelta(days=1)))
        periods.append(_following(schedule.every, periods[-1]))
    runs = (_run(schedule, period, calendar) for period in periods)
    return [run for run in runs if run is not None]


def period_of(every: str, day: date) -> date:
    """Return the first day of the period a day is in."""
    if every == "day":
        return day
    if every == "week":
        return day - timedelta(days=day.weekday())
    months = PERIODS[every]
    return date(day.year, (day.month - 1) // months * months + 1, 1)


def _following(every: str, first: date) -> date:
    """Return the first day of the next period."""
    if every == "day":
        return first + timedelta(days=1)
    if every == "week":
        return first + _WEEK
    months = first.month - 1 + PERIODS[every]
    return date(first.year + months // 12, months % 12 + 1, 1)


def _run(schedule: PlanSchedule, first: date, calendar: Calendar) -> Run | None:
    day = _day_in(schedule, first, calendar)
    if day is None:
        return None
    at = _opening(day, calendar)
    if schedule.before:
        at = period_before(at, schedule.before, calendar)
    if schedule.at:
        hour, minute = schedule.at.split(":")
        at = at_minute(at.astimezone(ZONE).date(), int(hour) * 60 + int(minute))
    return Run(first, at)


def _day_in(schedule: PlanSchedule, first: date, calendar: Calendar) -> date | None:
    """Return the day of the period that the schedule names; None if the period has none."""
    end = _following(schedule.every, first)
    if schedule.every == "day":
        return first if calendar.is_open(first) else None
    day = schedule.day or "1"
    if day == "first_working":
        found = next(calendar.open_days(first))
        return found if found < end else None
    if day == "last_working":
        found = next(calendar.open_days(end - timedelta(days=1), step=-1))
        return found if found >= first else None
    if day in _WEEKDAYS:
        return first + timedelta(days=(_WEEKDAYS.index(day) - first.weekday()) % 7)
    if schedule.every == "week":
        return first + timedelta(days=min(int(day), 7) - 1)
    # Of the period's first month, or its last day where the month is shorter.
    return first.replace(day=min(int(day), monthrange(first.year, first.month)[1]))


def _opening(day: date, calendar: Calendar) -> datetime:
    return calendar.opening(day) if calendar.is_open(day) else at_minute(day, _OPENING)
