"""What a case must already have to go on from a step: facts read later that nothing gives it.

Liveness over each block's graph: a fact is needed at a step if something there reads it, or if a
way leads on to where it is needed without making it certain. A step needs of that only what the
flow itself promises on arrival; the rest is guarded where it is read (F403).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial

from quytrinh.compiler.context import Context
from quytrinh.compiler.graph import EXIT, BlockGraph
from quytrinh.language.ast import Flow, HumanStep, Step
from quytrinh.language.expression_reads import fact_of, unsure_reads
from quytrinh.language.form import FormDefinition
from quytrinh.spi import Registry

Facts = frozenset[str]
NOTHING: Facts = frozenset()


def needs_of(
    flow: Flow, forms: Mapping[str, FormDefinition], registry: Registry
) -> dict[str, tuple[str, ...]]:
    """Step -> the facts (`case.area`, `docs.main`, `steps.review`, `item.note`) it takes for
    granted, of a flow without errors."""
    needs = _Needs(Context(flow, forms, registry))
    return {step.id.text: needs.at(step.id.text) for step in flow.all_steps()}


class _Needs:
    def __init__(self, context: Context) -> None:
        self._context = context
        self._own = dict.fromkeys(context.steps, NOTHING)
        for step, fact in self._reads():
            self._own[step.id.text] |= {fact}
        self._live: dict[str, Facts] = {}
        self._spread(context.graph.top, NOTHING)

    def at(self, step: str) -> tuple[str, ...]:
        """What a step takes for granted, by name."""
        certain = self._context.filled.certain_at(step)
        return tuple(sorted(self._live.get(step, NOTHING) & certain))

    def _reads(self) -> Iterator[tuple[Step, str]]:
        """Every fact that is read without being asked for, with the step it is read at."""
        filled = self._context.filled
        for place in self._context.places:
            step, may_read = place.site.step, partial(filled.can_read, 0, place.names)
            if step is not None:
                for name in unsure_reads(place.site.expression.text, may_read):
                    yield step, fact_of(name)
        for use in self._context.role_uses:
            role = self._context.roles.get(use.role.text)
            for resolver in role.who if role and use.step and not role.if_absent else ():
                performer = self._context.steps.get(resolver.value.text)
                if resolver.kind == "performer_of" and isinstance(performer, HumanStep):
                    assert use.step is not None
                    yield use.step, f"steps.{resolver.value.text}"

    def _spread(self, graph: BlockGraph, out: Facts) -> None:
        """Note what is needed at every step of a block, then inside the blocks it contains."""
        live = self._solve(graph, out)
        for step in graph.steps:
            self._live.setdefault(step.id.text, live[step.id.text])
        for step in graph.steps:
            for inside in self._context.graph.inside(step.id.text):
                self._spread(inside, self._own[step.id.text] | self._onward(graph, step, live))

    def _solve(self, graph: BlockGraph, out: Facts) -> dict[str, Facts]:
        live = {step.id.text: self._within(step) for step in graph.steps} | {EXIT: out}
        steps = {step.id.text: step for step in graph.steps}
        changed = True
        while changed:
            changed = False
            for name, step in steps.items():
                found = live[name] | self._onward(graph, step, live)
                changed |= found != live[name]
                live[name] = found
        return live

    def _onward(self, graph: BlockGraph, step: Step, live: Mapping[str, Facts]) -> Facts:
        """What is needed wherever a step leads, less what leaving it makes certain."""
        found = NOTHING
        for edge in graph.edges:
            if edge.source == step.id.text:
                gained = self._context.filled.gained_along(edge, step)
                found |= live[edge.target] - gained
        return found

    def _within(self, step: Step) -> Facts:
        """What a step and all those inside it read."""
        found = self._own[step.id.text]
        for inside in self._context.graph.inside(step.id.text):
            for inner in inside.steps:
                found |= self._within(inner)
        return found
