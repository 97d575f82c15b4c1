"""Files of public holidays and of an agency's hours."""

from __future__ import annotations

from datetime import date

import pytest

from quytrinh.language.calendar_files import (
    AgencyCalendars,
    DayEntry,
    HoursEntry,
    NationalYear,
    check_calendar_file,
)

AGENCY = """\
quytrinh: 1
calendars: so-noi-vu
immediate: 30m
hours:
  working: {week: {mon-thu: ["07:00-11:30", "13:30-17:00"], fri: ["07:00-11:30"]}}
  mot-cua: {name: Một cửa, holidays: false, week: {mon-sun: ["00:00-24:00"]}}
days:
  - {date: 2026-10-10, kind: holiday, name: Ngày truyền thống, made_up_on: 2026-10-11}
  - {date: 2026-12-31, kind: morning, name: Tổng kết, announcement: 12/TB-SNV, calendars: [working]}
"""
YEAR = """\
quytrinh: 1
calendar: 2026
days:
  - {date: 2026-01-01, kind: holiday, name: Tết Dương lịch, announcement: 45/2019/QH14}
  - {date: 2026-09-03, kind: holiday, name: Quốc khánh, estimated: true}
"""


def test_the_calendars_of_an_agency_are_read() -> None:
    result = check_calendar_file(AGENCY, "calendars.yaml")
    assert result.diagnostics == ()
    workday = ("07:00-11:30", "13:30-17:00")
    assert result.found == AgencyCalendars(
        slug="so-noi-vu",
        immediate="30m",
        hours=(
            HoursEntry("working", (*(workday,) * 4, ("07:00-11:30",), (), ())),
            HoursEntry("mot-cua", (("00:00-24:00",),) * 7, "Một cửa", holidays=False),
        ),
        days=(
            DayEntry(
                date(2026, 10, 10), "holiday", "Ngày truyền thống", made_up_on=date(2026, 10, 11)
            ),
            DayEntry(
                date(2026, 12, 31), "morning", "Tổng kết", "12/TB-SNV", calendars=("working",)
            ),
        ),
    )


def test_a_year_of_public_holidays_is_read() -> None:
    result = check_calendar_file(YEAR, "2026.yaml")
    assert result.diagnostics == ()
    assert result.found == NationalYear(
        2026,
        (
            DayEntry(date(2026, 1, 1), "holiday", "Tết Dương lịch", "45/2019/QH14"),
            DayEntry(date(2026, 9, 3), "holiday", "Quốc khánh", estimated=True),
        ),
    )


@pytest.mark.parametrize(
    ("was", "becomes", "code", "line"),
    [
        ("2026-09-03", "2026-02-30", "F011", 5),
        ("2026-09-03", "2027-09-03", "F011", 5),
        ("2026-09-03", "2026-01-01", "F004", 5),
        ("estimated: true", "estimated: false", "F011", 5),
        (", estimated: true", "", "F003", 5),
        ("estimated: true", "estimated: true, announcement: 1/TB", "F009", 5),
        ("kind: holiday", "kind: closed", "F011", 4),
        ("calendar: 2026", "calendar: 26", "F011", 2),
    ],
)
def test_a_wrong_year_says_where(was: str, becomes: str, code: str, line: int) -> None:
    result = check_calendar_file(YEAR.replace(was, becomes), "2026.yaml")
    assert not result.ok
    assert (code, line) in [(each.code, each.span.line) for each in result.diagnostics]


@pytest.mark.parametrize(
    ("was", "becomes", "code", "line"),
    [
        ('"07:00-11:30", "13:30-17:00"', '"13:30-17:00", "07:00-11:30"', "F011", 5),
        ('fri: ["07:00-11:30"]', 'fri: ["11:30-07:00"]', "F011", 5),
        ("fri:", "thu:", "F004", 5),
        ("mon-thu", "thu-mon", "F011", 5),
        ("mot-cua: {name", "natural: {name", "F006", 6),
        ("[working]", "[lam-viec]", "F106", 9),
        ("kind: holiday", "kind: work", "F009", 8),
        ("made_up_on: 2026-10-11", "made_up_on: 2026-10-10", "F004", 8),
        ("immediate: 30m", "immediate: 2d", "F501", 3),
        ("hours:", "hour:", "F002", 4),
    ],
)
def test_wrong_calendars_say_where(was: str, becomes: str, code: str, line: int) -> None:
    result = check_calendar_file(AGENCY.replace(was, becomes), "calendars.yaml")
    assert (code, line) in [(each.code, each.span.line) for each in result.diagnostics]
