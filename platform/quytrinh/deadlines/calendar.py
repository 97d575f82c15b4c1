"""The working calendar and the due instants it gives (flow-language §8).

Hours and minutes count open time; days count open days, not the day of the start, and fall at
closing time. Times are those of Asia/Ho_Chi_Minh.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
IMMEDIATE = timedelta(minutes=15)
SATURDAY = 5

_PERIOD = re.compile(r"^(\d+)([mhd])$")


class BadPeriod(ValueError):
    """The text is not a period such as 30m, 4h or 2d."""


@dataclass(frozen=True, slots=True)
class Session:
    """An open part of a day."""

    opens: time
    closes: time


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """Open sessions of working days; Saturdays and Sundays are closed."""

    sessions: tuple[Session, ...] = (
        Session(time(7, 30), time(11, 30)),
        Session(time(13, 30), time(17, 0)),
    )

    def is_open(self, day: date) -> bool:
        """Tell whether there is work on this day."""
        return day.weekday() < SATURDAY

    def closing(self, day: date) -> datetime:
        """Return the instant a day closes."""
        return datetime.combine(day, self.sessions[-1].closes, ZONE)

    def open_days(self, after: date) -> Iterator[date]:
        """Yield the open days after this one."""
        day = after
        while True:
            day += timedelta(days=1)
            if self.is_open(day):
                yield day

    def add_days(self, start: datetime, count: int) -> datetime:
        """Return closing time of the count-th open day after the day of `start`."""
        days = self.open_days(start.astimezone(ZONE).date())
        return self.closing([next(days) for _ in range(count)][-1])

    def add_time(self, start: datetime, amount: timedelta) -> datetime:
        """Return the instant at which `amount` of open time has passed since `start`."""
        left = amount
        for opens, closes in self._open_spans(start.astimezone(ZONE)):
            if left <= closes - opens:
                return opens + left
            left -= closes - opens
        raise AssertionError("working days never end")

    def _open_spans(self, start: datetime) -> Iterator[tuple[datetime, datetime]]:
        yesterday = start.date() - timedelta(days=1)
        for day in self.open_days(yesterday):
            for session in self.sessions:
                opens = max(start, datetime.combine(day, session.opens, ZONE))
                closes = datetime.combine(day, session.closes, ZONE)
                if opens < closes:
                    yield opens, closes


STANDARD = WorkingCalendar()


def closing_instant(instant: datetime) -> datetime:
    """Return an instant of a form; a field entered as a date (midnight UTC) means closing time."""
    if (instant.hour, instant.minute, instant.second) == (0, 0, 0):
        return STANDARD.closing(instant.date())
    return instant


def due_instant(within: str, start: datetime, *, natural: bool = False) -> datetime:
    """Return when something due `within` (``30m``, ``4h``, ``2d``, ``immediate``) is late.

    `natural` counts every day and hour. Raises BadPeriod.
    """
    if within == "immediate":
        return start + IMMEDIATE
    found = _PERIOD.match(within)
    if not found or int(found[1]) == 0:
        raise BadPeriod(within)
    count, unit = int(found[1]), found[2]
    if unit == "d":
        return start + timedelta(days=count) if natural else STANDARD.add_days(start, count)
    amount = timedelta(minutes=count) if unit == "m" else timedelta(hours=count)
    return start + amount if natural else STANDARD.add_time(start, amount)


def wait_until(period: str, start: datetime, calendar: str) -> datetime:
    """Return when a Period from an instant is over; weeks and years are natural ones."""
    if period[-1] in "mhd":
        return due_instant(period, start, natural=calendar == "natural")
    return start + _length(period)


def before(instant: datetime, period: str) -> datetime:
    """Return the instant a Period (``30m``, ``4h``, ``1d``, ``2w``, ``1y``) before another."""
    return instant - _length(period)


def after(instant: datetime, period: str | None) -> datetime:
    """Return the instant a Period after another; the same instant for None."""
    return instant if period is None else instant + _length(period)


def _length(period: str) -> timedelta:
    units = {"m": 1, "h": 60, "d": 24 * 60, "w": 7 * 24 * 60, "y": 365 * 24 * 60}
    return timedelta(minutes=int(period[:-1]) * units[period[-1]])
