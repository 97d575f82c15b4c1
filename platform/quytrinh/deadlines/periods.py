"""Periods of reports and registers: which whole one lies before a day."""

from __future__ import annotations

from datetime import date, timedelta

# How many months each has.
PERIODS = {"month": 1, "quarter": 3, "half_year": 6, "year": 12}


def period_before(period: str, day: date) -> tuple[date, date]:
    """Return the first and the last day of the whole period before the one `day` is in."""
    months = PERIODS[period]
    first_of_this = date(day.year, (day.month - 1) // months * months + 1, 1)
    last = first_of_this - timedelta(days=1)
    return date(last.year, (last.month - 1) // months * months + 1, 1), last
