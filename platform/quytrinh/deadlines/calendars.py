"""The calendars of one agency: what its deadlines are counted on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType

from quytrinh.deadlines.calendar import NIGHT_AND_DAY, WORKDAY, Calendar, Sessions

WORKING = "working"
# Receiving goes on through weekends and holidays (Quảng Bình 2024, Điều 9.2.b).
RECEPTION = "reception"
NATURAL = "natural"
IMMEDIATE = timedelta(minutes=15)


class UnknownCalendar(ValueError):
    """The agency has no calendar of this name."""


class DayKind(StrEnum):
    """How a day differs from the others of its weekday."""

    OFF = "holiday"
    MORNING = "morning"
    WORK = "work"


@dataclass(frozen=True, slots=True)
class SpecialDay:
    """A day that is otherwise than its weekday.

    `instead_of`: the day off that a worked one makes up for, whose hours it has. `calendars` = the
    agency's calendars it is meant for; none = all that keep holidays.
    """

    day: date
    kind: DayKind
    reason: str
    announcement: str = ""
    estimated: bool = False
    instead_of: date | None = None
    calendars: tuple[str, ...] = ()

    def sessions(self, week: tuple[Sessions, ...]) -> Sessions:
        """Return the sessions of this day in a week of that kind."""
        usual = week[(self.instead_of or self.day).weekday()]
        match self.kind:
            case DayKind.OFF:
                return ()
            case DayKind.MORNING:
                return usual[:1]
            case DayKind.WORK:
                return usual or next((sessions for sessions in week if sessions), ())


@dataclass(frozen=True, slots=True)
class CalendarRule:
    """An agency's calendar as declared: its week, and whether it keeps public holidays."""

    key: str
    name: str
    week: tuple[Sessions, ...]
    holidays: bool = True


DEFAULT_RULES = (
    CalendarRule(WORKING, "Lịch làm việc", (WORKDAY,) * 5 + ((), ())),
    CalendarRule(RECEPTION, "Lịch tiếp nhận", (WORKDAY,) * 7, holidays=False),
)
_NATURAL = Calendar((NIGHT_AND_DAY,) * 7)


@dataclass(frozen=True, slots=True)
class Calendars:
    """Every calendar of an agency by its name, and what `immediate` means there."""

    by_key: Mapping[str, Calendar]
    immediate: timedelta = IMMEDIATE
    # The days that shaped them, by date, for pages and for the reasons of a change.
    special: Mapping[date, tuple[SpecialDay, ...]] = field(
        default_factory=lambda: MappingProxyType({})
    )
    names: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    def calendar(self, key: str) -> Calendar:
        """Return a calendar by its name; raise UnknownCalendar."""
        try:
            return self.by_key[key]
        except KeyError:
            raise UnknownCalendar(key) from None


def build_calendars(
    *,
    national: Iterable[SpecialDay] = (),
    own: Iterable[SpecialDay] = (),
    rules: Iterable[CalendarRule] = (),
    immediate: timedelta = IMMEDIATE,
) -> Calendars:
    """Put an agency's calendars together: its own days come over the national ones.

    `natural` is every day and hour, whatever anyone declares.
    """
    declared = {rule.key: rule for rule in (*DEFAULT_RULES, *rules)}
    national, own = tuple(national), tuple(own)
    by_key = {key: _calendar(rule, national, own) for key, rule in declared.items()}
    special: dict[date, tuple[SpecialDay, ...]] = {}
    for each in (*national, *own):
        special[each.day] = (*special.get(each.day, ()), each)
    return Calendars(
        by_key=MappingProxyType({**by_key, NATURAL: _NATURAL}),
        immediate=immediate,
        special=MappingProxyType(special),
        names=MappingProxyType({key: rule.name for key, rule in declared.items()}),
    )


def _calendar(
    rule: CalendarRule, national: Iterable[SpecialDay], own: Iterable[SpecialDay]
) -> Calendar:
    kept = [day for day in national if rule.holidays]
    kept += [
        day for day in own if rule.key in day.calendars or (rule.holidays and not day.calendars)
    ]
    days = {day.day: day.sessions(rule.week) for day in kept}
    return Calendar(rule.week, MappingProxyType(days))


STANDARD = build_calendars()
