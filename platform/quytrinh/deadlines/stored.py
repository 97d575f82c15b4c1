"""What calendars are made of, as JSON: a job may need them as they were before a change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from quytrinh.deadlines.calendars import (
    CalendarRule,
    Calendars,
    DayKind,
    SpecialDay,
    build_calendars,
)
from quytrinh.deadlines.models import AgencyDay, NationalDay, OfficeHours
from quytrinh.deadlines.querysets import rule_from_json, rule_to_json


@dataclass(frozen=True, slots=True)
class Ingredients:
    """Public holidays, an agency's own days, its calendars, and what `immediate` is there."""

    national: tuple[SpecialDay, ...]
    own: tuple[SpecialDay, ...]
    rules: tuple[CalendarRule, ...]
    immediate: timedelta

    @classmethod
    def read(cls) -> Ingredients:
        """Read those of the agency at work."""
        rules, immediate = OfficeHours.objects.views()
        national, own = NationalDay.objects.views(), AgencyDay.objects.views()
        return cls(tuple(national), tuple(own), rules, immediate)

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Ingredients:
        """Return what `to_json` gave."""
        return cls(
            national=tuple(map(_day, stored["national"])),
            own=tuple(map(_day, stored["own"])),
            rules=tuple(map(rule_from_json, stored["rules"])),
            immediate=timedelta(minutes=stored["immediate"]),
        )

    def to_json(self) -> dict[str, Any]:
        """Return plain data."""
        return {
            "national": [_day_to_json(day) for day in self.national],
            "own": [_day_to_json(day) for day in self.own],
            "rules": [rule_to_json(rule) for rule in self.rules],
            "immediate": int(self.immediate.total_seconds()) // 60,
        }

    def calendars(self) -> Calendars:
        """Put the calendars together."""
        return build_calendars(
            national=self.national, own=self.own, rules=self.rules, immediate=self.immediate
        )


def _day(stored: Mapping[str, Any]) -> SpecialDay:
    instead_of = stored["instead_of"]
    return SpecialDay(
        day=date.fromisoformat(stored["day"]),
        kind=DayKind(stored["kind"]),
        reason="",
        instead_of=date.fromisoformat(instead_of) if instead_of else None,
        calendars=tuple(stored["calendars"]),
    )


def _day_to_json(day: SpecialDay) -> dict[str, Any]:
    return {
        "day": day.day.isoformat(),
        "kind": day.kind.value,
        "instead_of": day.instead_of.isoformat() if day.instead_of else None,
        "calendars": list(day.calendars),
    }
