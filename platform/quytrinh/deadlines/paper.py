"""The clock of a case lived on paper: deadlines by calendars, without the data of a case."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from quytrinh.compiler.plan import PlanDue
from quytrinh.deadlines.calendars import Calendars
from quytrinh.deadlines.due import due_at, period_after


@dataclass(frozen=True, slots=True)
class PaperClock:
    """`from` and `at` name data of the case: the former counts from now, the latter is unknown."""

    calendars: Calendars
    urgency: str = ""

    def due(self, due: PlanDue, since: datetime) -> datetime | None:
        """Return when something is late, None if only data would tell."""
        return due_at(due, urgency=self.urgency, since=since, calendars=self.calendars)

    def after(self, period: str, since: datetime, calendar: str = "working") -> datetime:
        """Return the instant a period later."""
        return period_after(since, period, self.calendars.calendar(calendar))
