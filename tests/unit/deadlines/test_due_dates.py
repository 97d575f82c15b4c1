"""Due dates counted by hand, on the public holidays that ship."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from quytrinh.compiler.plan import PlanDue
from quytrinh.deadlines.calendar import ZONE, Session
from quytrinh.deadlines.calendars import (
    CalendarRule,
    DayKind,
    SpecialDay,
    UnknownCalendar,
    build_calendars,
)
from quytrinh.deadlines.clock import moved_due
from quytrinh.deadlines.due import BadPeriod, closing_of, due_at, period_after, period_before
from quytrinh.deadlines.files import shipped_years, special_days

NATIONAL = [day for year in shipped_years() for day in special_days(year.days)]
OFFICE = build_calendars(national=NATIONAL)
WORKING, NATURAL = OFFICE.calendar("working"), OFFICE.calendar("natural")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


# fmt: off
@pytest.mark.parametrize(("since", "within", "calendar", "expected"), [
    # an ordinary Friday, 20 November 2026; Tuesday the 24th is Vietnamese Culture Day
    ("2026-11-20 10:00", "30m", "working", "2026-11-20 10:30"),
    ("2026-11-20 10:00", "4h", "working", "2026-11-20 16:00"),   # 1.5 h before noon, 2.5 h after
    ("2026-11-20 10:00", "6h", "working", "2026-11-23 08:30"),
    ("2026-11-20 10:00", "1d", "working", "2026-11-23 17:00"),
    ("2026-11-20 10:00", "2d", "working", "2026-11-25 17:00"),
    ("2026-11-20 10:00", "same_day", "working", "2026-11-20 17:00"),
    ("2026-11-20 10:00", "next_working_morning", "working", "2026-11-23 11:30"),
    ("2026-11-20 10:00", "next_working_day", "working", "2026-11-23 17:00"),
    ("2026-11-20 10:00", "immediate", "working", "2026-11-20 10:15"),
    # after hours and at noon
    ("2026-11-20 17:00", "same_day", "working", "2026-11-23 17:00"),
    ("2026-11-20 12:15", "1h", "working", "2026-11-20 14:30"),
    ("2026-11-20 11:00", "30m", "working", "2026-11-20 11:30"),
    ("2026-11-20 23:50", "immediate", "working", "2026-11-21 00:05"),
    # Saturday and the eve of a holiday
    ("2026-11-21 09:00", "1h", "working", "2026-11-23 08:30"),
    ("2026-11-21 09:00", "same_day", "working", "2026-11-23 17:00"),
    ("2026-11-21 09:00", "1d", "working", "2026-11-23 17:00"),
    ("2026-11-23 16:30", "next_working_morning", "working", "2026-11-25 11:30"),
    # Tết Bính Ngọ: closed from Saturday 14 to Sunday 22 February 2026
    ("2026-02-13 16:00", "1h", "working", "2026-02-13 17:00"),
    ("2026-02-13 16:00", "2h", "working", "2026-02-23 08:30"),
    ("2026-02-13 16:00", "1d", "working", "2026-02-23 17:00"),
    ("2026-02-12 16:00", "3d", "working", "2026-02-24 17:00"),
    ("2026-02-17 00:05", "same_day", "working", "2026-02-23 17:00"),
    ("2026-02-17 00:05", "next_working_morning", "working", "2026-02-23 11:30"),
    ("2026-02-13 16:00", "8h", "working", "2026-02-23 16:30"),   # 1 h + 4 h + 3 h
    # receiving goes on through Tết and Sundays
    ("2026-02-17 09:00", "same_day", "reception", "2026-02-17 17:00"),
    ("2026-02-17 09:00", "1d", "reception", "2026-02-18 17:00"),
    ("2026-11-21 16:00", "2h", "reception", "2026-11-22 08:30"),
    # Friday 2 January 2026 was off; Saturday the 10th made up for it
    ("2025-12-31 10:00", "1d", "working", "2026-01-05 17:00"),
    ("2026-01-09 16:00", "1d", "working", "2026-01-10 17:00"),
    ("2026-01-09 16:00", "2d", "working", "2026-01-12 17:00"),
    ("2026-01-09 16:00", "2h", "working", "2026-01-10 08:30"),
    # National Day 2026: closed from 29 August to 2 September; Saturday the 22nd was worked
    ("2026-08-21 16:00", "next_working_morning", "working", "2026-08-22 11:30"),
    ("2026-08-28 15:00", "1d", "working", "2026-09-03 17:00"),
    ("2026-08-28 15:00", "4h", "working", "2026-09-03 09:30"),
    # Hùng Kings' day on a Sunday is made up on Monday 27 April
    ("2026-04-24 15:00", "1d", "working", "2026-04-28 17:00"),
    ("2026-04-29 15:00", "1d", "working", "2026-05-04 17:00"),
    # every day and hour
    ("2026-11-21 09:00", "3h", "natural", "2026-11-21 12:00"),
    ("2026-11-21 22:00", "3h", "natural", "2026-11-22 01:00"),
    ("2026-11-21 09:00", "2d", "natural", "2026-11-23 23:59"),
    ("2026-11-21 09:00", "same_day", "natural", "2026-11-21 23:59"),
    # Tết Đinh Mùi, as far as it can be told: 4 to 10 February 2027
    ("2027-02-03 15:00", "1d", "working", "2027-02-11 17:00"),
])
def test_due_dates_counted_by_hand(since: str, within: str, calendar: str, expected: str) -> None:
    due = PlanDue(within=within, calendar=calendar)
    assert due_at(due, urgency="", since=at(since), calendars=OFFICE) == at(expected)
# fmt: on


def test_saturday_mornings_and_an_afternoon_off() -> None:
    week = ((Session.read("07:00-11:30"), Session.read("13:30-17:00")),) * 5
    office = build_calendars(
        national=NATIONAL,
        own=[SpecialDay(date(2026, 11, 20), DayKind.MORNING, "Ngày Nhà giáo")],
        rules=[CalendarRule("working", "", (*week, (Session.read("07:00-11:30"),), ()))],
    )

    def counted(since: str, within: str) -> datetime | None:
        due = PlanDue(within=within)
        return due_at(due, urgency="", since=at(since), calendars=office)

    assert counted("2026-11-19 16:00", "1d") == at("2026-11-20 11:30")
    assert counted("2026-11-20 11:00", "1h") == at("2026-11-21 07:30")
    assert counted("2026-11-20 09:00", "same_day") == at("2026-11-20 11:30")
    assert counted("2026-11-20 13:00", "same_day") == at("2026-11-21 11:30")
    assert counted("2026-11-20 09:00", "2d") == at("2026-11-23 17:00")


def test_a_worked_saturday_has_the_hours_of_the_day_it_makes_up_for() -> None:
    short_friday = ((Session.read("07:30-11:30"),),)
    full = ((Session.read("07:30-11:30"), Session.read("13:30-17:00")),) * 4
    office = build_calendars(
        national=NATIONAL, rules=[CalendarRule("working", "", (*full, *short_friday, (), ()))]
    )
    # Saturday 10 January 2026 stands for a Friday, 22 August for a Monday.
    assert closing_of(date(2026, 1, 10), office.calendar("working")) == at("2026-01-10 11:30")
    assert closing_of(date(2026, 8, 22), office.calendar("working")) == at("2026-08-22 17:00")


def test_an_agency_day_comes_over_the_national_one_and_only_where_it_is_meant() -> None:
    own = [
        SpecialDay(date(2026, 2, 20), DayKind.WORK, "Trực bù"),
        SpecialDay(date(2026, 11, 21), DayKind.WORK, "Một cửa thứ Bảy", calendars=("mot-cua",)),
    ]
    counter = CalendarRule("mot-cua", "Một cửa", OFFICE.calendar("working").week)
    office = build_calendars(national=NATIONAL, own=own, rules=[counter])
    assert office.calendar("working").is_open(date(2026, 2, 20))
    assert office.calendar("mot-cua").is_open(date(2026, 11, 21))
    assert not office.calendar("working").is_open(date(2026, 11, 21))


def test_urgency_shortens_and_a_level_not_named_takes_the_next_lower() -> None:
    due = PlanDue(within="2d", by_urgency={"urgent": "4h", "flash": "immediate"})
    since = at("2026-11-20 10:00")

    def counted(urgency: str) -> datetime | None:
        return due_at(due, urgency=urgency, since=since, calendars=OFFICE)

    assert counted("") == at("2026-11-25 17:00")
    assert counted("urgent") == at("2026-11-20 16:00")
    assert counted("very_urgent") == at("2026-11-20 16:00")
    assert counted("flash") == at("2026-11-20 10:15")


def test_immediate_is_what_the_agency_says_and_runs_at_night() -> None:
    office = build_calendars(immediate=timedelta(hours=1))
    due = PlanDue(within="immediate")
    night = at("2026-11-21 23:30")
    assert due_at(due, urgency="", since=night, calendars=office) == at("2026-11-22 00:30")


def test_a_date_means_closing_time_and_an_instant_stays() -> None:
    due, now = PlanDue(at="case.deadline"), at("2026-11-20 10:00")

    def counted(value: datetime | date | None) -> datetime | None:
        return due_at(due, urgency="", since=now, at=value, calendars=OFFICE)

    assert counted(date(2026, 11, 26)) == at("2026-11-26 17:00")
    assert counted(date(2026, 11, 24)) == at("2026-11-25 17:00")  # a holiday
    # a date field as an expression gives it
    assert counted(datetime(2026, 11, 26, tzinfo=UTC)) == at("2026-11-26 17:00")
    assert counted(at("2026-11-22 03:00")) == at("2026-11-22 03:00")
    assert counted(None) is None


@pytest.mark.parametrize(
    ("period", "expected"),
    [
        ("1h", "2026-11-25 16:00"),
        ("5h", "2026-11-25 10:00"),
        ("8h", "2026-11-23 16:30"),
        ("1d", "2026-11-23 07:30"),
        ("3d", "2026-11-19 07:30"),
        ("1w", "2026-11-18 07:30"),
        ("1y", "2025-11-25 07:30"),
    ],
)
def test_reminders_come_in_open_time(period: str, expected: str) -> None:
    assert period_before(at("2026-11-25 17:00"), period, WORKING) == at(expected)


@pytest.mark.parametrize(
    ("period", "expected"),
    [
        ("2h", "2026-11-26 09:30"),
        ("1d", "2026-11-26 17:00"),
        ("1w", "2026-12-02 17:00"),
        ("12w", "2027-02-17 17:00"),
        ("1y", "2027-11-25 17:00"),
    ],
)
def test_escalation_after_a_period(period: str, expected: str) -> None:
    assert period_after(at("2026-11-25 17:00"), period, WORKING) == at(expected)


def test_a_year_after_29_february_is_28_february() -> None:
    assert period_after(at("2028-02-29 10:00"), "1y", NATURAL) == at("2029-02-28 23:59")


@pytest.mark.parametrize("text", ["", "4", "h", "-1d", "1.5h", "0h", "1x"])
def test_text_that_is_no_period_is_refused(text: str) -> None:
    with pytest.raises(BadPeriod):
        period_after(at("2026-11-20 10:00"), text, WORKING)


def test_a_calendar_that_the_agency_lacks_is_refused() -> None:
    due = PlanDue(within="1d", calendar="mot-cua")
    with pytest.raises(UnknownCalendar):
        due_at(due, urgency="", since=at("2026-11-20 10:00"), calendars=OFFICE)


@pytest.mark.parametrize(
    ("standing", "expected"),
    [
        # stopped Monday 09:00, goes on Tuesday 09:00: a working day later
        ([("2026-11-16 09:00", "2026-11-17 09:00")], "2026-11-19 17:00"),
        # over a weekend nothing is lost
        ([("2026-11-18 17:00", "2026-11-18 23:00")], "2026-11-18 17:00"),
        # two that overlap count once
        (
            [
                ("2026-11-16 09:00", "2026-11-16 11:00"),
                ("2026-11-16 10:00", "2026-11-16 11:30"),
            ],
            "2026-11-19 10:00",
        ),
        # it was late already
        ([("2026-11-19 09:00", "2026-11-20 09:00")], "2026-11-18 17:00"),
    ],
)
def test_a_clock_that_stood_still(standing: list[tuple[str, str]], expected: str) -> None:
    intervals = [(at(since), at(until)) for since, until in standing]
    assert moved_due(at("2026-11-18 17:00"), intervals, WORKING) == at(expected)
