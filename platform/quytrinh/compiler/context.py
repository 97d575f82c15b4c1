"""What the rules look at: a flow, the forms and plugins it may name, and indexes over them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from quytrinh.compiler.graph import BlockGraph, block_graph
from quytrinh.compiler.parameters import references
from quytrinh.compiler.scope import Scope
from quytrinh.language.ast import (
    CallStep,
    ChooseStep,
    Expression,
    Flow,
    HumanStep,
    Resolver,
    Role,
    Route,
    ServiceStep,
    Step,
    WaitStep,
)
from quytrinh.language.diagnostics import Span
from quytrinh.language.expression_check import Checked, Problem
from quytrinh.language.form import FormDefinition, FormField
from quytrinh.language.source import Word
from quytrinh.spi import Registry

Expected = Literal["condition", "unit", "person"]


@dataclass(frozen=True)
class Place:
    """An expression, what its place needs, and what the adapter says of it."""

    expression: Expression
    expected: Expected
    checked: Checked

    def span_of(self, problem: Problem) -> Span:
        """Where in the file a problem inside the expression is."""
        span = self.expression.span
        # Folded or escaped text: the columns inside it are not those of the file.
        quotes = span.end_column - span.column - len(self.expression.text)
        if span.line != span.end_line or quotes not in (0, 2):
            return span
        return span.within(problem.offset + quotes // 2, max(1, problem.length))


@dataclass(frozen=True)
class Context:
    flow: Flow
    forms: Mapping[str, FormDefinition]
    registry: Registry

    @cached_property
    def scope(self) -> Scope:
        return Scope.of(self.flow, self.forms)

    @cached_property
    def graph(self) -> BlockGraph:
        return block_graph(self.flow.steps, self.registry)

    @cached_property
    def steps(self) -> dict[str, Step]:
        """By id; of two with one id (F005) the first."""
        return {step.id.text: step for step in reversed(tuple(self.flow.all_steps()))}

    @cached_property
    def roles(self) -> dict[str, Role]:
        return {role.id.text: role for role in self.flow.roles}

    @cached_property
    def places(self) -> tuple[Place, ...]:
        return tuple(
            Place(expression, expected, self.scope.check(expression))
            for expression, expected in self._expressions()
        )

    @property
    def all_forms_known(self) -> bool:
        return all(word.text in self.forms for word in self.flow.form_references())

    @cached_property
    def all_targets_known(self) -> bool:
        """Whether the graph has all its edges: a misspelt one would cut off what follows it."""
        named = [word.text for word in self.targets()]
        named += [word.text for _, word in self.returns()]
        return all(name == "next" or name in self.steps for name in named)

    def used_forms(self) -> Iterator[tuple[Word, FormDefinition]]:
        """Each known form once, with the first place that names it."""
        seen: set[str] = set()
        for word in self.flow.form_references():
            if word.text in self.forms and word.text not in seen:
                seen.add(word.text)
                yield word, self.forms[word.text]

    def fields_of(self, *references: Word | None) -> tuple[FormField, ...]:
        forms = (self.forms.get(word.text) for word in references if word)
        return tuple(field for form in forms if form for field in form.fields)

    def resolvers(self) -> Iterator[Resolver]:
        for role in self.flow.roles:
            yield from role.who
            yield from role.if_absent

    def parameter_references(self, kind: str) -> Iterator[Word]:
        """The parameters of plugins that name a `role` or a `slot`."""
        for use in self.flow.plugin_uses():
            if use.run.text in self.registry:
                yield from references(use, self.registry.get(use.run.text), kind)

    def targets(self) -> Iterator[Word]:
        """Every word that names a step to go on to."""
        for step in self.flow.all_steps():
            if step.to:
                yield step.to
            if isinstance(step, ChooseStep):
                yield from (case.to for case in step.cases)
        yield from (route.to for _, route in self.routes() if route.to)

    def returns(self) -> Iterator[tuple[Step, Word]]:
        """Every word that names a step to return to, with the step it stands on."""
        for step, route in self.routes():
            if route.return_to:
                yield step, route.return_to

    def routes(self) -> Iterator[tuple[Step, Route]]:
        for human in self.flow.human_steps():
            yield from ((human, action.route) for action in human.actions)
        for step in self.flow.all_steps():
            if isinstance(step, HumanStep | ServiceStep | CallStep | WaitStep):
                yield from ((step, route) for _, route in step.outcomes)
            if step.on_late and step.on_late.route:
                yield step, step.on_late.route

    def _expressions(self) -> Iterator[tuple[Expression, Expected]]:
        for resolver in self.resolvers():
            if resolver.expression:
                yield resolver.expression, "person" if resolver.kind == "person" else "unit"
            if resolver.within:
                yield resolver.within, "unit"
        for step in self.flow.all_steps():
            if step.when:
                yield step.when, "condition"
            if isinstance(step, ChooseStep):
                yield from ((case.when, "condition") for case in step.cases if case.when)
            if isinstance(step, HumanStep):
                yield from ((a.when, "condition") for a in step.actions if a.when)
