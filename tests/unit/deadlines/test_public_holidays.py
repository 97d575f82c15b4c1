"""The public holidays that ship are those announced."""

from __future__ import annotations

from datetime import date, timedelta

from quytrinh.deadlines.calendars import build_calendars
from quytrinh.deadlines.files import shipped_years, special_days


def test_2026_is_as_announced() -> None:
    """Thông báo 9441/TB-BNV, Công văn 12729/VPCP-KGVX, Bộ luật Lao động Điều 112."""
    working = build_calendars(
        national=[day for year in shipped_years() for day in special_days(year.days)]
    ).calendar("working")
    year = [date(2026, 1, 1) + timedelta(days=n) for n in range(365)]
    closed_weekdays = [day for day in year if day.weekday() < 5 and not working.is_open(day)]
    worked_weekends = [day for day in year if day.weekday() >= 5 and working.is_open(day)]
    assert [f"{day:%d/%m}" for day in closed_weekdays] == [
        *("01/01", "02/01", "16/02", "17/02", "18/02", "19/02", "20/02", "27/04", "30/04", "01/05"),
        *("31/08", "01/09", "02/09", "24/11"),
    ]
    assert [f"{day:%d/%m}" for day in worked_weekends] == ["10/01", "22/08"]


def test_every_day_names_its_announcement_or_says_that_it_is_estimated() -> None:
    days = [day for year in shipped_years() for day in special_days(year.days)]
    assert {day.day.year for day in days} == {2026, 2027}
    assert all(bool(day.announcement) != day.estimated for day in days)
    assert not any(day.estimated for day in days if day.day.year == 2026)
