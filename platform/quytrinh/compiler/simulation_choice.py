"""Who decides in a simulation: the script, then chance or the straight way."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from quytrinh.compiler.plan import JOIN, Plan, PlanRoute, PlanStep
from quytrinh.language.diagnostics import did_you_mean
from quytrinh.language.expressions import ExpressionError, holds

# After so many decisions only ways that lead nearer to the end are taken.
PATIENCE = 80
LATE = "late"
# How a sub-case ends that ends by none of the outcomes named.
FINISHED = "finished"
YES, NO = ("yes", "co", "có", "true"), ("no", "khong", "không", "false")
_UNKNOWN = re.compile(r"\b(?:docs|results|item|event|steps)\.|\bcase\.(\w+)")
_USUAL_PAUSE = 30
_FAR = 10_000


class Undecidable(ValueError):
    """The script decides what is not offered there."""


@dataclass(frozen=True, slots=True)
class Option:
    """A way out of a step."""

    key: str
    label: str
    route: PlanRoute
    confirms: bool = False
    normal: bool = True


class Chooser:
    """`script`: step to decisions, used one after the other; the last one stays.

    Keys are a step's id (an action, an outcome, the target of a choice, `late`), or with a `?` a
    condition: `step?`, `step.action?`, `step.branch?`, `step.join?` (yes or no). `seed` None takes
    the straight way.
    """

    def __init__(
        self,
        plan: Plan,
        *,
        script: Mapping[str, Sequence[str]] | None = None,
        seed: int | None = None,
        values: Mapping[str, Any] | None = None,
        members: Mapping[str, Sequence[str]] | None = None,
    ) -> None:
        self.script = {key: list(decisions) for key, decisions in (script or {}).items()}
        self.chance = None if seed is None else random.Random(seed)  # noqa: S311 - not a secret
        self.values = dict(values or {})
        self.given_members = members or {}
        self.decisions = 0
        self._distances = _distances(plan)
        self._refuse_unknown_steps(plan)
        self._late: set[str] = set()

    def _refuse_unknown_steps(self, plan: Plan) -> None:
        known = [step.id for step in plan.all_steps()]
        for key in (*self.script, *self.given_members):
            named = re.split(r"[.?]", key)[0]
            if named not in known:
                raise Undecidable(f"Không có bước `{named}`; {did_you_mean(named, known)}")

    def holds(self, key: str, condition: str) -> bool:
        """Whether a condition holds: by the data if these are known, else decided."""
        scripted = self._scripted(key)
        if scripted is not None:
            return _truth(key, scripted)
        known = self._known(condition)
        if known is not None:
            return known
        if self.chance is None or self._in_a_hurry:
            return not key.endswith(".join?")
        return self.chance.random() < 0.5

    def case(self, step: PlanStep, options: Sequence[Option]) -> Option:
        """Which line of a `choose` is taken."""
        if (scripted := self._scripted(step.id)) is not None:
            return _named(step, options, scripted)
        possible: list[Option] = []
        for option, case in zip(options, step.choose, strict=True):
            known = True if case.when is None else self._known(case.when)
            if known is not False:
                possible.append(option)
            if known:
                break
        return self._by_chance(possible)

    def _known(self, condition: str) -> bool | None:
        """Whether a condition holds, where it asks only for what is given."""
        asked = [found.group(1) for found in _UNKNOWN.finditer(condition)]
        if not all(name in self.values for name in asked):
            return None
        try:
            return holds(condition, {"case": self.values})
        except ExpressionError:
            return None

    def option(self, step: PlanStep, options: Sequence[Option]) -> Option:
        """Which action of a person, or outcome of a machine, a wait or a sub-case."""
        scripted = self._scripted(step.id)
        if scripted is not None and not (scripted == LATE and step.id in self._late):
            return _named(step, options, scripted)
        return self._by_chance(options)

    def outcome(self, step: PlanStep, options: Sequence[Option]) -> Option:
        """What a plugin finds after a person has confirmed."""
        scripted = self._scripted(f"{step.id}.run")
        if scripted is not None:
            return _named(step, options, scripted)
        return self._by_chance(options)

    def members(self, step: PlanStep) -> list[str]:
        """Whom an `each` goes through; the first is the one in charge."""
        if step.id in self.given_members:
            return list(self.given_members[step.id])
        if step.members and step.members.units:
            return list(step.members.units)
        count = self.chance.randint(0, 3) if self.chance else 2
        return [f"đơn vị thứ {place}" for place in range(1, count + 1)]

    def pause(self, step: PlanStep, now: datetime, due: datetime | None) -> int | None:
        """How many open minutes it takes; None = nobody does anything until it is late."""
        waiting = self.script.get(step.id)
        if waiting and waiting[0] == LATE and all(each.id != LATE for each in step.actions):
            if len(waiting) > 1:
                waiting.pop(0)
            self._late.add(step.id)
            return None
        if self.chance is None:
            return _USUAL_PAUSE
        if due is not None and step.on_late is not None and self.chance.random() < 0.2:
            return None
        return self.chance.randint(5, 12 * 60)

    @property
    def _in_a_hurry(self) -> bool:
        return self.decisions > PATIENCE

    def _scripted(self, key: str) -> str | None:
        self.decisions += 1
        waiting = self.script.get(key)
        if not waiting:
            return None
        return waiting.pop(0) if len(waiting) > 1 else waiting[0]

    def _by_chance(self, options: Sequence[Option]) -> Option:
        if not options:
            raise Undecidable("Không còn thao tác nào để đi tiếp")
        if self._in_a_hurry:
            return self._nearest(options)
        if self.chance:
            return self.chance.choice(list(options))
        forward = [each for each in options if each.route.return_to is None and each.normal]
        return (forward or list(options))[0]

    def _nearest(self, options: Sequence[Option]) -> Option:
        return min(options, key=lambda option: self._distance(option.route))

    def _distance(self, route: PlanRoute) -> int:
        if route.return_to is not None:
            return 2 * _FAR
        return 0 if route.to in (JOIN, None) else self._distances.get(str(route.to), _FAR)


def _truth(key: str, decision: str) -> bool:
    if decision.lower() not in (*YES, *NO):
        raise Undecidable(f"`{key}` là điều kiện: hãy viết `{key}=yes` hoặc `{key}=no`")
    return decision.lower() in YES


def _named(step: PlanStep, options: Sequence[Option], key: str) -> Option:
    for option in options:
        if option.key == key:
            return option
    listed = ", ".join(f"`{option.key}`" for option in options)
    raise Undecidable(f"Ở bước `{step.id}` lúc này không có `{key}`; có: {listed}")


def ways_out(step: PlanStep) -> Iterator[PlanRoute]:
    """Every way forward that nobody can be refused."""
    if step.kind == "choose":
        yield from (PlanRoute(to=case.to) for case in step.choose)
    elif step.is_composite or step.kind == "call":
        yield PlanRoute(to=step.onward)
    elif step.kind == "human":
        for action in step.actions:
            if not action.when and action.route.at_most is None:
                yield action.route
    yield from step.outcomes.values()


def _distances(plan: Plan) -> dict[str, int]:
    """How many steps each is from the end of its block."""
    found = {step.id: 0 for step in plan.all_steps() if step.kind == "end"}
    waiting = {step.id: step for step in plan.all_steps() if step.kind != "end"}
    reached = True
    while reached:
        reached = False
        for step in waiting.values():
            targets = [route.to for route in ways_out(step) if route.return_to is None]
            near = [0 if to in (JOIN, None) else found.get(str(to), _FAR) for to in targets]
            if near and min(near) + 1 < found.get(step.id, _FAR):
                found[step.id] = min(near) + 1
                reached = True
    return found
