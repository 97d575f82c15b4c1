"""Which business statuses may have been told before another, on the ways through a procedure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from quytrinh.compiler.graph import BlockGraph, Edge, FlowGraph
from quytrinh.language.ast import EachStep, EndStep, Flow, HumanStep, Step
from quytrinh.language.source import Word

# A status, and those after which the exchange does not take it any more.
REFUSED_AFTER: dict[str, frozenset[str]] = {
    "02": frozenset({"03", "04", "05", "06"}),
    "03": frozenset({"02", "06"}),
    "04": frozenset({"02", "05", "06"}),
    "05": frozenset({"02", "06"}),
    "06": frozenset({"02"}),
    "13": frozenset({"02", "06"}),
    "15": frozenset({"16"}),
    "16": frozenset({"15"}),
}
# What may have been told, each with the step that told it.
Told = dict[str, str]


@dataclass(frozen=True)
class Refused:
    """A status that comes too late: told at the end of a way on which `earlier` was told first."""

    word: Word
    earlier: str
    way: tuple[str, ...]


def refused_orders(flow: Flow, graph: FlowGraph) -> Iterator[Refused]:
    """Every status refused on some forward way. Returns tell nothing anew: that is journalled."""
    if any(True for _ in flow.statuses()):
        yield from _Teller(graph).block(graph.top, {})


class _Teller:
    def __init__(self, graph: FlowGraph) -> None:
        self._graph = graph
        self._all: dict[BlockGraph, Told] = {}

    def block(self, graph: BlockGraph, start: Told) -> Iterator[Refused]:
        known = self._solve(graph, start)
        for step in graph.steps:
            before = known.get(step.id.text)
            if before is None:
                continue
            yield from self._step(graph, step, before)
            for inside in self._graph.inside(step.id.text):
                yield from self.block(inside, self._beside(step, inside, before))

    def _step(self, graph: BlockGraph, step: Step, before: Told) -> Iterator[Refused]:
        entering, leaving = _told_at(step)
        for word in entering:
            yield from self._refused(graph, step, word, before)
        entered = {**before, **{word.text: step.id.text for word in entering}}
        for word in leaving:
            yield from self._refused(graph, step, word, entered)

    def _refused(
        self, graph: BlockGraph, step: Step, word: Word, before: Told
    ) -> Iterator[Refused]:
        for earlier in sorted(REFUSED_AFTER.get(word.text, frozenset()) & before.keys()):
            way = self._way(graph, before[earlier], step.id.text)
            yield Refused(word, earlier, way)

    def _way(self, graph: BlockGraph, source: str, target: str) -> tuple[str, ...]:
        """The shortest way between two steps, in the innermost block that holds both."""
        for nest in self._graph.nesting.home[target].outward():
            first = self._graph.nesting.standing_in(nest, source)
            last = self._graph.nesting.standing_in(nest, target)
            block = next(each for each in self._graph.blocks if each.nest is nest)
            if first and last:
                middle = _shortest(block, first, last)
                return tuple(dict.fromkeys((source, *middle[1:-1], target)))
        return (source, target)

    def _beside(self, step: Step, inside: BlockGraph, before: Told) -> Told:
        """At the beginning of a branch: what the others may tell meanwhile is told as well."""
        told = dict(before)
        for other in self._graph.inside(step.id.text):
            if other is not inside or isinstance(step, EachStep):
                told |= self._everything(other)
        entering, _ = _told_at(step)
        return told | {word.text: step.id.text for word in entering}

    def _everything(self, graph: BlockGraph) -> Told:
        """Whatever is told in a block, the blocks inside it included."""
        if graph not in self._all:
            told: Told = {}
            for step in graph.steps:
                for words in _told_at(step):
                    told |= {word.text: step.id.text for word in words}
                for inside in self._graph.inside(step.id.text):
                    told |= self._everything(inside)
            self._all[graph] = told
        return self._all[graph]

    def _solve(self, graph: BlockGraph, start: Told) -> dict[str, Told]:
        steps = {step.id.text: step for step in reversed(graph.steps)}
        known: dict[str, Told] = {graph.steps[0].id.text: dict(start)}
        changed = True
        while changed:
            changed = False
            for edge in graph.edges:
                if edge.kind == "return" or edge.source not in known:
                    continue
                after = {**self._along(edge, steps[edge.source]), **known[edge.source]}
                changed |= edge.target not in known
                target = known.setdefault(edge.target, {})
                missing = {code: by for code, by in after.items() if code not in target}
                target.update(missing)
                changed |= bool(missing)
        return known

    def _along(self, edge: Edge, step: Step) -> Told:
        if edge.way == "passed":
            return {}
        words = [step.reports.enter] if step.reports and step.reports.enter else []
        if edge.way in ("action", "outcome", "case", "done") and (done := _done(step, edge)):
            words.append(done)
        told = {word.text: step.id.text for word in words}
        for inside in self._graph.inside(step.id.text):
            told |= self._everything(inside)
        return told


def _done(step: Step, edge: Edge) -> Word | None:
    """What leaving a step along an edge tells: the action's own status, else the step's."""
    own = step.reports.done if step.reports else None
    if edge.way == "action" and isinstance(step, HumanStep):
        action = next((each for each in step.actions if each.id.text == edge.name), None)
        # Where a plugin does the step, its outcome completes it, not another decision.
        return (action.reports if action else None) or (None if step.run else own)
    return own


def _told_at(step: Step) -> tuple[list[Word], list[Word]]:
    """The statuses told on coming to a step, and on leaving it forward."""
    entering = [step.reports.enter] if step.reports and step.reports.enter else []
    done = [step.reports.done] if step.reports and step.reports.done else []
    if isinstance(step, HumanStep):
        forward = [each for each in step.actions if not each.route.return_to]
        own = [each.reports for each in forward if each.reports]
        done = [*own, *(done if step.run or len(own) < len(forward) else [])]
    if isinstance(step, EndStep):
        return done, []
    return entering, done


def _shortest(graph: BlockGraph, source: str, target: str) -> tuple[str, ...]:
    ways: list[tuple[str, ...]] = [(source,)]
    seen = {source}
    for way in ways:
        if way[-1] == target:
            return way
        for edge in graph.edges:
            if edge.source == way[-1] and edge.kind != "return" and edge.target not in seen:
                seen.add(edge.target)
                ways.append((*way, edge.target))
    return (source, target)
