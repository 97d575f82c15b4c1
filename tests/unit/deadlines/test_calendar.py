"""Counting on a calendar: what holds for every calendar, start and length."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from quytrinh.compiler.plan import PlanDue
from quytrinh.deadlines.calendar import ZONE, Session, local_day
from quytrinh.deadlines.calendars import (
    CalendarRule,
    Calendars,
    DayKind,
    SpecialDay,
    build_calendars,
)
from quytrinh.deadlines.clock import moved_due
from quytrinh.deadlines.due import due_at, period_after, period_before

DAYS = st.dates(min_value=date(2026, 1, 1), max_value=date(2027, 12, 31))
INSTANTS = st.datetimes(
    min_value=datetime(2026, 1, 1), max_value=datetime(2027, 12, 31), timezones=st.just(ZONE)
)
AMOUNTS = st.integers(1, 6000).map(lambda minutes: timedelta(minutes=minutes))
WORDS = st.sampled_from(["same_day", "next_working_morning", "next_working_day"])
PERIODS = st.builds("{}{}".format, st.integers(1, 60), st.sampled_from("mhd"))


@st.composite
def weeks(draw: st.DrawFn) -> tuple[tuple[Session, ...], ...]:
    """Weeks with at least one open day, of one to three sessions a day."""

    def sessions() -> tuple[Session, ...]:
        edges = draw(st.lists(st.integers(0, 1440), min_size=2, max_size=6, unique=True))
        ordered = sorted(edges)
        return tuple(map(Session, ordered[::2], ordered[1::2]))

    week = [sessions() if draw(st.booleans()) else () for _ in range(7)]
    week[draw(st.integers(0, 6))] = sessions()
    return tuple(week)


@st.composite
def calendars(draw: st.DrawFn) -> Calendars:
    """An agency's calendars: any week, any special days."""
    day = st.builds(SpecialDay, DAYS, st.sampled_from(DayKind), st.just("dịp nào đó"))
    return build_calendars(
        national=draw(st.lists(day, max_size=30)),
        own=draw(st.lists(day, max_size=5)),
        rules=[CalendarRule("working", "", draw(weeks()))],
        immediate=timedelta(minutes=draw(st.integers(1, 90))),
    )


@given(calendars(), INSTANTS, INSTANTS, WORDS | PERIODS)
def test_what_begins_later_never_falls_due_earlier(
    known: Calendars, one: datetime, other: datetime, within: str
) -> None:
    early, late = sorted([one, other])
    due = PlanDue(within=within)
    first = due_at(due, urgency="", since=early, calendars=known)
    second = due_at(due, urgency="", since=late, calendars=known)
    assert first is not None
    assert second is not None
    assert first <= second


@given(calendars(), INSTANTS, AMOUNTS, AMOUNTS)
def test_open_time_adds_up(
    known: Calendars, start: datetime, one: timedelta, more: timedelta
) -> None:
    calendar = known.calendar("working")
    halfway = calendar.add_time(start, one)
    assert calendar.add_time(halfway, more) == calendar.add_time(start, one + more)
    assert calendar.open_time(start, calendar.add_time(start, one)) == one


@given(calendars(), INSTANTS, WORDS | PERIODS)
def test_nothing_falls_due_on_a_closed_day_outside_open_hours_or_in_the_past(
    known: Calendars, start: datetime, within: str
) -> None:
    due = due_at(PlanDue(within=within), urgency="", since=start, calendars=known)
    assert due is not None
    assert due > start
    sessions = known.calendar("working").sessions(local_day(due))
    minute = due.astimezone(ZONE).hour * 60 + due.astimezone(ZONE).minute
    midnight = not minute and not due.second
    last_night = known.calendar("working").sessions(local_day(due) - timedelta(days=1))
    assert any(each.opens <= minute <= each.closes for each in sessions) or (
        midnight and last_night[-1].closes == 1440
    )


@given(calendars(), INSTANTS, st.integers(1, 60))
def test_days_fall_at_closing_time_and_take_at_least_as_many_days(
    known: Calendars, start: datetime, count: int
) -> None:
    calendar = known.calendar("working")
    due = period_after(start, f"{count}d", calendar)
    assert due == calendar.closing(local_day(due))
    assert local_day(due) >= local_day(start) + timedelta(days=count)
    between = (local_day(start) + timedelta(days=n) for n in range(1, 4000))
    opened = [day for day in between if day <= local_day(due) and calendar.is_open(day)]
    assert len(opened) == count


@given(calendars(), INSTANTS, PERIODS)
def test_a_reminder_comes_before_what_it_reminds_of(
    known: Calendars, start: datetime, period: str
) -> None:
    calendar = known.calendar("working")
    due = calendar.closing_after(start)
    reminder = period_before(due, period, calendar)
    assert reminder < due
    assert calendar.is_open(local_day(reminder))


@given(calendars(), INSTANTS, st.integers(1, 3000))
def test_a_reminder_in_hours_leaves_just_that_open_time(
    known: Calendars, start: datetime, minutes: int
) -> None:
    calendar = known.calendar("working")
    due = calendar.add_time(start, timedelta(minutes=1))
    reminder = period_before(due, f"{minutes}m", calendar)
    assert calendar.open_time(reminder, due) == timedelta(minutes=minutes)


@given(calendars(), INSTANTS, AMOUNTS, INSTANTS, st.lists(AMOUNTS, max_size=4))
def test_a_suspended_clock_keeps_what_was_left(
    known: Calendars, start: datetime, given: timedelta, since: datetime, lengths: list[timedelta]
) -> None:
    calendar = known.calendar("working")
    due = calendar.add_time(start, given)
    standing = [(since, since + length) for length in lengths]
    moved = moved_due(due, standing, calendar)
    assert moved >= due
    if due <= since or not standing:
        assert moved == due
    else:
        until = since + max(lengths)
        assert moved == due or calendar.open_time(until, moved) == calendar.open_time(since, due)
