"""When procedures that begin by date begin."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quytrinh.compiler.plan import PlanSchedule
from quytrinh.deadlines.calendar import ZONE, Calendar
from quytrinh.deadlines.schedules import latest_run, next_run

CALENDAR = Calendar(days={date(2027, 1, 1): ()})  # a Friday


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


@pytest.mark.parametrize(
    ("schedule", "now", "last"),
    [
        (PlanSchedule("week", "mon", at="08:00"), "2026-11-30T08:00", "2026-11-30T08:00"),
        (PlanSchedule("week", "mon", at="08:00"), "2026-11-30T07:59", "2026-11-23T08:00"),
        (PlanSchedule("day", at="16:00"), "2026-11-29T20:00", "2026-11-27T16:00"),
        (PlanSchedule("month", "31"), "2026-12-01T00:00", "2026-11-30T07:30"),
        (PlanSchedule("year", "first_working", at="08:00"), "2027-01-05T00:00", "2027-01-04T08:00"),
        (PlanSchedule("quarter", "last_working"), "2027-01-01T00:00", "2026-12-31T07:30"),
        # Five open days before 4 January 2027, the first of the quarter.
        (
            PlanSchedule("quarter", "first_working", "5d", "07:30"),
            "2026-12-30T09:00",
            "2026-12-25T07:30",
        ),
        (PlanSchedule("half_year", "15"), "2026-11-27T00:00", "2026-07-15T07:30"),
    ],
)
def test_last_run_of_a_schedule(schedule: PlanSchedule, now: str, last: str) -> None:
    run = latest_run(schedule, CALENDAR, at(now))
    assert run is not None
    assert run.at == at(last)


@given(
    every=st.sampled_from(["day", "week", "month", "quarter", "half_year", "year"]),
    day=st.sampled_from([None, "tue", "1", "31", "first_working", "last_working"]),
    before=st.sampled_from([None, "2h", "3d"]),
    now=st.datetimes(datetime(2026, 1, 1), datetime(2030, 1, 1)),
    step=st.timedeltas(timedelta(), timedelta(days=400)),
)
def test_runs_go_forward_with_the_clock_and_leave_no_gap(
    every: str, day: str | None, before: str | None, now: datetime, step: timedelta
) -> None:
    schedule, instant = PlanSchedule(every, day, before), now.replace(tzinfo=ZONE)
    last, coming = latest_run(schedule, CALENDAR, instant), next_run(schedule, CALENDAR, instant)
    assert last is not None
    assert coming is not None
    assert last.at <= instant < coming.at
    assert last.period < coming.period
    assert latest_run(schedule, CALENDAR, coming.at) == coming
    later = latest_run(schedule, CALENDAR, instant + step)
    assert later is not None
    assert later.at >= last.at
