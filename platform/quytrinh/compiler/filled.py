"""What is certainly there when an expression is evaluated: fields, documents, results of steps.

A forward pass over each block's graph; a fact holds at a step when it holds on every way to it.
Facts are bits of whole numbers. A field is gained where a form requires it, and lost where a form
offers it without requiring it, since what was entered earlier may be emptied there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from quytrinh.compiler.graph import EXIT, BlockGraph, Edge, FlowGraph
from quytrinh.compiler.outcomes import FAILED
from quytrinh.compiler.scope import Names
from quytrinh.compiler.sites import Moment
from quytrinh.language.ast import (
    Action,
    CallStep,
    ChooseStep,
    EachStep,
    Expression,
    Flow,
    HumanStep,
    ParallelStep,
    ServiceStep,
    Start,
    Step,
)
from quytrinh.language.expression_reads import facts_if
from quytrinh.language.form import FormDefinition, FormField
from quytrinh.language.schema import CALL_EVENT, CONFIRM
from quytrinh.language.source import Word

EVERYTHING = -1
# Every case has these from its first moment (runtime/facts.py).
ALWAYS = frozenset(
    f"case.{name}" for name in ("code", "agency", "unit", "started_at", "subject", "urgency")
)
FROM_MESSAGE = ("case.source", "case.received_at")
_OF_MEMBER = frozenset({"unit", "person", "agency", "lead"})


class Filled:
    """The facts of one flow, by step."""

    def __init__(self, flow: Flow, graph: FlowGraph, forms: Mapping[str, FormDefinition]) -> None:
        self._flow = flow
        self._graph = graph
        self._forms = forms
        self._bits: dict[str, int] = {}
        self._summaries: dict[BlockGraph, tuple[int, int]] = {}
        self._arrivals: dict[str, int] = {}
        self._by_forms: dict[tuple[object, ...], tuple[int, int]] = {}
        self._start = self._at_start()
        self._spread(graph.top, self._start)

    def at(self, step: Step | None, moment: Moment, detail: str = "") -> int:
        """The facts when an expression of a step is evaluated, for `is_sure`."""
        if step is None:
            return self._start if moment == "start" else 0
        state = self._arrivals.get(step.id.text, EVERYTHING)
        if moment == "arrival":
            return state
        state = self._entered(step, state)
        if moment == "case" and isinstance(step, ChooseStep):
            return self._after_cases(step, int(detail), state)
        if moment == "join":
            state &= ~self._losses(step)
        return state

    def is_sure(self, state: int, fact: str) -> bool:
        """Whether a name is certainly filled."""
        return fact in ALWAYS or bool(state & self._bits.get(fact, 0)) or state == EVERYTHING

    def can_read(self, state: int, names: Names, fact: str) -> bool:
        """Whether a name can be read: a list that was never filled is empty."""
        root, _, rest = fact.partition(".")
        if root not in ("case", "docs", "steps", "item") or not rest:
            return True
        if names.variables.get(fact, "").startswith("list<"):
            return True
        if root == "item" and fact.split(".")[-1] in (*_OF_MEMBER, "outer"):
            return True
        return self.is_sure(state, fact)

    def certain_at(self, step: str) -> frozenset[str]:
        """The facts that hold whenever the token comes to a step, those of every case excepted."""
        return self._named(self._arrivals.get(step, EVERYTHING))

    def gained_along(self, edge: Edge, step: Step) -> frozenset[str]:
        """The facts that leaving a step by an edge makes certain, whatever held before."""
        return self._named(self._along(edge, step, 0))

    def _named(self, state: int) -> frozenset[str]:
        return frozenset(fact for fact, bit in self._bits.items() if state & bit)

    def _bit(self, fact: str) -> int:
        return self._bits.setdefault(fact, 1 << len(self._bits))

    def _mask(self, facts: Iterable[str]) -> int:
        mask = 0
        for fact in facts:
            mask |= self._bit(fact)
        return mask

    def _if(self, condition: Expression | None, truth: bool) -> int:
        return self._mask(facts_if(condition.text, truth)) if condition else 0

    def _at_start(self) -> int:
        base = self._bit("case.due_at") if self._flow.due else 0
        starts = [self._begun_by(start) for start in self._flow.starts]
        common = starts[0] if starts else self._bit("case.creator")
        for each in starts[1:]:
            common &= each
        return base | common

    def _begun_by(self, start: Start) -> int:
        called = start.event is not None and start.event.text == CALL_EVENT
        gained, _ = self._form((start.form,), "case", complete=True)
        if start.by or called:
            gained |= self._bit("case.creator")
        elif start.event:
            gained |= self._mask(FROM_MESSAGE)
        return gained

    def _spread(self, graph: BlockGraph, start: int) -> None:
        """Note the facts at every step of a block, then at those of the blocks inside it."""
        arrivals = self._solve(graph, start)
        for step in graph.steps:
            self._arrivals.setdefault(step.id.text, arrivals[step.id.text])
        for step in graph.steps:
            for position, inside in enumerate(self._graph.inside(step.id.text)):
                self._spread(inside, self._into(step, position, arrivals[step.id.text]))

    def _into(self, step: Step, position: int, state: int) -> int:
        """The facts at the first step of a block inside a step."""
        state = self._entered(step, state)
        if isinstance(step, EachStep):
            return self._renamed(state)
        if isinstance(step, ParallelStep) and position < len(step.branches):
            for number, other in enumerate(self._graph.inside(step.id.text)):
                if number != position and state != EVERYTHING:
                    state &= ~self._summary(other)[0]
            state |= self._if(step.branches[position].when, True)
        return state

    def _renamed(self, state: int) -> int:
        """Inside an `each`: what was `item` is `item.outer`."""
        if state == EVERYTHING:
            return state
        moved = 0
        for fact, bit in tuple(self._bits.items()):
            if state & bit:
                outer = fact.startswith("item.")
                moved |= self._bit(f"item.outer.{fact[5:]}") if outer else bit
        return moved

    def _solve(self, graph: BlockGraph, start: int) -> dict[str, int]:
        """The facts at each step and at the way out, by passes until nothing changes."""
        first = graph.steps[0].id.text
        steps = {step.id.text: step for step in reversed(graph.steps)}
        arrivals = {**dict.fromkeys(steps, EVERYTHING), EXIT: EVERYTHING, first: start}
        changed = True
        while changed:
            changed = False
            for edge in graph.edges:
                before = arrivals[edge.source]
                if before == EVERYTHING:
                    continue
                after = arrivals[edge.target] & self._along(edge, steps[edge.source], before)
                if after != arrivals[edge.target]:
                    arrivals[edge.target] = after
                    changed = True
        return arrivals

    def _along(self, edge: Edge, step: Step, state: int) -> int:
        if edge.way == "passed":
            return state | self._if(step.when, False)
        state = self._entered(step, state)
        match edge.way:
            case "action" if isinstance(step, HumanStep):
                return self._acted(step, edge.name, state) | self._done(step)
            case "case" if isinstance(step, ChooseStep):
                number = int(edge.name)
                found = self._if(step.cases[number].when, True)
                return self._after_cases(step, number, state) | found
            case "outcome":
                return self._ended(step, edge.name, state)
            case "done":
                return self._joined(step, state)
        return state & ~self._losses(step)

    def _entered(self, step: Step, state: int) -> int:
        return state | self._if(step.when, True)

    def _after_cases(self, step: ChooseStep, number: int, state: int) -> int:
        for case in step.cases[:number]:
            state |= self._if(case.when, False)
        return state

    def _done(self, step: Step) -> int:
        return self._bit(f"steps.{step.id.text}")

    def _acted(self, step: HumanStep, name: str, state: int) -> int:
        action = next((each for each in step.actions if each.id.text == name), None)
        if action is None:
            return state
        complete = not (action.incomplete or action.route.return_to)
        root = self._root(step)
        gained, lost = self._form((step.form, action.form), root, complete=complete)
        required = self._mask(f"{root}.{word.text}" for word in action.requires)
        return (state & ~lost) | gained | required

    def _ended(self, step: Step, outcome: str, state: int) -> int:
        if isinstance(step, HumanStep):
            state = self._acted(step, CONFIRM, state)
        told = isinstance(step, HumanStep | ServiceStep | CallStep) and outcome != FAILED
        return state | self._done(step) if told else state

    def _joined(self, step: Step, state: int) -> int:
        if not isinstance(step, ParallelStep):
            return state
        gained = 0
        inside = self._graph.inside(step.id.text)
        for branch, block in zip(step.branches, inside, strict=False):
            if step.join.kind == "all" and branch.when is None:
                gained |= self._summary(block)[1]
        return (state & ~self._losses(step)) | gained

    def _losses(self, step: Step) -> int:
        """What may be lost while the blocks of a step run; an `each` never writes the case."""
        lost = 0
        if isinstance(step, ParallelStep):
            for block in self._graph.inside(step.id.text):
                lost |= self._summary(block)[0]
        return lost

    def _summary(self, graph: BlockGraph) -> tuple[int, int]:
        """What a branch may lose, and what it certainly gains from its beginning to its end."""
        if graph not in self._summaries:
            lost = 0
            for step in graph.steps:
                lost |= self._losses(step)
                if isinstance(step, HumanStep):
                    for action in step.actions:
                        lost |= self._lost_by(step, action)
            gained = self._solve(graph, 0)[EXIT]
            self._summaries[graph] = (lost, 0 if gained == EVERYTHING else gained)
        return self._summaries[graph]

    def _lost_by(self, step: HumanStep, action: Action) -> int:
        complete = not (action.incomplete or action.route.return_to)
        return self._form((step.form, action.form), self._root(step), complete=complete)[1]

    def _root(self, step: Step) -> str:
        return "item" if self._graph.nesting.eaches(step.id.text) else "case"

    def _form(
        self, words: tuple[Word | None, ...], root: str, *, complete: bool
    ) -> tuple[int, int]:
        """What filling these forms makes certain, and what it may empty."""
        key = (*(word.text if word else "" for word in words), root, complete)
        if key not in self._by_forms:
            self._by_forms[key] = self._filling(words, root, complete=complete)
        return self._by_forms[key]

    def _filling(
        self, words: tuple[Word | None, ...], root: str, *, complete: bool
    ) -> tuple[int, int]:
        gained = lost = 0
        for form in (self._forms.get(word.text) for word in words if word):
            for field in form.fields if form else ():
                sure = complete and form is not None and _always_asked(form, field)
                if field.slot is not None:
                    # A file once given stays, whether another is given or not.
                    gained |= self._bit(f"docs.{field.slot}") if sure else 0
                elif sure:
                    gained |= self._bit(f"{root}.{field.id.text}")
                else:
                    lost |= self._bit(f"{root}.{field.id.text}")
        return gained, lost


def _always_asked(form: FormDefinition, field: FormField) -> bool:
    """Whether a form cannot be completed without this field."""
    return field.id.text in form.required and "x-when" not in field.schema
