"""Loops that machines alone would run: ways on which no person acts and no time passes."""

from __future__ import annotations

from collections.abc import Iterator

from quytrinh.compiler.graph import EXIT, BlockGraph, FlowGraph
from quytrinh.language.ast import CallStep, EachStep, HumanStep, ParallelStep, Step, WaitStep


def machine_loops(graph: FlowGraph) -> Iterator[tuple[str, ...]]:
    """The steps of each such loop, in the order of the text."""
    ways = _MachineWays(graph)
    for block in graph.blocks:
        yield from _loops(block, ways.of(block))


class _MachineWays:
    """Which steps a machine leads to from each step of a block, by block."""

    def __init__(self, graph: FlowGraph) -> None:
        self._graph = graph
        self._known: dict[BlockGraph, dict[str, set[str]]] = {}

    def of(self, block: BlockGraph) -> dict[str, set[str]]:
        if block not in self._known:
            self._known[block] = self._ways(block)
        return self._known[block]

    def _ways(self, block: BlockGraph) -> dict[str, set[str]]:
        steps = {step.id.text: step for step in block.steps}
        ways: dict[str, set[str]] = {name: set() for name in steps}
        for edge in block.edges:
            at_once = self._at_once(steps[edge.source])
            if edge.way == "inside":
                at_once = self._leads_to(edge.source, edge.name)
            if edge.way == "passed" or (at_once and edge.way != "late"):
                ways[edge.source].add(edge.target)
        return ways

    def _at_once(self, step: Step) -> bool:
        """Whether a step can be over without a person and without time passing."""
        match step:
            case HumanStep() | WaitStep() | CallStep():
                return False
            case ParallelStep():
                over = [
                    branch.when is not None or self._can_exit(inside)
                    for branch, inside in zip(
                        step.branches, self._graph.inside(step.id.text), strict=False
                    )
                ]
                return all(over) if step.join.kind == "all" else any(over)
            case EachStep():
                # Any list but a fixed one may be empty.
                inside = self._graph.inside(step.id.text)
                return not step.members.units or any(map(self._can_exit, inside))
        return True

    def _can_exit(self, block: BlockGraph) -> bool:
        return EXIT in self._reached(block)

    def _leads_to(self, owner: str, step: str) -> bool:
        """Whether a machine can come to a step inside a block and return out of it."""
        home = self._graph.nesting.home[step]
        inside = next(
            (each for each in self._graph.inside(owner) if each.nest in tuple(home.outward())), None
        )
        if inside is None:
            return False
        standing = self._graph.nesting.standing_in(inside.nest, step) or step
        if standing not in self._reached(inside):
            return False
        if standing != step:
            return self._leads_to(standing, step)
        found = next(each for each in inside.steps if each.id.text == step)
        return self._at_once(found)

    def _reached(self, block: BlockGraph) -> set[str]:
        ways = self.of(block)
        first = block.steps[0].id.text
        seen, waiting = {first}, [first]
        while waiting:
            for target in ways.get(waiting.pop(), ()):
                if target not in seen:
                    seen.add(target)
                    waiting.append(target)
        return seen


def _loops(block: BlockGraph, ways: dict[str, set[str]]) -> Iterator[tuple[str, ...]]:
    told: set[str] = set()
    for step in block.steps:
        name = step.id.text
        if name in told:
            continue
        after = _after(name, ways)
        if name in after:
            loop = [each.id.text for each in block.steps if each.id.text in after]
            loop = [each for each in loop if name in _after(each, ways)]
            told |= set(loop)
            yield tuple(loop)


def _after(start: str, ways: dict[str, set[str]]) -> set[str]:
    seen: set[str] = set()
    waiting = [start]
    while waiting:
        for target in ways.get(waiting.pop(), ()):
            if target not in seen:
                seen.add(target)
                waiting.append(target)
    return seen
