"""Reading rows of time as the values calendars are built from."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import models

from quytrinh.deadlines.calendar import Session
from quytrinh.deadlines.calendars import IMMEDIATE, CalendarRule, DayKind, SpecialDay
from quytrinh.tenancy.querysets import TenantQuerySet


class NationalDayQuerySet(models.QuerySet):
    """Public holidays."""

    def views(self) -> list[SpecialDay]:
        """Return them as values, in order of time."""
        rows = self.order_by("day").values_list(
            "day", "kind", "reason", "announcement", "estimated", "instead_of"
        )
        return [SpecialDay(day, DayKind(kind), *rest) for day, kind, *rest in rows]


class AgencyDayQuerySet(TenantQuerySet):
    """Days of the agency's own."""

    def views(self) -> list[SpecialDay]:
        """Return them as values, in order of time."""
        rows = self.order_by("day", "id").values_list(
            "day", "kind", "reason", "announcement", "instead_of", "calendars"
        )
        return [
            SpecialDay(
                day,
                DayKind(kind),
                reason,
                announcement,
                instead_of=instead_of,
                calendars=tuple(calendars),
            )
            for day, kind, reason, announcement, instead_of, calendars in rows
        ]


class OfficeHoursQuerySet(TenantQuerySet):
    """The agency's hours."""

    def views(self) -> tuple[tuple[CalendarRule, ...], timedelta]:
        """Return its calendars and what `immediate` means, as the platform has it without a row."""
        row = self.values_list("calendars", "immediate").first()
        if row is None:
            return (), IMMEDIATE
        return tuple(map(rule_from_json, row[0])), timedelta(minutes=row[1])


def rule_from_json(stored: dict[str, Any]) -> CalendarRule:
    """Return a calendar as the row of the agency's hours has it."""
    week = tuple(tuple(map(Session.read, sessions)) for sessions in stored["week"])
    return CalendarRule(stored["key"], stored["name"], week, stored["holidays"])


def rule_to_json(rule: CalendarRule) -> dict[str, Any]:
    """Return a calendar as the row of the agency's hours keeps it."""
    week = [list(map(str, sessions)) for sessions in rule.week]
    return {"key": rule.key, "name": rule.name, "holidays": rule.holidays, "week": week}
