"""A case lived on paper: a plan walked with scripted or random decisions and dates.

Data are not known, so a condition over them is decided like everything else: by the script, by
chance, or so that the straight way is taken. Nothing here is what the runtime does; it follows the
same sentences of flows/README.md.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from quytrinh.compiler.naming import Phrases
from quytrinh.compiler.plan import (
    JOIN,
    PlanBranch,
    PlanDue,
    PlanOnLate,
    PlanRoute,
    PlanStep,
)
from quytrinh.compiler.simulation_choice import FINISHED, Chooser, Option
from quytrinh.compiler.simulation_words import Narrator

MOST_EVENTS = 20_000
MOST_LINES = 2_000


class Clock(Protocol):
    """The agency's calendars: the room of deadlines knows them."""

    def due(self, due: PlanDue, since: datetime) -> datetime | None:
        """When something is late; None if only the data of a case would tell."""

    def after(self, period: str, since: datetime, calendar: str = "working") -> datetime:
        """The instant a Period later."""


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence of the story."""

    at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class Story:
    """What happened; `outcome` None = the case had not ended when patience did."""

    lines: tuple[Line, ...]
    outcome: str | None


@dataclass(eq=False)
class _Scope:
    """One running block: where its token stands, what was done in it, its child blocks."""

    steps: Mapping[str, PlanStep]
    branch: PlanBranch | None = None
    parent: _Scope | None = None
    owner: PlanStep | None = None
    label: str = ""
    lead: bool = False
    at: str | None = None
    # Rises with each move, so that a timer of an earlier visit is known to be stale.
    visit: int = 0
    over: bool = False
    done: dict[str, str] = field(default_factory=dict)
    back: dict[str, tuple[str, str]] = field(default_factory=dict)
    used: dict[tuple[str, str], int] = field(default_factory=dict)
    children: list[_Scope] = field(default_factory=list)
    due: datetime | None = None

    @property
    def counted_in(self) -> _Scope:
        """Where `at_most` counts: the branch of the nearest `each`, else the case."""
        scope = self
        while scope.parent and not (scope.owner and scope.owner.kind == "each"):
            scope = scope.parent
        return scope


Happening = Callable[[], None]


class Simulation:
    """One case from its beginning to its end."""

    def __init__(
        self,
        phrases: Phrases,
        *,
        clock: Clock,
        chooser: Chooser,
        start: datetime,
        urgency: str = "",
    ) -> None:
        self.plan = plan = phrases.plan
        self.clock = clock
        self.chooser = chooser
        self.now = start
        self.words = Narrator(phrases, urgency)
        self.lines: list[Line] = []
        self.outcome: str | None = None
        self._queue: list[tuple[datetime, int, Happening]] = []
        self._count = 0
        self.top = _Scope({step.id: step for step in plan.steps})

    def run(self) -> Story:
        """Live the case; raises Undecidable where the script asks for what is not offered."""
        self._tell(self.words.beginning(self._due(self.plan.due)))
        self._enter(self.top, self.plan.steps[0].id)
        happened = 0
        while self._queue and self.outcome is None and happened < MOST_EVENTS:
            self.now, _, happening = heapq.heappop(self._queue)
            happening()
            happened += 1
        return Story(tuple(self.lines), self.outcome)

    # --- time ----------------------------------------------------------------------------------

    def _at(self, instant: datetime, happening: Happening) -> None:
        self._count += 1
        heapq.heappush(self._queue, (max(instant, self.now), self._count, happening))

    def _due(self, due: PlanDue | None) -> datetime | None:
        return self.clock.due(due, self.now) if due else None

    def _tell(self, text: str) -> None:
        if len(self.lines) < MOST_LINES:
            self.lines.append(Line(self.now, text))

    def _while_here(self, scope: _Scope, happening: Happening) -> Happening:
        """What only happens if the token has not moved on meanwhile."""
        visit = scope.visit

        def guarded() -> None:
            if not scope.over and scope.visit == visit:
                happening()

        return guarded

    # --- moving --------------------------------------------------------------------------------

    def _enter(self, scope: _Scope, target: str) -> None:
        if target == JOIN:
            self._branch_ended(scope)
            return
        step = scope.steps[target]
        scope.at = target
        scope.visit += 1
        if step.when and not self._holds(step, step.when):
            self._tell(self.words.passed_over(step, scope.label))
            self._enter(scope, step.next or JOIN)
            return
        if step.kind == "end":
            self._ended(step)
        elif step.is_composite:
            self._open(scope, step)
        elif step.kind == "choose":
            self._choose(scope, step)
        else:
            self._wait_for(scope, step)

    def _holds(self, step: PlanStep, condition: str) -> bool:
        return self.chooser.holds(f"{step.id}?", condition)

    def _choose(self, scope: _Scope, step: PlanStep) -> None:
        """At a later instant than the rest of the step, so that no loop is endless."""
        options = [Option(case.to, case.to, PlanRoute(to=case.to)) for case in step.choose]
        chosen = self.chooser.case(step, options)
        self._tell(self.words.chosen_case(step, chosen.key, scope.label))
        self._at(self.now, self._while_here(scope, lambda: self._enter(scope, chosen.key)))

    def _wait_for(self, scope: _Scope, step: PlanStep) -> None:
        """A person, a plugin, a sub-case, a date or an event: something that takes time."""
        due = self._due(step.due) or self._inherited(scope)
        if step.kind != "service":
            self._tell(self.words.arrived(step, due, scope.label))
        ready = self._ready_at(step, due)
        late = self._late(scope, step, due) if due and step.on_late else None
        if late and due and (ready is None or ready > due):
            self._at(due, self._while_here(scope, late))
            if step.on_late and step.on_late.run is None:
                return
        self._at(
            ready or (due or self.now) + timedelta(days=1),
            self._while_here(scope, lambda: self._done(scope, step, due)),
        )

    def _ready_at(self, step: PlanStep, due: datetime | None) -> datetime | None:
        """When it is done; None = silence until it is late."""
        if step.kind == "service":
            return self.now
        if step.kind == "wait":
            period = step.wait.period if step.wait else None
            calendar = step.wait.calendar if step.wait else "working"
            return self.clock.after(period or "1d", self.now, calendar)
        pause = self.chooser.pause(step, self.now, due)
        if pause is None:
            return None
        return self.clock.after(f"{pause}m", self.now)

    def _inherited(self, scope: _Scope) -> datetime | None:
        """A task without a deadline in a block with one is measured by the block's."""
        outer: _Scope | None = scope
        while outer:
            if outer.due:
                return outer.due
            outer = outer.parent
        return None

    def _late(self, scope: _Scope, step: PlanStep, due: datetime) -> Happening:
        late = step.on_late
        assert late is not None

        def happen() -> None:
            self._tell(self.words.late(step, scope.label))
            if late.run:
                self._tell(self.words.ran_beside(step, late.run))
            else:
                self._leave_late(scope, step, late)

        return happen

    def _leave_late(self, scope: _Scope, step: PlanStep, late: PlanOnLate) -> None:
        if late.route:
            self._cancel_children(scope)
            self._take(scope, step, Option("late", "", late.route))
            return
        action = next(each for each in step.actions if each.id == late.action)
        self._tell(self.words.silence(step, action.label))
        self._take(scope, step, Option(action.id, action.label, action.route))

    def _done(self, scope: _Scope, step: PlanStep, due: datetime | None) -> None:
        options = list(self._lawful(scope, step))
        chosen = self.chooser.option(step, options)
        late = bool(due and self.now > due)
        self._tell(self.words.done(step, chosen, scope.label, late=late))
        if step.is_confirmed and chosen.confirms:
            chosen = self.chooser.outcome(step, list(self._outcomes(scope, step)))
            self._tell(self.words.outcome(step, chosen.key, scope.label))
        self._take(scope, step, chosen)

    def _lawful(self, scope: _Scope, step: PlanStep) -> Iterator[Option]:
        """What may be decided here now: `when`, `at_most`, and returns to where one has been."""
        if step.kind != "human":
            yield from self._outcomes(scope, step)
            return
        for action in step.actions:
            option = Option(
                action.id,
                action.label,
                action.route,
                confirms=step.is_confirmed and action.id == "confirm",
            )
            if not self._possible(scope, step, option):
                continue
            if not action.when or self._holds_action(step, action.id, action.when):
                yield option

    def _holds_action(self, step: PlanStep, action: str, condition: str) -> bool:
        return self.chooser.holds(f"{step.id}.{action}?", condition)

    def _outcomes(self, scope: _Scope, step: PlanStep) -> Iterator[Option]:
        if step.kind == "call":
            # Any end of the callee that the text does not name goes on.
            yield Option(FINISHED, FINISHED, PlanRoute(to=step.onward))
        for outcome, route in step.outcomes.items():
            named = step.kind != "call" and outcome in step.normal
            option = Option(outcome, outcome, route, normal=named)
            if self._possible(scope, step, option):
                yield option

    def _possible(self, scope: _Scope, step: PlanStep, option: Option) -> bool:
        route = option.route
        used = scope.counted_in.used.get((step.id, option.key), 0)
        if route.at_most is not None and used >= route.at_most:
            return False
        if route.return_to is None:
            return True
        return route.return_to in self._holder(scope, route.return_to).done

    def _holder(self, scope: _Scope, step_id: str) -> _Scope:
        """The nearest enclosing scope whose block has that step."""
        while step_id not in scope.steps and scope.parent:
            scope = scope.parent
        return scope

    def _take(self, scope: _Scope, step: PlanStep, chosen: Option) -> None:
        """The decision is made: note it, then go where it leads."""
        counted = scope.counted_in.used
        counted[step.id, chosen.key] = counted.get((step.id, chosen.key), 0) + 1
        route = chosen.route
        if route.return_to is not None:
            self._return(scope, step, route)
            return
        before = scope.done.get(step.id)
        scope.done[step.id] = chosen.key
        back = scope.back.pop(step.id, None)
        if back and back[1] == chosen.key and before is not None:
            self._tell(self.words.straight_back(step, scope.steps[back[0]]))
            self._enter(scope, back[0])
            return
        self._enter(scope, route.to or JOIN)

    def _return(self, scope: _Scope, step: PlanStep, route: PlanRoute) -> None:
        assert route.return_to is not None
        holder = self._holder(scope, route.return_to)
        self._tell(self.words.returned(step, self.plan.step(route.return_to)))
        if route.then == "back_here":
            holder.back[route.return_to] = (step.id, holder.done[route.return_to])
        self._cancel_children(holder)
        self._enter(holder, route.return_to)

    # --- blocks --------------------------------------------------------------------------------

    def _open(self, scope: _Scope, step: PlanStep) -> None:
        due = self._due(step.due)
        scope.done[step.id] = "entered"
        branches = list(self._branches(step))
        self._tell(self.words.opened(step, [label for label, _, _ in branches], due))
        scope.children = [
            _Scope(
                {each.id: each for each in branch.steps},
                branch,
                scope,
                step,
                label,
                lead=lead,
                due=due,
            )
            for label, branch, lead in branches
        ]
        if due and step.on_late and step.on_late.route:
            self._at(due, self._while_here(scope, lambda: self._block_late(scope, step)))
        visit = scope.visit
        for child in tuple(scope.children):
            if not child.over and scope.visit == visit:
                self._enter(child, next(iter(child.steps)))
        if not scope.children and scope.visit == visit:
            onward = self._while_here(scope, lambda: self._enter(scope, step.onward or JOIN))
            self._at(self.now, onward)

    def _branches(self, step: PlanStep) -> Iterator[tuple[str, PlanBranch, bool]]:
        if step.kind == "parallel":
            for branch in step.branches:
                if not branch.when or self.chooser.holds(f"{step.id}.{branch.id}?", branch.when):
                    yield branch.name, branch, False
            return
        members = self.chooser.members(step)
        for place, member in enumerate(members):
            yield member, step.branches[0], bool(step.lead) and place == 0

    def _block_late(self, scope: _Scope, step: PlanStep) -> None:
        self._tell(self.words.late(step, scope.label))
        assert step.on_late
        self._leave_late(scope, step, step.on_late)

    def _branch_ended(self, scope: _Scope) -> None:
        """A branch is at its end: tell the join of its block."""
        scope.over = True
        parent, step = scope.parent, scope.owner
        if parent is None or step is None or step.join is None:
            return
        open_ones = [child for child in parent.children if not child.over]
        if open_ones and not self._joins_early(step, scope):
            return
        self._tell(self.words.joined(step, [child.label for child in open_ones]))
        self._cancel_children(parent)
        self._enter(parent, step.onward or JOIN)

    def _joins_early(self, step: PlanStep, ended: _Scope) -> bool:
        assert step.join
        match step.join.kind:
            case "any":
                return True
            case "lead":
                return ended.lead
            case "when":
                return self.chooser.holds(f"{step.id}.join?", step.join.when or "")
        return False

    def _cancel_children(self, scope: _Scope) -> None:
        for child in scope.children:
            child.over = True
            self._cancel_children(child)
        scope.children = []

    def _ended(self, step: PlanStep) -> None:
        self.outcome = step.outcome
        self._cancel_children(self.top)
        self._tell(self.words.ended(step))
