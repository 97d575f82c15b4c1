"""What the rules look at: a flow, what it may name, and indexes over them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from quytrinh.compiler.filled import Filled
from quytrinh.compiler.graph import FlowGraph
from quytrinh.compiler.nesting import Nesting
from quytrinh.compiler.outcomes import routes_of
from quytrinh.compiler.parameters import references
from quytrinh.compiler.regulation.packs import NO_PACKS, Packs
from quytrinh.compiler.scope import Names, Scope
from quytrinh.compiler.signatures import Signatures
from quytrinh.compiler.sites import RoleUse, Site, role_uses, sites
from quytrinh.language.ast import ChooseStep, Flow, HumanStep, Resolver, Role, Route, Step
from quytrinh.language.diagnostics import Span
from quytrinh.language.expression_check import Checked, Problem
from quytrinh.language.form import FormDefinition, FormField
from quytrinh.language.schema import CALENDARS
from quytrinh.language.settings import Values
from quytrinh.language.source import Word
from quytrinh.spi import Registry


@dataclass(frozen=True)
class Place:
    """An expression in its place, the names it sees, and what the adapter says of it."""

    site: Site
    names: Names
    checked: Checked

    @property
    def kind(self) -> str:
        return self.names.kind_of(self.site.expression.text)

    def span_of(self, problem: Problem) -> Span:
        """Where in the file a problem inside the expression is."""
        return self.span_at(problem.offset, problem.length)

    def span_at(self, offset: int, length: int) -> Span:
        span = self.site.expression.span
        # Folded or escaped text: the columns inside it are not those of the file.
        quotes = span.end_column - span.column - len(self.site.expression.text)
        if span.line != span.end_line or quotes not in (0, 2):
            return span
        return span.within(offset + quotes // 2, max(1, length))


@dataclass(frozen=True)
class Context:
    flow: Flow
    forms: Mapping[str, FormDefinition]
    registry: Registry
    flows: Signatures = field(default_factory=dict)
    calendars: Collection[str] = CALENDARS
    packs: Packs = NO_PACKS
    # The agency's values of the flow's parameters, where they are known.
    settings: Values = field(default_factory=dict)

    @cached_property
    def scope(self) -> Scope:
        return Scope.of(self.flow, self.forms)

    @property
    def nesting(self) -> Nesting:
        return self.scope.nesting

    @cached_property
    def graph(self) -> FlowGraph:
        return FlowGraph(self.nesting, self.registry, self.flows)

    @cached_property
    def filled(self) -> Filled:
        return Filled(self.flow, self.graph, self.forms)

    @cached_property
    def steps(self) -> dict[str, Step]:
        """By id; of two with one id (F005) the first."""
        return {step.id.text: step for step in reversed(tuple(self.flow.all_steps()))}

    @cached_property
    def roles(self) -> dict[str, Role]:
        return {role.id.text: role for role in self.flow.roles}

    @cached_property
    def role_uses(self) -> tuple[RoleUse, ...]:
        """Every place that names a role, plugins' parameters included."""
        named = (
            RoleUse(word, use.step)
            for use in self.flow.plugin_uses()
            if use.run.text in self.registry
            for word in references(use, self.registry.get(use.run.text), "role")
        )
        return (*role_uses(self.flow), *named)

    @cached_property
    def places(self) -> tuple[Place, ...]:
        more = self.role_uses[len(tuple(role_uses(self.flow))) :]
        return tuple(self._place(site) for site in sites(self.flow, more))

    def _place(self, site: Site) -> Place:
        names = self.scope.names_at(site)
        return Place(site, names, names.check(site.expression.text))

    @property
    def all_forms_known(self) -> bool:
        return all(word.text in self.forms for word in self.flow.form_references())

    @cached_property
    def all_targets_known(self) -> bool:
        """Whether the graphs have all their edges: a misspelt one would cut off what follows it."""
        return all(graph.whole for graph in self.graph.blocks)

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
        """The parameters of plugins that name a `role`, a `slot` or a `step`."""
        for use in self.flow.plugin_uses():
            if use.run.text in self.registry:
                yield from references(use, self.registry.get(use.run.text), kind)

    def targets(self) -> Iterator[tuple[Step, Word]]:
        """Every word that names a step to go on to, with the step it stands on."""
        for step in self.flow.all_steps():
            if step.to:
                yield step, step.to
            if isinstance(step, ChooseStep):
                yield from ((step, case.to) for case in step.cases)
        yield from ((step, route.to) for step, route in self.routes() if route.to)

    def returns(self) -> Iterator[tuple[Step, Route, Word]]:
        """Every route that leads back, with the step it stands on and the word for where to."""
        for step, route in self.routes():
            if route.return_to:
                yield step, route, route.return_to

    def routes(self) -> Iterator[tuple[Step, Route]]:
        for step in self.flow.all_steps():
            if isinstance(step, HumanStep):
                yield from ((step, action.route) for action in step.actions)
            yield from ((step, route) for _, route in routes_of(step))
            if step.on_late and step.on_late.route:
                yield step, step.on_late.route
