"""What a flow's text says, as frozen data; places do not take part in comparison."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from quytrinh.language.diagnostics import Span
from quytrinh.language.source import Node, Word


@dataclass(frozen=True, kw_only=True)
class Expression:
    """A CEL text; its problems carry columns of its own, from 0."""

    text: str
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, kw_only=True)
class Resolver:
    """One line of `who`: a kind (`role`, `head_of` …), its value, and for some a unit."""

    kind: str
    value: Word
    within: Expression | None = None
    span: Span = field(compare=False, repr=False)

    @property
    def expression(self) -> Expression | None:
        """The value where it is an expression."""
        if self.kind in ("head_of", "members_of", "person"):
            return Expression(text=self.value.text, span=self.value.span)
        return None


@dataclass(frozen=True, kw_only=True)
class Role:
    id: Word
    name: Word
    who: tuple[Resolver, ...]
    if_absent: tuple[Resolver, ...] = ()
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, kw_only=True)
class Start:
    """A person of a role begins (`by`), or a message does (`event`)."""

    by: Word | None = None
    form: Word | None = None
    event: Word | None = None
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, kw_only=True)
class Due:
    within: Word
    by_urgency: tuple[tuple[Word, Word], ...] = ()
    calendar: Word | None = None
    cite: tuple[Word, ...] = ()
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, kw_only=True)
class Route:
    """Forward (`to`; neither = the step's own) or back (`return_to`)."""

    to: Word | None = None
    return_to: Word | None = None
    then: str = "onwards"
    at_most: int | None = None
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, kw_only=True)
class Action:
    id: Word
    label: Word
    route: Route
    comment: str
    when: Expression | None = None
    form: Word | None = None
    requires: tuple[Word, ...] = ()
    incomplete: bool = False
    run: Word | None = None
    parameters: Node | None = None
    reports: Word | None = None
    cite: tuple[Word, ...] = ()
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, kw_only=True)
class Reports:
    """Business statuses told to the sender of the document: on arrival here, when done."""

    enter: Word | None = None
    done: Word | None = None

    def words(self) -> tuple[Word, ...]:
        return tuple(word for word in (self.enter, self.done) if word)


@dataclass(frozen=True, kw_only=True)
class Case:
    """One line of a `choose`; `when` None = else."""

    when: Expression | None
    to: Word
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, kw_only=True)
class Step:
    """What all steps have."""

    id: Word
    name: Word | None = None
    help: Word | None = None
    when: Expression | None = None
    to: Word | None = None
    due: Due | None = None
    reports: Reports | None = None
    cite: tuple[Word, ...] = ()
    span: Span = field(compare=False, repr=False)


Outcomes = tuple[tuple[Word, Route], ...]


@dataclass(frozen=True, kw_only=True)
class HumanStep(Step):
    """With `run`, a person confirms and a plugin does it: its action `confirm` starts it."""

    by: Word
    form: Word | None = None
    actions: tuple[Action, ...]
    run: Word | None = None
    parameters: Node | None = None
    outcomes: Outcomes = ()


@dataclass(frozen=True, kw_only=True)
class ServiceStep(Step):
    run: Word
    parameters: Node | None = None
    outcomes: Outcomes = ()


@dataclass(frozen=True, kw_only=True)
class PluginUse:
    """A place that runs a plugin: a machine step, a confirmed step, or one action."""

    step: Step
    run: Word
    parameters: Node | None = None
    outcomes: Outcomes = ()
    action: Action | None = None


@dataclass(frozen=True, kw_only=True)
class ChooseStep(Step):
    cases: tuple[Case, ...]


@dataclass(frozen=True, kw_only=True)
class EndStep(Step):
    outcome: Word


@dataclass(frozen=True, kw_only=True)
class Flow:
    id: Word
    name: Word
    help: Word | None = None
    document: Word | None = None
    basis: tuple[Word, ...] = ()
    cite: tuple[Word, ...] = ()
    roles: tuple[Role, ...] = ()
    starts: tuple[Start, ...] = ()
    due: Due | None = None
    steps: tuple[Step, ...] = ()
    span: Span = field(compare=False, repr=False)

    def human_steps(self) -> Iterator[HumanStep]:
        return (step for step in self.steps if isinstance(step, HumanStep))

    def steps_that_run(self) -> Iterator[PluginUse]:
        """Steps whose way goes on by the outcome of a plugin."""
        for step in self.steps:
            if isinstance(step, HumanStep | ServiceStep) and step.run:
                yield PluginUse(
                    step=step, run=step.run, parameters=step.parameters, outcomes=step.outcomes
                )

    def plugin_uses(self) -> Iterator[PluginUse]:
        """Every place that runs a plugin."""
        yield from self.steps_that_run()
        for step in self.human_steps():
            for action in step.actions:
                if action.run:
                    yield PluginUse(
                        step=step, run=action.run, parameters=action.parameters, action=action
                    )

    def cites(self) -> Iterator[Word]:
        """Every citation of the flow, wherever it stands."""
        yield from self.cite
        for due in self.dues():
            yield from due.cite
        for step in self.steps:
            yield from step.cite
        for action in self.actions():
            yield from action.cite

    def dues(self) -> Iterator[Due]:
        if self.due:
            yield self.due
        yield from (step.due for step in self.steps if step.due)

    def form_references(self) -> Iterator[Word]:
        """Every place that names a form."""
        yield from (start.form for start in self.starts if start.form)
        for step in self.human_steps():
            if step.form:
                yield step.form
        yield from (action.form for action in self.actions() if action.form)

    def statuses(self) -> Iterator[Word]:
        """Every business status that some step or action tells."""
        for step in self.steps:
            if step.reports:
                yield from step.reports.words()
        yield from (action.reports for action in self.actions() if action.reports)

    def actions(self) -> Iterator[Action]:
        for step in self.human_steps():
            yield from step.actions
