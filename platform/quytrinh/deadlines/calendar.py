"""One calendar: which days are open and when, and counting on it (flows/README.md, deadlines).

Hours and minutes count open time; days count open days, not the day of the start, and fall at
closing time. Times are those of Asia/Ho_Chi_Minh, which has no summer time.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from types import MappingProxyType
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
DAY_MINUTES = 24 * 60
# A calendar is searched no further for its next open day: whatever is missing by then never comes.
HORIZON = timedelta(days=3 * 366)

Sessions = tuple["Session", ...]


class NeverOpen(ValueError):
    """The calendar has no open day within the horizon."""


def _minutes(clock: str) -> int:
    hour, minute = clock.split(":")
    return int(hour) * 60 + int(minute)


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


@dataclass(frozen=True, slots=True)
class Session:
    """An open part of a day, in minutes since midnight; 1440 is its end."""

    opens: int
    closes: int

    @classmethod
    def read(cls, text: str) -> Session:
        """Return the session written ``07:30-11:30``."""
        opens, closes = text.split("-")
        return cls(_minutes(opens), _minutes(closes))

    def __str__(self) -> str:
        return f"{_clock(self.opens)}-{_clock(self.closes)}"


MORNING = Session.read("07:30-11:30")
AFTERNOON = Session.read("13:30-17:00")
WORKDAY: Sessions = (MORNING, AFTERNOON)
NIGHT_AND_DAY: Sessions = (Session(0, DAY_MINUTES // 2), Session(DAY_MINUTES // 2, DAY_MINUTES))
WORKING_WEEK: tuple[Sessions, ...] = (WORKDAY,) * 5 + ((), ())


@dataclass(frozen=True, slots=True)
class Calendar:
    """Sessions of each weekday, Monday first, and of the days that are otherwise."""

    week: tuple[Sessions, ...] = WORKING_WEEK
    days: Mapping[date, Sessions] = field(default_factory=lambda: MappingProxyType({}))

    def sessions(self, day: date) -> Sessions:
        """Return the sessions of a day; none if it is closed."""
        return self.days.get(day, self.week[day.weekday()])

    def is_open(self, day: date) -> bool:
        """Tell whether there is any work on this day."""
        return bool(self.sessions(day))

    def opening(self, day: date) -> datetime:
        """Return the instant an open day opens."""
        return at_minute(day, self.sessions(day)[0].opens)

    def closing(self, day: date) -> datetime:
        """Return the instant an open day closes; at midnight, its last minute.

        A deadline at 00:00 would be read as one of the next day.
        """
        return at_minute(day, min(self.sessions(day)[-1].closes, DAY_MINUTES - 1))

    def end_of_morning(self, day: date) -> datetime:
        """Return the instant the first session of an open day closes."""
        return at_minute(day, self.sessions(day)[0].closes)

    def open_days(self, first: date, *, step: int = 1) -> Iterator[date]:
        """Yield the open days from this one on, or back from it; raise NeverOpen when none is left.

        The horizon counts anew after each open day.
        """
        day, last_open = first, first
        while abs(day - last_open) <= HORIZON:
            if self.is_open(day):
                last_open = day
                yield day
            day += timedelta(days=step)
        raise NeverOpen(first)

    def closing_after(self, instant: datetime) -> datetime:
        """Return the first closing time after an instant: today's, or the next open day's."""
        days = self.open_days(local_day(instant))
        return next(closing for closing in map(self.closing, days) if closing > instant)

    def add_days(self, start: datetime, count: int) -> datetime:
        """Return closing time of the count-th open day after the day of `start`."""
        days = self.open_days(local_day(start) + timedelta(days=1))
        return self.closing([next(days) for _ in range(count)][-1])

    def add_time(self, start: datetime, amount: timedelta) -> datetime:
        """Return the instant at which `amount` of open time has passed since `start`."""
        left = amount
        for opens, closes in self._spans(start):
            if left <= closes - opens:
                return opens + left
            left -= closes - opens
        raise NeverOpen(start)

    def open_time(self, start: datetime, end: datetime) -> timedelta:
        """Return how much open time lies between two instants."""
        total = timedelta()
        for opens, closes in self._spans(start):
            if opens >= end:
                break
            total += min(closes, end) - opens
        return total

    def _spans(self, start: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Yield the open spans after an instant, the one it falls into cut off there."""
        for day in self.open_days(local_day(start)):
            for session in self.sessions(day):
                opens = max(start.astimezone(ZONE), at_minute(day, session.opens))
                closes = at_minute(day, session.closes)
                if opens < closes:
                    yield opens, closes


def at_minute(day: date, minute: int) -> datetime:
    """Return an instant of a day, so many minutes after midnight."""
    return datetime.combine(day, time.min, ZONE) + timedelta(minutes=minute)


def local_day(instant: datetime) -> date:
    """Return the day an instant falls on in Việt Nam."""
    return instant.astimezone(ZONE).date()
