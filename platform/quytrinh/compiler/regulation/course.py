"""A flow as rules see it: moments that happen, and the transitions between places they happen on.

Every block keeps a course of its own. A step with `when` has two places: before it is known whether
it is done, and in it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from quytrinh.compiler.context import Context
from quytrinh.compiler.graph import EXIT, BlockGraph, Edge, Way
from quytrinh.language.ast import (
    Action,
    ChooseStep,
    EachStep,
    EndStep,
    HumanStep,
    ParallelStep,
    ServiceStep,
    Start,
    Step,
)
from quytrinh.language.source import Word

Happening = Literal["start", "reach", "done"]
Guard = tuple[str, bool]


@dataclass(frozen=True, eq=False)
class Moment:
    """Something that happens: the case begins, a step is reached, a step is left in some way."""

    number: int
    kind: Happening
    step: Step | None = None
    way: Way | None = None
    name: str = ""
    forward: bool = True
    action: Action | None = None
    start: Start | None = None
    # The plugin ran and came to a normal outcome, or is done with the action.
    runs: Word | None = None
    succeeded: bool = False


@dataclass(frozen=True, eq=False)
class Place:
    """Where the token of a block stands; `entered` is False before a `when` is decided."""

    number: int
    step: Step | None
    entered: bool = True


@dataclass(frozen=True, eq=False)
class Transition:
    """From one place to another; `target` is in the block at `level` if that is not its own."""

    target: Place
    moments: tuple[Moment, ...]
    guards: tuple[Guard, ...] = ()
    escapes_to: BlockCourse | None = None

    @property
    def cost(self) -> int:
        """How many steps of it a reader would see."""
        return sum(1 for each in self.moments if each.kind == "done" and is_visible(each.step))


@dataclass(eq=False)
class BlockCourse:
    """One block: the ways out of each place, by the number of the place."""

    graph: BlockGraph
    entry: Transition | None = None
    ways: dict[int, list[Transition]] = field(default_factory=dict)
    exit: Place | None = None


@dataclass(frozen=True)
class Child:
    """A block inside a step; `guard` decides whether a branch is there."""

    block: BlockCourse
    guard: tuple[Guard, ...] = ()


def is_visible(step: Step | None) -> bool:
    """Whether a story names the step."""
    return step is not None and not isinstance(step, ChooseStep)


class Course:
    """All blocks of a flow, and every moment that can happen in it."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.moments: list[Moment] = []
        self.places: list[Place] = []
        self.reached: dict[str, Moment] = {}
        self._at: dict[str, Place] = {}
        self._before: dict[str, Place] = {}
        self.blocks = {id(graph.nest): BlockCourse(graph) for graph in context.graph.blocks}
        self.top = self.blocks[id(context.graph.top.nest)]
        self.starts = tuple(
            self._moment("start", start=start) for start in context.flow.starts
        ) or (self._moment("start"),)
        for block in self.blocks.values():
            self._add_places(block)
        for block in self.blocks.values():
            self._add_ways(block)

    def children(self, step: Step) -> tuple[Child, ...]:
        """The blocks a step contains, in the order of the text."""
        found = []
        for nest in self.context.nesting.inside.get(step.id.text, ()):
            branch = nest.block.branch
            guard = ((branch.when.text, True),) if branch and branch.when else ()
            found.append(Child(self.blocks[id(nest)], guard))
        return tuple(found)

    def place(self, step: str) -> Place:
        """The place of being in a step."""
        return self._at[step]

    def guards(self) -> Iterator[str]:
        """Every condition that decides a way."""
        for block in self.blocks.values():
            for way in (way for ways in block.ways.values() for way in ways):
                yield from (text for text, _ in way.guards)
        for step in self.context.steps.values():
            for child in self.children(step):
                yield from (text for text, _ in child.guard)

    def _moment(self, kind: Happening, step: Step | None = None, **more: object) -> Moment:
        made = Moment(len(self.moments), kind, step, **more)  # type: ignore[arg-type]
        self.moments.append(made)
        return made

    def _place(self, step: Step | None, *, entered: bool = True) -> Place:
        made = Place(len(self.places), step, entered)
        self.places.append(made)
        return made

    def _add_places(self, block: BlockCourse) -> None:
        for step in block.graph.steps:
            key = step.id.text
            self.reached[key] = self._moment("reach", step)
            self._at[key] = self._place(step)
            if step.when is not None:
                self._before[key] = self._place(step, entered=False)
        block.exit = self._place(None)

    def _add_ways(self, block: BlockCourse) -> None:
        first = block.graph.steps[0].id.text
        block.entry = self._arrival(block, first, ())
        for step in block.graph.steps:
            key = step.id.text
            if key in self._before and step.when is not None:
                inside = Transition(self._at[key], (self.reached[key],), ((step.when.text, True),))
                block.ways.setdefault(self._before[key].number, []).append(inside)
        for edge in block.graph.edges:
            self._add_edge(block, edge)

    def _add_edge(self, block: BlockCourse, edge: Edge) -> None:
        step = self.context.steps[edge.source]
        if edge.way == "inside":
            self._add_escapes(block, edge)
            return
        if edge.way == "passed":
            assert step.when is not None
            source = self._before[edge.source]
            told: tuple[Moment, ...] = ()
            guards: tuple[Guard, ...] = ((step.when.text, False),)
        else:
            source, told = self._at[edge.source], (self._done(step, edge),)
            guards = _guards(step, edge)
        way = self._arrival(block, edge.target, told, guards)
        block.ways.setdefault(source.number, []).append(way)

    def _arrival(
        self,
        block: BlockCourse,
        target: str,
        told: tuple[Moment, ...],
        guards: tuple[Guard, ...] = (),
    ) -> Transition:
        if target == EXIT:
            assert block.exit is not None
            return Transition(block.exit, told, guards)
        if target in self._before:
            return Transition(self._before[target], told, guards)
        return Transition(self._at[target], (*told, self.reached[target]), guards)

    def _add_escapes(self, outer: BlockCourse, edge: Edge) -> None:
        """A return that leaves its block: a way of the inner step, to a place further out."""
        inner = self.context.steps[edge.name]
        home = self.blocks[id(self.context.nesting.home[edge.name])]
        for found in _returns_to(inner, edge.target):
            told = (self._done(inner, found),)
            arrival = self._arrival(outer, edge.target, told, _guards(inner, found))
            way = Transition(arrival.target, arrival.moments, arrival.guards, outer)
            home.ways.setdefault(self._at[edge.name].number, []).append(way)

    def _done(self, step: Step, edge: Edge) -> Moment:
        forward = edge.kind != "return"
        action = _action(step, edge)
        runs, succeeded = self._run_of(step, edge, action, forward=forward)
        return self._moment(
            "done",
            step,
            way=edge.way,
            name=edge.name,
            forward=forward,
            action=action,
            runs=runs,
            succeeded=succeeded,
        )

    def _run_of(
        self, step: Step, edge: Edge, action: Action | None, *, forward: bool
    ) -> tuple[Word | None, bool]:
        if action is not None:
            return action.run, forward and action.run is not None
        if edge.way != "outcome" or not isinstance(step, HumanStep | ServiceStep):
            return None, False
        registry = self.context.registry
        if step.run is None or step.run.text not in registry:
            return step.run, forward
        normal = {each.id for each in registry.get(step.run.text).outcomes if each.normal}
        return step.run, edge.name in normal


def _guards(step: Step, edge: Edge) -> tuple[Guard, ...]:
    action = _action(step, edge)
    if action is not None and action.when is not None:
        return ((action.when.text, True),)
    if edge.way == "case" and isinstance(step, ChooseStep):
        position = int(edge.name)
        before = [(each.when.text, False) for each in step.cases[:position] if each.when]
        own = step.cases[position].when
        return (*before, (own.text, True)) if own else tuple(before)
    return ()


def _action(step: Step, edge: Edge) -> Action | None:
    if edge.way != "action" or not isinstance(step, HumanStep):
        return None
    return next((each for each in step.actions if each.id.text == edge.name), None)


def _returns_to(step: Step, target: str) -> Iterator[Edge]:
    """The ways of a step that go back to a target outside its block."""
    source = step.id.text
    if isinstance(step, HumanStep):
        for action in step.actions:
            if action.route.return_to is not None and action.route.return_to.text == target:
                yield Edge(source, target, "return", "action", action.id.text)
    for name, route in getattr(step, "outcomes", ()):
        if route.return_to is not None and route.return_to.text == target:
            yield Edge(source, target, "return", "outcome", name.text)
    late = step.on_late.route if step.on_late else None
    if late is not None and late.return_to is not None and late.return_to.text == target:
        yield Edge(source, target, "return", "late")


def is_composite(step: Step | None) -> bool:
    """Whether a step contains blocks."""
    return isinstance(step, ParallelStep | EachStep)


def is_end(step: Step | None) -> bool:
    """Whether a story is over with this step."""
    return isinstance(step, EndStep)
