"""The one automaton behind the rules about order, run over all stories of a flow.

A rule is a *danger*: events raise it, events clear it, and certain events (or an end) must not
happen while it stands. More danger is never safer, so of branches side by side only the worst order
counts: a sibling's clearing comes too late, its raising at the worst moment. No interleaving is
enumerated, and the work is linear in the text.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import NamedTuple

from quytrinh.compiler.regulation.course import (
    BlockCourse,
    Child,
    Course,
    Moment,
    Place,
    Transition,
    is_composite,
)
from quytrinh.compiler.regulation.worlds import World
from quytrinh.language.ast import EachStep, ParallelStep, Step

Numbers = frozenset[int]
NONE: Numbers = frozenset()


@dataclass(frozen=True)
class Danger:
    """What raises a danger, what clears it, and the moments that must not come while it stands.

    `at_first`: it stands when the case begins. `clears_last`: of one moment that both raises and
    clears, the clearing counts. `alone`: what happens in sibling branches does not concern it.
    `lasting`: clearings that hold though their block was cancelled.
    """

    checks: Numbers
    raises: Numbers = NONE
    clears: Numbers = NONE
    at_first: bool = False
    clears_last: bool = False
    alone: bool = False
    lasting: Numbers = NONE
    # Ways that cannot be taken in the circumstances the rule is about.
    closed: Numbers = NONE

    def after(self, standing: bool, moment: int, *, history: bool) -> bool:
        """Whether the danger stands after a moment."""
        raised = moment in self.raises
        cleared = moment in (self.lasting if history else self.clears)
        if raised and cleared:
            return not self.clears_last
        return raised or (standing and not cleared)


@dataclass(frozen=True, eq=False)
class Piece:
    """A part of a story: a moment (with its open conditions), or one in a sibling branch."""

    moment: Moment
    guards: tuple[tuple[str, bool], ...] = ()
    beside: bool = False


class Trail(NamedTuple):
    """How one came to a place: `cost` visible steps, the last pieces, and the trail before."""

    cost: int
    pieces: tuple[Piece, ...] = ()
    before: Trail | None = None

    def then(self, cost: int, pieces: tuple[Piece, ...]) -> Trail:
        """This trail, and then these pieces."""
        return Trail(self.cost + cost, pieces, self) if pieces or cost else self

    def all_pieces(self) -> tuple[Piece, ...]:
        """The whole story, from its beginning."""
        parts: list[tuple[Piece, ...]] = []
        at: Trail | None = self
        while at is not None:
            parts.append(at.pieces)
            at = at.before
        return tuple(piece for part in reversed(parts) for piece in part)


@dataclass
class Explored:
    """What a block can come to from one beginning: shortest trails all of them."""

    exits: dict[bool, Trail] = field(default_factory=dict)
    escapes: dict[tuple[int, bool], tuple[Place, BlockCourse, Trail]] = field(default_factory=dict)
    raised: Trail | None = None
    offence: Trail | None = None

    def note_offence(self, trail: Trail) -> None:
        """Keep the shorter of two offences."""
        if self.offence is None or trail.cost < self.offence.cost:
            self.offence = trail


@dataclass(frozen=True)
class _Branch:
    """A branch in one world: whether it must be there, and whether it is the lead's."""

    block: BlockCourse
    required: bool
    lead: bool | None


class Search:
    """One danger in one world."""

    def __init__(self, course: Course, world: World, danger: Danger) -> None:
        self.course = course
        self.world = world
        self.danger = danger
        self._known: dict[tuple[int, bool, bool, bool, bool | None], Explored] = {}
        self._orders = count()

    def shortest_offence(self) -> tuple[Piece, ...] | None:
        """The shortest story that breaks the rule; None if none does."""
        explored = self._explore(self.course.top, self.danger.at_first, False, None, None)
        return explored.offence.all_pieces() if explored.offence else None

    def _explore(
        self,
        block: BlockCourse,
        standing: bool,
        history: bool,
        disturbance: Trail | None,
        lead: bool | None,
    ) -> Explored:
        key = (id(block), standing, history, disturbance is not None, lead)
        if key not in self._known:
            self._known[key] = Explored()
            self._known[key] = _Walk(self, block, history, disturbance, lead).run(standing)
        return self._known[key]

    def branches(self, step: Step, lead: bool | None) -> tuple[_Branch, ...]:
        """The branches of a step that this world has, those that may be missing included."""
        found: list[_Branch] = []
        for child in self.course.children(step):
            if isinstance(step, EachStep):
                found += _members(child, step)
                continue
            there = self.world.holds(child.guard, lead)
            if there is not False:
                found.append(_Branch(child.block, there is True, lead))
        return tuple(found)

    def inside(self, step: Step, standing: bool, history: bool, lead: bool | None) -> Explored:
        """A step that contains blocks, from its beginning to its join."""
        branches = self.branches(step, lead)
        if self.danger.alone and standing and self._begins_well(step, branches):
            standing = False
        found = Explored()
        alone = [
            {state: self._explore(b.block, state, history, None, b.lead) for state in (False, True)}
            for b in branches
        ]
        for number, branch in enumerate(branches):
            others = [a[False].raised for n, a in enumerate(alone) if n != number]
            disturbance = None if self.danger.alone else _shortest(others)
            explored = self._explore(branch.block, standing, history, disturbance, branch.lead)
            if explored.offence is not None and not history:
                found.note_offence(explored.offence)
            self._note_escapes(found, branch, standing, disturbance)
        found.raised = _shortest([each[False].raised for each in alone])
        found.exits = _joined(step, branches, alone, standing)
        return found

    def _note_escapes(
        self, found: Explored, branch: _Branch, standing: bool, disturbance: Trail | None
    ) -> None:
        """Returns out of the block: what was done inside counts against, not for."""
        explored = self._explore(branch.block, standing, True, disturbance, branch.lead)
        for key, (place, level, trail) in explored.escapes.items():
            known = found.escapes.get(key)
            if known is None or trail.cost < known[2].cost:
                found.escapes[key] = (place, level, trail)

    def _begins_well(self, step: Step, branches: tuple[_Branch, ...]) -> bool:
        """Whether one of the branches of a `parallel` begins with what the rule wants next."""
        if not isinstance(step, ParallelStep):
            return False
        return any(self._first_is_right(branch.block) for branch in branches)

    def _first_is_right(self, block: BlockCourse) -> bool:
        first = block.graph.steps[0]
        if self.course.reached[first.id.text].number in self.danger.clears:
            return True
        children = self.course.children(first)
        return bool(children) and all(self._first_is_right(child.block) for child in children)


class _Walk:
    """Dijkstra over the places of one block, each with and without danger."""

    def __init__(
        self,
        search: Search,
        block: BlockCourse,
        history: bool,
        disturbance: Trail | None,
        lead: bool | None,
    ) -> None:
        self.search = search
        self.danger = search.danger
        self.block = block
        self.history = history
        self.disturbance = disturbance
        self.lead = lead
        self.found = Explored()
        self.waiting: list[tuple[int, int, Place, bool, Trail]] = []
        self.seen: set[tuple[int, bool]] = set()
        self.orders = count()

    def run(self, standing: bool) -> Explored:
        """Everything that can be come to from the first step of the block."""
        starts = self.search.course.starts if self.block is self.search.course.top else ()
        assert self.block.entry is not None
        for moment in starts:
            self._take(
                Transition(self.block.entry.target, (moment, *self.block.entry.moments)),
                standing,
                Trail(0),
            )
        if not starts:
            self._take(self.block.entry, standing, Trail(0))
        while self.waiting:
            _, _, place, state, trail = heapq.heappop(self.waiting)
            if (place.number, state) not in self.seen:
                self.seen.add((place.number, state))
                self._leave(place, state, trail)
        return self.found

    def _leave(self, place: Place, standing: bool, trail: Trail) -> None:
        if place is self.block.exit:
            self.found.exits.setdefault(standing, trail)
            return
        if self.disturbance is not None and not standing:
            beside = tuple(_beside(self.disturbance))
            self._wait(place, True, trail.then(self.disturbance.cost, beside))
        if place.entered and is_composite(place.step):
            assert place.step is not None
            self._through(place.step, standing, trail)
            return
        for way in self.block.ways.get(place.number, ()):
            self._take(way, standing, trail)

    def _through(self, step: Step, standing: bool, trail: Trail) -> None:
        """Over a step that contains blocks."""
        inside = self.search.inside(step, standing, self.history, self.lead)
        if inside.offence is not None:
            self.found.note_offence(_joined_trail(trail, inside.offence))
        if inside.raised is not None:
            self._note_raised(_joined_trail(trail, inside.raised))
        ways = self.block.ways.get(self.search.course.place(step.id.text).number, ())
        late = {way for way in ways if any(each.way == "late" for each in way.moments)}
        for state, through in inside.exits.items():
            for way in ways:
                if way not in late:
                    self._take(way, state, _joined_trail(trail, through))
        for way in late:
            # Cut off at any moment: nothing is certain to have been done.
            self._take(way, standing, trail)
            if inside.raised is not None:
                self._take(way, True, _joined_trail(trail, inside.raised))
        for (number, state), (place, level, through) in inside.escapes.items():
            whole = _joined_trail(trail, through)
            if level is self.block:
                self._wait(place, state, whole)
            else:
                self.found.escapes.setdefault((number, state), (place, level, whole))

    def _take(self, way: Transition, standing: bool, trail: Trail) -> None:
        open_guards = self.search.world.open(way.guards, self.lead)
        if open_guards is None:
            return
        if any(moment.number in self.danger.closed for moment in way.moments):
            return
        pieces: list[Piece] = []
        for moment in way.moments:
            pieces.append(Piece(moment, open_guards if not pieces else ()))
            if standing and moment.number in self.danger.checks and not self.history:
                self.found.note_offence(trail.then(way.cost, tuple(pieces)))
            standing = self.danger.after(standing, moment.number, history=self.history)
            if moment.number in self.danger.raises and standing:
                self._note_raised(trail.then(way.cost, tuple(pieces)))
        if not way.moments and open_guards:
            pieces = []
        after = trail.then(way.cost, tuple(pieces))
        if way.escapes_to is not None:
            key = (way.target.number, standing)
            self.found.escapes.setdefault(key, (way.target, way.escapes_to, after))
            return
        self._wait(way.target, standing, after)

    def _wait(self, place: Place, standing: bool, trail: Trail) -> None:
        if (place.number, standing) not in self.seen:
            heapq.heappush(self.waiting, (trail.cost, next(self.orders), place, standing, trail))

    def _note_raised(self, trail: Trail) -> None:
        if self.found.raised is None or trail.cost < self.found.raised.cost:
            self.found.raised = trail


def _members(child: Child, step: EachStep) -> Iterator[_Branch]:
    """One lead and one other stand for any number: no rule compares more than two."""
    if step.lead is not None:
        yield _Branch(child.block, True, True)
        yield _Branch(child.block, False, False)
    else:
        named = bool(step.members.units)
        yield _Branch(child.block, named, False)
        yield _Branch(child.block, False, False)


def _joined(
    step: Step,
    branches: tuple[_Branch, ...],
    alone: list[dict[bool, Explored]],
    standing: bool,
) -> dict[bool, Trail]:
    """How a step can be over, with danger and without."""
    assert isinstance(step, ParallelStep | EachStep)
    required = [a for b, a in zip(branches, alone, strict=True) if b.required]
    if step.join.kind == "all":
        together = _all_end(required, standing)
        every = alone
    else:
        closing = [
            a
            for b, a in zip(branches, alone, strict=True)
            if step.join.kind != "lead" or b.lead is not False
        ]
        together = _shortest([each[standing].exits.get(standing) for each in closing])
        if not required:
            together = _shortest([together, Trail(0)])
        every = closing
    raised = [each[False].exits.get(True) for each in every]
    if step.join.kind != "all":
        raised += [each[False].raised for each in alone]
    cleared = [each[True].exits.get(False) for each in every]
    found: dict[bool, Trail] = {}
    with_danger = _shortest([*raised, together if standing else None])
    without = _shortest([*cleared, None if standing else together])
    if with_danger is not None:
        found[True] = with_danger
    if without is not None:
        found[False] = without
    return found


def _all_end(required: list[dict[bool, Explored]], standing: bool) -> Trail | None:
    """Every branch that must be there ends without changing the danger; None if that cannot be."""
    ends = [each[standing].exits.get(standing) for each in required]
    whole = Trail(0)
    for end in ends:
        if end is None:
            return None
        whole = _joined_trail(whole, end)
    return whole


def _joined_trail(first: Trail, second: Trail) -> Trail:
    return first.then(second.cost, second.all_pieces())


def _beside(trail: Trail) -> Iterator[Piece]:
    for piece in trail.all_pieces():
        yield Piece(piece.moment, piece.guards, beside=True)


def _shortest(trails: list[Trail | None]) -> Trail | None:
    there = [trail for trail in trails if trail is not None]
    return min(there, key=lambda trail: trail.cost) if there else None
