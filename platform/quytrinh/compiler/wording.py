"""A plan in the words of the people who read it: deadlines, articles, and its table of steps."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from quytrinh.compiler.grid import SYSTEM_NAME
from quytrinh.compiler.links import exits
from quytrinh.compiler.plan import CONFIRM, Plan, PlanDue, PlanStep

_MOMENTS = {
    "immediate": "ngay",
    "same_day": "trong ngày",
    "next_working_morning": "sáng ngày làm việc tiếp theo",
    "next_working_day": "ngày làm việc tiếp theo",
}
_UNITS = {"m": "phút", "h": "giờ", "d": "ngày", "w": "tuần", "y": "năm"}
_CALENDARS = {"working": " làm việc", "reception": " theo lịch tiếp nhận", "natural": ""}
_URGENCIES = {"urgent": "khẩn", "very_urgent": "thượng khẩn", "flash": "hỏa tốc"}
_PERIOD = re.compile(r"(\d+)([mhdwy])")
_UNNAMED_CHOICE = "Rẽ nhánh"
_PLACES = ("Điều", "khoản", "điểm")


@dataclass(frozen=True, slots=True)
class ResultRow:
    """One result of a step: its label and the name of the step it leads to."""

    label: str
    target: str
    returns: bool
    condition: str = ""


@dataclass(frozen=True, slots=True)
class StepRow:
    """One line of the table of steps; an end has no number."""

    id: str
    number: int | None
    name: str
    help: str
    who: str
    due: str
    condition: str
    results: tuple[ResultRow, ...]
    citations: tuple[str, ...]


def when_in_words(when: str, calendar: str = "working") -> str:
    """``2d`` as «2 ngày làm việc»."""
    period = _PERIOD.fullmatch(when)
    if period is None:
        return _MOMENTS.get(when, when)
    return f"{period[1]} {_UNITS[period[2]]}{_CALENDARS.get(calendar, '')}"


def due_in_words(due: PlanDue | None) -> str:
    """A deadline with what it is for urgent cases: «1 ngày làm việc; khẩn: 4 giờ»."""
    if due is None:
        return ""
    urgent = (
        f"; {_URGENCIES.get(level, level)}: {when_in_words(when, 'natural')}"
        for level, when in due.by_urgency.items()
    )
    return when_in_words(due.within, due.calendar) + "".join(urgent)


def due_briefly(due: PlanDue | None) -> str:
    """A deadline as a box of the drawing shows it."""
    return f"hạn {when_in_words(due.within, 'natural')}" if due else ""


def citation(reference: str, *, home: str | None = None) -> str:
    """``pack:6.2.a`` as «Điều 6 khoản 2 điểm a»; the pack is named unless it is `home`."""
    pack, _, article = reference.rpartition(":")
    parts = article.split(".", len(_PLACES) - 1)
    words = " ".join(f"{place} {part}" for place, part in zip(_PLACES, parts, strict=False))
    return f"{words} ({pack})" if pack and pack != home else words


def citations(references: Iterable[str], plan: Plan) -> tuple[str, ...]:
    """The articles of `references` in words; the plan's first basis goes without saying."""
    home = plan.basis[0] if plan.basis else None
    return tuple(citation(reference, home=home) for reference in references)


def step_name(step: PlanStep) -> str:
    """The name people read; a choice is often left unnamed."""
    if step.kind == "choose" and step.name == step.id:
        return _UNNAMED_CHOICE
    return step.name


def step_numbers(plan: Plan) -> dict[str, int]:
    """Numbers from 1 of all steps but the ends."""
    counted = [step.id for step in plan.steps if step.kind != "end"]
    return {step_id: position for position, step_id in enumerate(counted, start=1)}


def _who(step: PlanStep, plan: Plan) -> str:
    if step.role is not None:
        return plan.roles[step.role].name
    return SYSTEM_NAME if step.kind == "service" else ""


def _conditions(step: PlanStep) -> tuple[str, ...]:
    """The condition of each result, in the order of `exits`."""
    if step.choose:
        return tuple(case.when or "" for case in step.choose)
    offered = (each for each in step.actions if not (step.is_confirmed and each.id == CONFIRM))
    return tuple(action.when or "" for action in offered)


def _results(step: PlanStep, names: Mapping[str, str]) -> tuple[ResultRow, ...]:
    ways = exits(step)
    conditions = _conditions(step)
    conditions += ("",) * (len(ways) - len(conditions))
    return tuple(
        ResultRow(way.label, names.get(way.target, way.target), way.returns, condition)
        for way, condition in zip(ways, conditions, strict=False)
    )


def describe(plan: Plan) -> tuple[StepRow, ...]:
    """The table of steps, in the order of the text."""
    names = {step.id: step_name(step) for step in plan.steps}
    numbers = step_numbers(plan)
    return tuple(
        StepRow(
            id=step.id,
            number=numbers.get(step.id),
            name=names[step.id],
            help=step.help,
            who=_who(step, plan),
            due=due_in_words(step.due),
            condition=step.when or "",
            results=_results(step, names),
            citations=citations(step.cite, plan),
        )
        for step in plan.steps
    )
