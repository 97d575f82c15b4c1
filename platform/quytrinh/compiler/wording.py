"""A plan in the words of the people who read it: deadlines, articles, and its table of steps."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from quytrinh.compiler.grid import SYSTEM_NAME
from quytrinh.compiler.links import exits
from quytrinh.compiler.plan import CONFIRM, Plan, PlanDue, PlanStep
from quytrinh.language.condition_names import Names, StepName
from quytrinh.language.condition_words import condition_in_words
from quytrinh.spi import Registry

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
    if due.within is None:
        return "theo hạn ghi trong hồ sơ"
    return when_in_words(due.within, due.calendar) + "".join(urgent)


def due_briefly(due: PlanDue | None) -> str:
    """A deadline as a box of the drawing shows it."""
    if due is None:
        return ""
    return f"hạn {when_in_words(due.within, 'natural')}" if due.within else "hạn theo hồ sơ"


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


def names_of(plan: Plan, forms: Mapping[str, Mapping[str, Any]]) -> Names:
    """What conditions of a plan call its fields and steps; `forms` are canonical, by their ids."""
    asked = dict.fromkeys(form for form in _forms_in_order(plan) if form in forms)
    steps = {
        step.id: StepName(
            f"“{step_name(step)}”", {action.id: action.label for action in step.actions}
        )
        for step in plan.steps
    }
    return Names.of([forms[form] for form in asked], steps)


def _forms_in_order(plan: Plan) -> Iterable[str]:
    """The forms of a plan as a case comes to them; some come twice."""
    yield plan.start_form or ""
    for step in plan.steps:
        yield step.form or ""
        yield from (action.form or "" for action in step.actions)


def _conditions(step: PlanStep, names: Names) -> tuple[str, ...]:
    """The condition of each result in words, in the order of `exits`."""
    if step.choose:
        whens = [case.when for case in step.choose]
    else:
        offered = (each for each in step.actions if not (step.is_confirmed and each.id == CONFIRM))
        whens = [action.when for action in offered]
    return tuple(condition_in_words(when, names) if when else "" for when in whens)


def _outcome_titles(step: PlanStep, registry: Registry) -> dict[str, str]:
    if step.run is None or step.run not in registry:
        return {}
    return {outcome.id: outcome.title for outcome in registry.get(step.run).outcomes}


def _results(
    step: PlanStep, steps: Mapping[str, str], names: Names, registry: Registry
) -> tuple[ResultRow, ...]:
    ways = exits(step)
    titles = _outcome_titles(step, registry)
    conditions = _conditions(step, names)
    conditions += ("",) * (len(ways) - len(conditions))
    rows = []
    for way, condition in zip(ways, conditions, strict=False):
        # The condition of a choice says all that a label could.
        label = "" if step.choose and condition else titles.get(way.label, way.label)
        rows.append(ResultRow(label, steps.get(way.target, way.target), way.returns, condition))
    return tuple(rows)


def describe(
    plan: Plan,
    *,
    forms: Mapping[str, Mapping[str, Any]] | None = None,
    registry: Registry | None = None,
) -> tuple[StepRow, ...]:
    """The table of steps, in the order of the text.

    Canonical forms by their ids name the fields in conditions, plugins their outcomes; what
    neither names stands as it is written.
    """
    names = names_of(plan, forms or {})
    titles = {step.id: step_name(step) for step in plan.steps}
    numbers = step_numbers(plan)
    return tuple(
        StepRow(
            id=step.id,
            number=numbers.get(step.id),
            name=titles[step.id],
            help=step.help,
            who=_who(step, plan),
            due=due_in_words(step.due),
            condition=condition_in_words(step.when, names) if step.when else "",
            results=_results(step, titles, names, registry or Registry()),
            citations=citations(step.cite, plan),
        )
        for step in plan.steps
    )
