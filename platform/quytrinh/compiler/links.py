"""Which place of a drawing leads to which: arrows between steps, starts and the ends of blocks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from quytrinh.compiler.naming import Phrases
from quytrinh.compiler.plan import (
    CONFIRM,
    JOIN,
    Plan,
    PlanAction,
    PlanBranch,
    PlanRoute,
    PlanStep,
    walk,
)

PASSED_OVER = "không áp dụng"
LATE = "quá hạn"
OTHERWISE = "còn lại"
DONE = "xong"


@dataclass(frozen=True, slots=True)
class Exit:
    """One result of a step: its label, its route, and the condition under which it is there."""

    label: str
    route: PlanRoute
    when: str | None = None
    kind: Literal["action", "outcome", "case", "late", "onward", "passed"] = "action"
    action: PlanAction | None = None
    # the id of the outcome it is, empty for other kinds
    outcome: str = ""

    @property
    def target(self) -> str:
        """The id of the step it leads to, or JOIN."""
        return self.route.return_to or self.route.to or ""

    @property
    def returns(self) -> bool:
        """Whether it is going back for correction."""
        return self.route.return_to is not None


@dataclass(frozen=True, slots=True)
class Link:
    """An arrow; several results with the same target share it. `late`: lateness alone takes it."""

    source: str
    target: str
    labels: tuple[str, ...]
    returns: bool = False
    late: bool = False


def join_of(step: str) -> str:
    """The place in a drawing where the branches of a block meet; no step can have such an id."""
    return f"{step}.join"


def start_place(position: int) -> str:
    """The place in a drawing of the start of that position; no step can have such an id."""
    return f"start.{position}"


def _starts_plugin(step: PlanStep, action: PlanAction) -> bool:
    """Whether the outcomes of the step's plugin tell where this action leads."""
    return step.is_confirmed and action.id == CONFIRM


def _own_exits(step: PlanStep, phrases: Phrases) -> Iterator[Exit]:
    confirm = next((action for action in step.actions if _starts_plugin(step, action)), None)
    for action in step.actions:
        if action is not confirm:
            yield Exit(action.label, action.route, action.when, action=action)
    for position, (name, route) in enumerate(step.outcomes.items()):
        if confirm is not None and position == 0:
            yield Exit(confirm.label, route, action=confirm, outcome=name)
        else:
            yield Exit(phrases.outcome(step, name), route, kind="outcome", outcome=name)
    for case in step.choose:
        label = "" if case.when else OTHERWISE
        yield Exit(label, PlanRoute(to=case.to), case.when, kind="case")
    if (step.is_composite or step.kind == "call") and step.onward:
        # A sub-case ends in one of the ends of its own flow: those not named lead onwards.
        yield Exit("" if step.is_composite else DONE, PlanRoute(to=step.onward), kind="onward")


def exits(step: PlanStep, phrases: Phrases) -> tuple[Exit, ...]:
    """Every result of a step in the order of its definition, lateness and passing over last."""
    found = [way for way in _own_exits(step, phrases) if way.target]
    if step.on_late and step.on_late.route:
        found.append(Exit(LATE, step.on_late.route, kind="late"))
    passed_over_to = step.next if step.when is not None else None
    if passed_over_to and (step.is_composite or all(way.target != passed_over_to for way in found)):
        found.append(Exit(PASSED_OVER, PlanRoute(to=passed_over_to), kind="passed"))
    return tuple(found)


def links(plan: Plan, phrases: Phrases, *, starts: bool = True) -> tuple[Link, ...]:
    """The arrows of a plan; arrows to a step that the plan does not have are left out."""
    known = {step.id for step in plan.all_steps()}
    known |= {join_of(step.id) for step in plan.all_steps() if step.is_composite}
    found: dict[tuple[str, str, bool], list[_Way]] = {}
    for way in _ways(plan, phrases, starts=starts):
        if way.target in known:
            found.setdefault((way.source, way.target, way.exit.returns), []).append(way)
    return tuple(
        Link(
            source,
            target,
            tuple(dict.fromkeys(_label(plan, way, phrases) for way in ways)),
            returns,
            late=all(way.exit.kind == "late" for way in ways),
        )
        for (source, target, returns), ways in found.items()
    )


def _label(plan: Plan, way: _Way, phrases: Phrases) -> str:
    if way.exit.kind != "case" or way.exit.label:
        return way.exit.label
    # What a case is called whose condition cannot be said in words.
    whens = [case.when for case in plan.step(way.source).choose]
    return phrases.brief(way.exit.when, f"trường hợp {whens.index(way.exit.when) + 1}")


@dataclass(frozen=True, slots=True)
class _Way:
    """A result with the place it leaves from and the place it leads to."""

    source: str
    target: str
    exit: Exit


def _onward(source: str, target: str, label: str = "") -> _Way:
    return _Way(source, target, Exit(label, PlanRoute(to=target), kind="onward"))


def _ways(plan: Plan, phrases: Phrases, *, starts: bool) -> Iterator[_Way]:
    if starts and plan.steps:
        for position in range(len(plan.starts)):
            yield _onward(start_place(position), plan.steps[0].id)
    yield from _ways_of(plan.steps, "", phrases)


def _ways_of(steps: tuple[PlanStep, ...], owner: str, phrases: Phrases) -> Iterator[_Way]:
    """`owner` = the step whose block this is."""
    for step in steps:
        for way in exits(step, phrases):
            target = join_of(owner) if way.target == JOIN else way.target
            leaves_block = step.is_composite and way.kind != "passed"
            yield _Way(join_of(step.id) if leaves_block else step.id, target, way)
        for branch in step.branches:
            yield _onward(step.id, branch.steps[0].id, branch_label(branch, phrases))
            yield from _ways_of(branch.steps, step.id, phrases)


def branch_label(branch: PlanBranch, phrases: Phrases) -> str:
    """The name of a branch and when it is gone through."""
    condition = f"nếu {phrases.brief(branch.when, 'đủ điều kiện')}" if branch.when else ""
    return ": ".join(part for part in (branch.name, condition) if part)


def blocks_inside(step: PlanStep) -> frozenset[str]:
    """The places of a composite step: itself, all within, and where its branches meet."""
    inner = [each for branch in step.branches for each in walk(branch.steps)]
    joins = [join_of(each.id) for each in inner if each.is_composite]
    return frozenset({step.id, join_of(step.id), *(each.id for each in inner), *joins})
