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
    by: Word
    form: Word | None = None
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
    cite: tuple[Word, ...] = ()
    span: Span = field(compare=False, repr=False)


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
    cite: tuple[Word, ...] = ()
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, kw_only=True)
class HumanStep(Step):
    by: Word
    form: Word | None = None
    actions: tuple[Action, ...]


@dataclass(frozen=True, kw_only=True)
class ServiceStep(Step):
    run: Word
    parameters: Node | None = None
    outcomes: tuple[tuple[Word, Route], ...] = ()


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
    start: Start | None = None
    due: Due | None = None
    steps: tuple[Step, ...] = ()
    span: Span = field(compare=False, repr=False)

    def human_steps(self) -> Iterator[HumanStep]:
        return (step for step in self.steps if isinstance(step, HumanStep))

    def service_steps(self) -> Iterator[ServiceStep]:
        return (step for step in self.steps if isinstance(step, ServiceStep))

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
        if self.start and self.start.form:
            yield self.start.form
        for step in self.human_steps():
            if step.form:
                yield step.form
        yield from (action.form for action in self.actions() if action.form)

    def actions(self) -> Iterator[Action]:
        for step in self.human_steps():
            yield from step.actions
