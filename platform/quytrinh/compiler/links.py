"""Which step leads to which: the arrows of a plan, one per pair of steps and direction."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from quytrinh.compiler.plan import CONFIRM, Plan, PlanAction, PlanRoute, PlanStep

PASSED_OVER = "không áp dụng"


@dataclass(frozen=True, slots=True)
class Exit:
    """One result of a step: its label, the step it leads to, and whether that is going back."""

    label: str
    target: str
    returns: bool = False


@dataclass(frozen=True, slots=True)
class Link:
    """An arrow; several results with the same target share it."""

    source: str
    target: str
    labels: tuple[str, ...]
    returns: bool


def _exit(label: str, route: PlanRoute) -> Exit:
    if route.return_to is not None:
        return Exit(label, route.return_to, returns=True)
    return Exit(label, route.to or "")


def _case_label(step: PlanStep, position: int) -> str:
    case = step.choose[position]
    return "còn lại" if case.when is None else f"trường hợp {position + 1}"


def _starts_plugin(step: PlanStep, action: PlanAction) -> bool:
    """Whether the outcomes of the step's plugin tell where this action leads."""
    return step.is_confirmed and action.id == CONFIRM


def _own_exits(step: PlanStep) -> Iterator[Exit]:
    confirm = next((action for action in step.actions if _starts_plugin(step, action)), None)
    for action in step.actions:
        if action is not confirm:
            yield _exit(action.label, action.route)
    for position, (name, route) in enumerate(step.outcomes.items()):
        yield _exit(confirm.label if confirm and position == 0 else name, route)
    for position, case in enumerate(step.choose):
        yield Exit(_case_label(step, position), case.to)


def exits(step: PlanStep) -> tuple[Exit, ...]:
    """Every result of a step in the order of its definition."""
    found = [way for way in _own_exits(step) if way.target]
    passed_over_to = step.next if step.when is not None else None
    if passed_over_to and all(way.target != passed_over_to for way in found):
        found.append(Exit(PASSED_OVER, passed_over_to))
    return tuple(found)


def links(plan: Plan) -> tuple[Link, ...]:
    """The arrows of a plan; arrows to a step that the plan does not have are left out."""
    known = {step.id for step in plan.steps}
    labels: dict[tuple[str, str, bool], list[str]] = {}
    for step in plan.steps:
        for way in exits(step):
            if way.target in known:
                labels.setdefault((step.id, way.target, way.returns), []).append(way.label)
    return tuple(
        Link(source, target, tuple(dict.fromkeys(texts)), returns)
        for (source, target, returns), texts in labels.items()
    )
