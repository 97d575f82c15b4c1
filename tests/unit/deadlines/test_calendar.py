"""Due instants: counted in open time, falling on open days."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quytrinh.deadlines.calendar import STANDARD, ZONE, BadPeriod, due_instant

FRIDAY_MORNING = datetime(2026, 11, 20, 10, 0, tzinfo=ZONE)
INSTANTS = st.datetimes(
    min_value=datetime(2020, 1, 1),
    max_value=datetime(2030, 1, 1),
    timezones=st.just(ZONE),
)


@pytest.mark.parametrize(
    ("within", "expected"),
    [
        ("1h", datetime(2026, 11, 20, 11, 0, tzinfo=ZONE)),
        # 1.5 h are left of the morning, 2.5 h go into the afternoon
        ("4h", datetime(2026, 11, 20, 16, 0, tzinfo=ZONE)),
        ("6h", datetime(2026, 11, 23, 8, 30, tzinfo=ZONE)),
        ("30m", datetime(2026, 11, 20, 10, 30, tzinfo=ZONE)),
        # days: not counting the day of the start, falling at closing time
        ("1d", datetime(2026, 11, 23, 17, 0, tzinfo=ZONE)),
        ("2d", datetime(2026, 11, 24, 17, 0, tzinfo=ZONE)),
        ("immediate", datetime(2026, 11, 20, 10, 15, tzinfo=ZONE)),
    ],
)
def test_deadline_counts_open_time_of_the_working_calendar(within: str, expected: datetime) -> None:
    assert due_instant(within, FRIDAY_MORNING) == expected


def test_work_that_begins_on_a_closed_day_counts_from_the_next_opening() -> None:
    saturday = datetime(2026, 11, 21, 9, 0, tzinfo=ZONE)
    assert due_instant("1h", saturday) == datetime(2026, 11, 23, 8, 30, tzinfo=ZONE)


def test_natural_calendar_counts_every_hour_and_day() -> None:
    saturday = datetime(2026, 11, 21, 9, 0, tzinfo=ZONE)
    assert due_instant("3h", saturday, natural=True) == saturday + timedelta(hours=3)
    assert due_instant("2d", saturday, natural=True) == saturday + timedelta(days=2)


@pytest.mark.parametrize("text", ["", "4", "h", "-1d", "1w", "1.5h", "0h"])
def test_text_that_is_no_period_is_refused(text: str) -> None:
    with pytest.raises(BadPeriod):
        due_instant(text, FRIDAY_MORNING)


@given(start=INSTANTS, hours=st.integers(1, 60), more=st.integers(1, 60))
def test_more_time_never_falls_due_earlier(start: datetime, hours: int, more: int) -> None:
    assert due_instant(f"{hours}h", start) < due_instant(f"{hours + more}h", start)


@given(start=INSTANTS, period=st.sampled_from(["10m", "1h", "4h", "9h", "1d", "3d", "10d"]))
def test_nothing_falls_due_on_a_closed_day_or_before_it_began(start: datetime, period: str) -> None:
    due = due_instant(period, start)
    assert due > start
    assert STANDARD.is_open(due.astimezone(ZONE).date())
