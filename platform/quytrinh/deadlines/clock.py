"""Clocks that stand still: a suspended task, a case that waits for another (flows/README.md)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from quytrinh.deadlines.calendar import Calendar

Interval = tuple[datetime, datetime]


def moved_due(due: datetime, standing: Iterable[Interval], calendar: Calendar) -> datetime:
    """Return the due instant after a clock stood still.

    The open time that was left when it stopped is left when it goes on. Intervals that overlap
    count once. What was already late stays late.
    """
    for since, until in united(standing):
        due = _moved(due, since, until, calendar)
    return due


def united(intervals: Iterable[Interval]) -> Iterator[Interval]:
    """Yield the intervals in order of time, those that touch or overlap as one."""
    current: Interval | None = None
    for since, until in sorted(intervals):
        if current is not None and since <= current[1]:
            current = (current[0], max(current[1], until))
            continue
        if current is not None:
            yield current
        current = (since, until)
    if current is not None:
        yield current


def _moved(due: datetime, since: datetime, until: datetime, calendar: Calendar) -> datetime:
    if due <= since or until <= since:
        return due
    left = calendar.open_time(since, due)
    # Nothing left but closed time: it was due before the next opening, and stays so.
    return max(due, calendar.add_time(until, left)) if left else max(due, until)
