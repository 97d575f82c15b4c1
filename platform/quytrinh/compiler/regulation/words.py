"""What the selectors of a rule pick out of one flow: moments, and steps that would do an act."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from quytrinh.compiler.regulation.course import Course, Moment
from quytrinh.compiler.regulation.search import Numbers
from quytrinh.language.ast import EndStep, HumanStep, Resolver, Role, Step
from quytrinh.language.regulation import Selector, Vocabulary
from quytrinh.language.source import MapNode, Word, plain

ANY = "any"
CONTENT = "document.content"
MAIN_SLOT = "main"


class Words:
    """The selectors of a vocabulary and a pack, read against one course."""

    def __init__(
        self, course: Course, vocabulary: Vocabulary, acts: Mapping[str, tuple[Selector, ...]]
    ) -> None:
        self.course = course
        self.vocabulary = vocabulary
        self.acts = {**vocabulary.acts, **acts}
        # By identity; the selector is kept, so that no other can take its place.
        self._known: dict[int, tuple[Selector, Numbers]] = {}

    def moments(self, selectors: Iterable[Selector]) -> Numbers:
        """Every moment that one of the selectors picks."""
        found: set[int] = set()
        for selector in selectors:
            if id(selector) not in self._known:
                picked = (m.number for m in self.course.moments if self._picks(selector, m))
                self._known[id(selector)] = (selector, frozenset(picked))
            found |= self._known[id(selector)][1]
        return frozenset(found)

    def steps(self, selectors: Sequence[Selector]) -> list[Step]:
        """The steps that would do what one of the selectors tells, in the order of the text."""
        flow = self.course.context.flow
        return [step for step in flow.all_steps() if self.would_do(selectors, step)]

    def doing(self, selectors: Sequence[Selector]) -> Iterator[Moment]:
        """The moments in which one of these is done by a step, with an action or an outcome."""
        numbers = self.moments(selectors)
        return (m for m in self.course.moments if m.number in numbers and m.step is not None)

    def would_do(self, selectors: Sequence[Selector], step: Step) -> bool:
        """Whether a step is one that does this; a person alone picks all their steps."""
        return any(self._would(selector, step) for selector in self._plain_ones(selectors))

    def is_by(self, capacity: str, step: Step) -> bool:
        """Whether the role of a person's step is a way of finding people of this capacity."""
        role = self.role_of(step)
        return role is not None and any(self.fits(capacity, each) for each in role.who)

    def role_of(self, step: Step) -> Role | None:
        """The role a person's step is given to."""
        if not isinstance(step, HumanStep):
            return None
        return self.course.context.roles.get(step.by.text)

    def fits(self, capacity: str, resolver: Resolver) -> bool:
        """Whether one line of `who` finds people of this capacity."""
        for way in self.vocabulary.capacities.get(capacity, ()):
            values = way.get(resolver.kind)
            if values is not None and (ANY in values or resolver.value.text in values):
                return True
        return False

    def _plain_ones(self, selectors: Iterable[Selector]) -> Iterator[Selector]:
        """Selectors without the names of acts and without `reach`."""
        for selector in selectors:
            if selector.act is not None:
                yield from self._plain_ones(self.acts.get(selector.act.text, ()))
            elif selector.reach:
                yield from self._plain_ones(selector.reach)
            else:
                yield selector

    def _picks(self, selector: Selector, moment: Moment) -> bool:
        if selector.act is not None:
            named = self.acts.get(selector.act.text, ())
            return any(self._picks(each, moment) for each in named)
        if selector.reach:
            return moment.kind == "reach" and self.would_do(selector.reach, _of(moment))
        if selector.arrival:
            return moment.kind == "start"
        if selector.event:
            return self._is_event(selector.event, moment)
        if selector.ends:
            step = moment.step
            ends = isinstance(step, EndStep) and step.outcome.text in selector.ends
            return moment.kind == "reach" and ends
        if selector.statuses:
            return bool(_reported(moment) & set(selector.statuses))
        if moment.kind != "done" or moment.step is None:
            return False
        return self._does(selector, moment, moment.step)

    def _does(self, selector: Selector, moment: Moment, step: Step) -> bool:
        if selector.actions and (moment.way != "action" or moment.name not in selector.actions):
            return False
        if selector.writes and not self._writes(moment, step):
            return False
        if selector.by is not None and not self.is_by(selector.by.text, step):
            return False
        return selector.run is None or self._runs(selector, moment, step)

    def _runs(self, selector: Selector, moment: Moment, step: Step) -> bool:
        if moment.runs is None or selector.run is None or moment.runs.text != selector.run.text:
            return False
        given = _given(step, moment)
        if not self._has_parameters(selector, given):
            return False
        if not selector.outcomes:
            return moment.succeeded
        return ANY in selector.outcomes or moment.name in selector.outcomes

    def _has_parameters(self, selector: Selector, given: Mapping[str, Any]) -> bool:
        assert selector.run is not None
        defaults = self.vocabulary.defaults.get(selector.run.text, {})
        for name, wanted in selector.parameters.items():
            value = given.get(name, defaults.get(name))
            held = value if isinstance(value, list) else [value]
            asked = wanted if isinstance(wanted, list) else [wanted]
            if not any(each in held for each in asked):
                return False
        return True

    def _would(self, selector: Selector, step: Step) -> bool:
        if selector.condition and step.when is None:
            return False
        if selector.by is not None and not self.is_by(selector.by.text, step):
            return False
        if selector.run is None and not selector.actions and not selector.writes:
            return selector.by is not None
        done = (m for m in self.course.moments if m.kind == "done" and m.step is step)
        return any(self._does(selector, moment, step) for moment in done)

    def _writes(self, moment: Moment, step: Step) -> bool:
        if not isinstance(step, HumanStep) or not moment.forward:
            return False
        context = self.course.context
        asked = context.fields_of(step.form, moment.action.form if moment.action else None)
        return any(each.slot == MAIN_SLOT for each in asked)

    def _is_event(self, event: str, moment: Moment) -> bool:
        start = moment.start
        if moment.kind == "start":
            return start is not None and start.event is not None and start.event.text == event
        return moment.kind == "done" and moment.way == "outcome" and moment.name == event


def _of(moment: Moment) -> Step:
    assert moment.step is not None
    return moment.step


def _given(step: Step, moment: Moment) -> Mapping[str, Any]:
    node = moment.action.parameters if moment.action else getattr(step, "parameters", None)
    return plain(node) if isinstance(node, MapNode) else {}


def _reported(moment: Moment) -> set[str]:
    """The statuses told to the sender at a moment."""
    step = moment.step
    if step is None:
        return set()
    if moment.kind == "reach":
        return _texts(step.reports.enter if step.reports else None)
    if moment.runs is not None and moment.runs.text == "exchange.report" and moment.succeeded:
        return {str(_given(step, moment).get("status", ""))}
    own = moment.action.reports if moment.action else None
    usual = step.reports.done if step.reports and moment.forward else None
    return _texts(own or usual)


def _texts(word: Word | None) -> set[str]:
    return {word.text} if word else set()
