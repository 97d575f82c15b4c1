"""The graphs of a flow's blocks: which step leads to which, and on what condition.

Each block is a graph of its own with one way out. A step that contains blocks is one node; a
return that leaves a block is an edge of the block it leads to (flows/README.md, "Khối").
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from quytrinh.compiler.nesting import Nest, Nesting
from quytrinh.compiler.outcomes import results_of, routes_of
from quytrinh.compiler.signatures import Signatures
from quytrinh.language.ast import (
    ChooseStep,
    EachStep,
    EndStep,
    HumanStep,
    ParallelStep,
    Route,
    Step,
)
from quytrinh.language.schema import CONFIRM
from quytrinh.language.source import Word
from quytrinh.spi import Registry

NEXT = "next"
# The way out of a branch; the top block has `end` steps instead.
EXIT = "join"
EdgeKind = Literal["free", "guarded", "return"]
Way = Literal["passed", "action", "case", "outcome", "done", "late", "inside"]


@dataclass(frozen=True, slots=True)
class Edge:
    """`free` forward edges can always be taken; `guarded` ones depend on `when` or `at_most`.

    `way` and `name` tell what takes it: an action, an outcome, the number of a case, lateness, a
    block that is done, a step passed over, or (`inside`) a return from the step `name` of a block.
    """

    source: str
    target: str
    kind: EdgeKind
    way: Way
    name: str = ""


@dataclass(eq=False)
class BlockGraph:
    """Edges of one list of steps.

    `run_out`: steps of the top block whose next is not there. `whole` is False where a target is
    misspelt or in another block: what follows it must not be called unreachable.
    """

    nest: Nest
    edges: list[Edge] = field(default_factory=list)
    run_out: list[Step] = field(default_factory=list)
    whole: bool = True

    @property
    def steps(self) -> tuple[Step, ...]:
        return self.nest.block.steps

    @cached_property
    def reached_from_first(self) -> set[str]:
        """Steps that some forward way leads to."""
        forward = _adjacent((e.source, e.target) for e in self.edges if e.kind != "return")
        return _closure({self.steps[0].id.text}, forward)

    @cached_property
    def can_finish(self) -> set[str]:
        """Steps from which the end can be reached by free edges alone."""
        ends = {step.id.text for step in self.steps if isinstance(step, EndStep)} | {EXIT}
        free = [(edge.target, edge.source) for edge in self.edges if edge.kind == "free"]
        # A step that is at fault itself (F203, F208) must not put all steps before it in the wrong.
        faulty = {step.id.text for step in self.run_out}
        human = {step.id.text for step in self.steps if isinstance(step, HumanStep)}
        faulty |= human - {source for _, source in free}
        return _closure(ends | faulty, _adjacent(free))

    def before(self, step: str) -> set[str]:
        """Steps that can have been done when the token comes to this one."""
        if step not in self._before:
            self._before[step] = _closure(set(self._back.get(step, ())), self._back)
        return self._before[step]

    @cached_property
    def _before(self) -> dict[str, set[str]]:
        return {}

    def following(self, position: int) -> str:
        """The step after a place in the list, or the way out."""
        after = position + 1
        return self.steps[after].id.text if after < len(self.steps) else EXIT

    @cached_property
    def _back(self) -> dict[str, list[str]]:
        return _adjacent((e.target, e.source) for e in self.edges if e.kind != "return")


class FlowGraph:
    """The graphs of all blocks, an outer one before those inside it."""

    def __init__(self, nesting: Nesting, registry: Registry, flows: Signatures) -> None:
        self.nesting = nesting
        self.blocks = tuple(BlockGraph(nest) for nest in nesting.nests)
        self._by_nest = {graph.nest: graph for graph in self.blocks}
        self._registry = registry
        self._flows = flows
        for graph in self.blocks:
            for position, step in enumerate(graph.steps):
                for leaving in self._leavings(step):
                    self._connect(graph, position, leaving)

    @property
    def top(self) -> BlockGraph:
        return self.blocks[0]

    def home(self, step: str) -> BlockGraph:
        """The graph of the block a step stands in."""
        return self._by_nest[self.nesting.home[step]]

    def inside(self, step: str) -> tuple[BlockGraph, ...]:
        """The graphs of the blocks that a step contains."""
        return tuple(self._by_nest[nest] for nest in self.nesting.inside.get(step, ()))

    def _connect(self, graph: BlockGraph, position: int, leaving: _Leaving) -> None:
        source = graph.steps[position].id.text
        if leaving.kind == "return":
            self._connect_return(source, leaving)
            return
        target = graph.following(position) if leaving.target == NEXT else leaving.target
        if target == EXIT and graph.nest.is_top:
            graph.whole &= leaving.target == NEXT
            if leaving.target == NEXT and graph.steps[position] not in graph.run_out:
                graph.run_out.append(graph.steps[position])
            return
        if target != EXIT and self.nesting.home.get(target) is not graph.nest:
            graph.whole = False
            return
        graph.edges.append(Edge(source, target, leaving.kind, leaving.way, leaving.name))

    def _connect_return(self, source: str, leaving: _Leaving) -> None:
        """An edge of the block of its target, from the step there that contains the source."""
        nest = self.nesting.home.get(leaving.target)
        standing = self.nesting.standing_in(nest, source) if nest else None
        if nest is None or standing is None:
            return
        inner = standing != source
        way: Way = "inside" if inner else leaving.way
        name = source if inner else leaving.name
        self._by_nest[nest].edges.append(Edge(standing, leaving.target, "return", way, name))

    def _leavings(self, step: Step) -> Iterator[_Leaving]:
        onward = step.to.text if step.to else NEXT
        if step.when is not None:
            yield _Leaving(NEXT, "free", "passed")
        if step.on_late and step.on_late.route:
            yield _by_route(step.on_late.route, onward, "late")
        match step:
            case ChooseStep():
                for number, case in enumerate(step.cases):
                    yield _Leaving(case.to.text, "free", "case", str(number))
            case ParallelStep() | EachStep():
                yield _Leaving(onward, "free", "done")
            case HumanStep():
                yield from _by_actions(step, onward)
        if not isinstance(step, HumanStep) or step.run is not None:
            yield from self._by_outcomes(step, onward)

    def _by_outcomes(self, step: Step, onward: str) -> Iterator[_Leaving]:
        if isinstance(step, ChooseStep | EndStep | ParallelStep | EachStep):
            return
        routes = {outcome.text: route for outcome, route in routes_of(step)}
        for name, route in routes.items():
            yield _by_route(route, onward, "outcome", name)
        results = results_of(step, self._registry, self._flows)
        # Of something unknown (F105, F107) at least one normal outcome is assumed.
        for name in results.normal if results else ("",):
            if name not in routes:
                yield _Leaving(onward, "free", "outcome", name)


@dataclass(frozen=True, slots=True)
class _Leaving:
    """A way out of a step, its target still as written."""

    target: str
    kind: EdgeKind
    way: Way
    name: str = ""


def _by_actions(step: HumanStep, onward: str) -> Iterator[_Leaving]:
    for action in step.actions:
        if step.run is None or action.id.text != CONFIRM:
            guarded = action.when is not None
            yield _by_route(action.route, onward, "action", action.id.text, guarded=guarded)


def _by_route(
    route: Route, onward: str, way: Way, name: str = "", *, guarded: bool = False
) -> _Leaving:
    if route.return_to is not None:
        return _Leaving(route.return_to.text, "return", way, name)
    limited = guarded or route.at_most is not None
    return _Leaving(_text(route.to, onward), "guarded" if limited else "free", way, name)


def _text(word: Word | None, default: str) -> str:
    return word.text if word else default


def _adjacent(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    adjacent: dict[str, list[str]] = {}
    for source, target in pairs:
        adjacent.setdefault(source, []).append(target)
    return adjacent


def _closure(start: set[str], adjacent: Mapping[str, list[str]]) -> set[str]:
    seen = set(start)
    waiting = list(start)
    while waiting:
        for target in adjacent.get(waiting.pop(), ()):
            if target not in seen:
                seen.add(target)
                waiting.append(target)
    return seen
