"""The law over a flow: every rule that binds it, in every circumstance it distinguishes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from quytrinh.compiler.context import Context
from quytrinh.compiler.regulation.course import Course
from quytrinh.compiler.regulation.demands import demands_of
from quytrinh.compiler.regulation.orders import dangers_of
from quytrinh.compiler.regulation.packs import BindingRule
from quytrinh.compiler.regulation.search import Danger, Piece, Search
from quytrinh.compiler.regulation.telling import story_of
from quytrinh.compiler.regulation.words import Words
from quytrinh.compiler.regulation.worlds import Facts, Truth, World, Worlds
from quytrinh.language.ast import Step
from quytrinh.language.diagnostics import Span
from quytrinh.language.regulation import Vocabulary

Ways = tuple[Truth, ...]


@dataclass(frozen=True)
class Offence:
    """A rule that a flow breaks: the shortest story, and the step where it is broken."""

    binding: BindingRule
    story: str
    span: Span
    step: str = ""

    @property
    def article(self) -> str:
        """Where the law says so, as people cite it."""
        cited = ", ".join(word.text for word in self.binding.rule.cite)
        draft = " (dự thảo)" if self.binding.pack.draft else ""
        return f"{self.binding.pack.short}{draft}, Điều {cited}"


class Law:
    """One flow before the rules that bind it."""

    def __init__(
        self,
        context: Context,
        *,
        kind: str = "",
        agency: Mapping[str, str] | None = None,
    ) -> None:
        assert context.packs.vocabulary is not None
        self.context = context
        self.kind = kind
        self.vocabulary: Vocabulary = context.packs.vocabulary
        self.course = Course(context)
        self.facts = Facts(context, self.vocabulary, agency or {})
        self.conditions = tuple(dict.fromkeys(self.course.guards()))
        self.worlds = Worlds(self.facts, self.conditions)
        self._ways: dict[int, Ways] = {}
        self.open = World({}, {}, self.facts)
        self._words: dict[str, Words] = {}

    def offences(self) -> Iterator[Offence]:
        """Every rule that is broken, once, with the shortest story over all worlds."""
        for binding in self.context.packs.rules(self.context.flow, self.kind):
            found = self.offence_against(binding)
            if found is not None:
                yield found

    def offence_against(self, binding: BindingRule) -> Offence | None:
        """How the flow breaks one rule; None if it does not."""
        if not self._speaks(binding):
            return None
        words = self._words_of(binding)
        dangers = dangers_of(binding.rule, words)
        if dangers:
            return self._shortest(binding, dangers)
        worlds = [(world, more) for world, more in self.worlds.meeting(binding.rule.when)]
        demand = demands_of(binding.rule, words, worlds)
        if demand is None:
            return None
        return Offence(binding, demand.told, demand.step.id.span, demand.step.id.text)

    def _speaks(self, binding: BindingRule) -> bool:
        document = binding.rule.when.get("document")
        return document is None or bool(set(document) & set(self.facts.documents))

    def _words_of(self, binding: BindingRule) -> Words:
        pack = binding.pack.id.text
        if pack not in self._words:
            self._words[pack] = Words(self.course, self.vocabulary, binding.pack.acts)
        return self._words[pack]

    def _shortest(self, binding: BindingRule, dangers: tuple[Danger, ...]) -> Offence | None:
        best: tuple[int, tuple[Piece, ...], World] | None = None
        possible = [each for each in dangers if each.checks and (each.at_first or each.raises)]
        if not possible:
            return None
        # With every condition open all ways are there: what holds then holds in every world.
        possible = [d for d in possible if Search(self.course, self.open, d).shortest_offence()]
        tried: set[tuple[Ways, frozenset[int]]] = set()
        for world, more in self.worlds.meeting(binding.rule.when):
            closed = self._closed({**world.facts, **more})
            key = (self._ways_of(world), closed)
            if key in tried:
                continue
            tried.add(key)
            for danger in possible:
                limited = Danger(**{**danger.__dict__, "closed": closed})
                story = Search(self.course, world, limited).shortest_offence()
                if story is not None and (best is None or len(story) < best[0]):
                    best = (len(story), story, world)
        if best is None:
            return None
        last = next(p.moment.step for p in reversed(best[1]) if p.moment.step is not None)
        told = story_of(best[1], self.context.registry, best[2], self.vocabulary, binding.rule)
        return Offence(binding, told, last.id.span, last.id.text)

    def _ways_of(self, world: World) -> Ways:
        """What decides the ways of the flow here: worlds alike in this are one to the search."""
        if id(world) not in self._ways:
            leads = (None, True, False)
            values = (world.value(text, lead) for text in self.conditions for lead in leads)
            self._ways[id(world)] = tuple(values)
        return self._ways[id(world)]

    def _closed(self, facts: Mapping[str, str]) -> frozenset[int]:
        """The moments that cannot be where these facts hold."""
        found = set()
        for name, fact in self.vocabulary.facts.items():
            for telling in fact.told_by:
                if name in facts and facts[name] not in telling.values:
                    found |= {
                        moment.number
                        for moment in self.course.moments
                        if moment.runs is not None
                        and moment.runs.text == telling.run
                        and moment.name in telling.outcomes
                    }
        return frozenset(found)


def name_of(step: Step) -> str:
    """What people call a step."""
    return step.name.text if step.name else step.id.text
