"""The graph of a block: which step leads to which, and on what condition."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from quytrinh.language.ast import ChooseStep, EndStep, HumanStep, Route, ServiceStep, Step
from quytrinh.language.schema import CONFIRM
from quytrinh.language.source import Word
from quytrinh.spi import Registry

NEXT = "next"
EdgeKind = Literal["free", "guarded", "return"]
Target = tuple[str, EdgeKind]


@dataclass(frozen=True)
class Edge:
    """`free` forward edges can always be taken; `guarded` ones depend on `when` or `at_most`."""

    source: str
    target: str
    kind: EdgeKind


@dataclass(frozen=True)
class BlockGraph:
    """Edges of one list of steps; `run_out` = the steps whose next is not there."""

    steps: tuple[Step, ...]
    edges: tuple[Edge, ...]
    run_out: tuple[Step, ...]

    @cached_property
    def reached_from_first(self) -> set[str]:
        """Steps that some forward way leads to."""
        forward = _adjacent((e.source, e.target) for e in self.edges if e.kind != "return")
        return _closure({self.steps[0].id.text}, forward)

    @cached_property
    def can_finish(self) -> set[str]:
        """Steps from which an end can be reached by free edges alone."""
        ends = {step.id.text for step in self.steps if isinstance(step, EndStep)}
        free = [(edge.target, edge.source) for edge in self.edges if edge.kind == "free"]
        # A step that is at fault itself (F203, F208) must not put all steps before it in the wrong.
        faulty = {step.id.text for step in self.run_out}
        human = {step.id.text for step in self.steps if isinstance(step, HumanStep)}
        faulty |= human - {source for _, source in free}
        return _closure(ends | faulty, _adjacent(free))

    def before(self, step: str) -> set[str]:
        """Steps that can have been done when the token comes to this one."""
        return _closure(set(self._back.get(step, ())), self._back)

    @cached_property
    def _back(self) -> dict[str, list[str]]:
        return _adjacent((e.target, e.source) for e in self.edges if e.kind != "return")


def block_graph(steps: tuple[Step, ...], registry: Registry) -> BlockGraph:
    known = {step.id.text for step in steps}
    edges: list[Edge] = []
    run_out: list[Step] = []
    following = [*(step.id.text for step in steps[1:]), None]
    for step, after in zip(steps, following, strict=True):
        for target, kind in _targets(step, registry):
            if target == NEXT and after is None:
                run_out.append(step)
            resolved = after if target == NEXT else target
            if resolved in known and resolved is not None:
                edges.append(Edge(step.id.text, resolved, kind))
    return BlockGraph(steps, tuple(edges), tuple(dict.fromkeys(run_out)))


def _targets(step: Step, registry: Registry) -> Iterator[Target]:
    if step.when is not None:
        yield NEXT, "free"
    onward = _text(step.to)
    if isinstance(step, ChooseStep):
        for case in step.cases:
            yield case.to.text, "free"
    elif isinstance(step, HumanStep):
        for action in step.actions:
            if step.run is None or action.id.text != CONFIRM:
                yield _route_target(action.route, onward, guarded=action.when is not None)
    if isinstance(step, HumanStep | ServiceStep) and step.run is not None:
        yield from _outcome_targets(step, step.run.text, onward, registry)


def _outcome_targets(
    step: HumanStep | ServiceStep, run: str, onward: str, registry: Registry
) -> Iterator[Target]:
    named = {outcome.text: route for outcome, route in step.outcomes}
    for route in named.values():
        yield _route_target(route, onward, guarded=False)
    plugin = registry.get(run) if run in registry else None
    # Of an unknown plugin (F105) at least one normal outcome is assumed.
    normal = [each.id for each in plugin.outcomes if each.normal] if plugin else [""]
    if any(outcome not in named for outcome in normal):
        yield onward, "free"


def _route_target(route: Route, onward: str, *, guarded: bool) -> Target:
    if route.return_to is not None:
        return route.return_to.text, "return"
    limited = guarded or route.at_most is not None
    return (route.to.text if route.to else onward), ("guarded" if limited else "free")


def _text(word: Word | None) -> str:
    return word.text if word else NEXT


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
