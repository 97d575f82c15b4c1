"""What a flow's text says, as frozen data; places do not take part in comparison."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal

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
        if self.kind in ("head_of", "members_of", "person", "in_charge_of"):
            return Expression(text=self.value.text, span=self.value.span)
        return None


@dataclass(frozen=True, kw_only=True)
class Role:
    id: Word
    name: Word
    who: tuple[Resolver, ...]
    if_absent: tuple[Resolver, ...] = ()
    assign: str = "claim"
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, kw_only=True)
class Setting:
    """A parameter that an agency sets without changing the flow; `units` have several values."""

    id: Word
    name: Word
    type: Word
    default: tuple[Word, ...]
    choices: tuple[Word, ...] = ()
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, kw_only=True)
class Slot:
    """A place for documents beyond the standard ones."""

    id: Word
    name: Word
    kind: Word | None = None
    many: bool = False
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, kw_only=True)
class Schedule:
    """Once in each period: on a day of it, that much before, at an hour."""

    every: Word
    day: Word | None = None
    before: Word | None = None
    at: Word | None = None
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, kw_only=True)
class Start:
    """A person of a role begins (`by`), a message does (`event`), or a date (`schedule`)."""

    by: Word | None = None
    form: Word | None = None
    event: Word | None = None
    when: Expression | None = None
    schedule: Schedule | None = None
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, kw_only=True)
class Reminder:
    """How long before the due instant; `to` None = whoever holds the task."""

    before: Word
    to: Word | None = None


@dataclass(frozen=True, kw_only=True)
class Escalation:
    """Who is told of lateness; `after` None = at the due instant."""

    to: Word
    after: Word | None = None


@dataclass(frozen=True, kw_only=True)
class Due:
    """Within a time (`in`) or at an instant (`at`), exactly one."""

    within: Word | None = None
    at: Expression | None = None
    by_urgency: tuple[tuple[Word, Word], ...] = ()
    since: Expression | None = None
    calendar: Word | None = None
    remind: tuple[Reminder, ...] = ()
    escalate: tuple[Escalation, ...] = ()
    cite: tuple[Word, ...] = ()
    span: Span = field(compare=False, repr=False)

    def periods(self) -> Iterator[Word]:
        """Every length of time it names, the reminders' included."""
        if self.within:
            yield self.within
        yield from (when for _, when in self.by_urgency)
        yield from (reminder.before for reminder in self.remind)
        yield from (each.after for each in self.escalate if each.after)


@dataclass(frozen=True, kw_only=True)
class Route:
    """Forward (`to`; neither = the step's own) or back (`return_to`)."""

    to: Word | None = None
    return_to: Word | None = None
    then: str = "onwards"
    at_most: Word | None = None
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, kw_only=True)
class OnLate:
    """What lateness does, once: an action in the name of silence, a route, or a job beside."""

    action: Word | None = None
    route: Route | None = None
    run: Word | None = None
    parameters: Node | None = None
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, kw_only=True)
class VerbRule:
    """A general verb switched off (`allowed` False) or restricted."""

    verb: Word
    allowed: bool = True
    by: tuple[Word, ...] = ()
    at_most: Word | None = None
    comment: Word | None = None
    max: Word | None = None
    stops_clock: bool | None = None
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
    on_late: OnLate | None = None
    stops_clock: bool = False
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
    not_by: tuple[Word, ...] = ()
    verbs: tuple[VerbRule, ...] = ()
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
    """A place that runs a plugin: a machine step, a confirmed step, one action, or lateness."""

    # None: the deadline of the whole case
    step: Step | None
    run: Word
    parameters: Node | None = None
    outcomes: Outcomes = ()
    action: Action | None = None
    on_late: OnLate | None = None


@dataclass(frozen=True, kw_only=True)
class ChooseStep(Step):
    cases: tuple[Case, ...]


JoinKind = Literal["all", "any", "lead", "when"]


@dataclass(frozen=True, kw_only=True)
class Join:
    """When a block is over: `all`, `any`, `lead`, or a condition (`when`)."""

    kind: JoinKind
    when: Expression | None = None
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, kw_only=True)
class Branch:
    id: Word
    name: Word | None = None
    when: Expression | None = None
    steps: tuple[Step, ...]
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, kw_only=True)
class ParallelStep(Step):
    branches: tuple[Branch, ...]
    join: Join


@dataclass(frozen=True, kw_only=True)
class Members:
    """Whom an `each` goes through: a list (expression), everyone of a role, or named units."""

    expression: Expression | None = None
    role: Word | None = None
    units: tuple[Word, ...] = ()
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, kw_only=True)
class EachStep(Step):
    members: Members
    lead: Expression | None = None
    join: Join
    steps: tuple[Step, ...]
    verbs: tuple[VerbRule, ...] = ()


@dataclass(frozen=True, kw_only=True)
class CallStep(Step):
    """`documents`: slot of the callee to slot of ours; `fields`: its field to our expression."""

    flow: Word
    by: Word | None = None
    documents: tuple[tuple[Word, Word], ...] = ()
    fields: tuple[tuple[Word, Expression], ...] = ()
    outcomes: Outcomes = ()


@dataclass(frozen=True, kw_only=True)
class WaitStep(Step):
    """A date (`period` or `until`), events, or both; the first to happen takes its route."""

    period: Word | None = None
    until: Expression | None = None
    events: tuple[Word, ...] = ()
    event_when: Expression | None = None
    calendar: Word | None = None
    outcomes: Outcomes = ()


@dataclass(frozen=True, kw_only=True)
class EndStep(Step):
    outcome: Word


@dataclass(frozen=True)
class Block:
    """A list of steps: the top block, a branch of a `parallel`, the body of an `each`."""

    steps: tuple[Step, ...]
    owner: Step | None = None
    branch: Branch | None = None


Composite = ParallelStep | EachStep


def child_blocks(step: Step) -> tuple[Block, ...]:
    """The blocks that a step contains."""
    if isinstance(step, ParallelStep):
        return tuple(Block(branch.steps, step, branch) for branch in step.branches)
    if isinstance(step, EachStep):
        return (Block(step.steps, step),)
    return ()


def walk(steps: Iterable[Step]) -> Iterator[Step]:
    """Every step in the order of the text, those inside blocks included."""
    for step in steps:
        yield step
        for block in child_blocks(step):
            yield from walk(block.steps)


@dataclass(frozen=True, kw_only=True)
class Flow:
    """A procedure; `steps` is its top block, `all_steps()` has those of every block."""

    id: Word
    name: Word
    help: Word | None = None
    document: Word | None = None
    documents: tuple[Slot, ...] = ()
    basis: tuple[Word, ...] = ()
    cite: tuple[Word, ...] = ()
    roles: tuple[Role, ...] = ()
    starts: tuple[Start, ...] = ()
    due: Due | None = None
    on_late: OnLate | None = None
    verbs: tuple[VerbRule, ...] = ()
    settings: tuple[Setting, ...] = ()
    steps: tuple[Step, ...] = ()
    span: Span = field(compare=False, repr=False)

    def all_steps(self) -> Iterator[Step]:
        return walk(self.steps)

    def blocks(self) -> Iterator[Block]:
        """Every block, an outer one before those inside it."""
        yield Block(self.steps)
        for step in self.all_steps():
            yield from child_blocks(step)

    def human_steps(self) -> Iterator[HumanStep]:
        return (step for step in self.all_steps() if isinstance(step, HumanStep))

    def steps_that_run(self) -> Iterator[PluginUse]:
        """Steps whose way goes on by the outcome of a plugin."""
        for step in self.all_steps():
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
        for owner, late in self.latenesses():
            if late.run:
                yield PluginUse(step=owner, run=late.run, parameters=late.parameters, on_late=late)

    def latenesses(self) -> Iterator[tuple[Step | None, OnLate]]:
        """What lateness does, with the step it belongs to; None = the whole case."""
        if self.on_late:
            yield None, self.on_late
        yield from ((step, step.on_late) for step in self.all_steps() if step.on_late)

    def verb_rules(self) -> Iterator[VerbRule]:
        yield from self.verbs
        for step in self.all_steps():
            if isinstance(step, HumanStep | EachStep):
                yield from step.verbs

    def cites(self) -> Iterator[Word]:
        """Every citation of the flow, wherever it stands."""
        yield from self.cite
        for due in self.dues():
            yield from due.cite
        for step in self.all_steps():
            yield from step.cite
        for action in self.actions():
            yield from action.cite

    def dues(self) -> Iterator[Due]:
        if self.due:
            yield self.due
        yield from (step.due for step in self.all_steps() if step.due)

    def form_references(self) -> Iterator[Word]:
        """Every place that names a form."""
        yield from (start.form for start in self.starts if start.form)
        for step in self.human_steps():
            if step.form:
                yield step.form
        yield from (action.form for action in self.actions() if action.form)

    def statuses(self) -> Iterator[Word]:
        """Every business status that some step or action tells."""
        for step in self.all_steps():
            if step.reports:
                yield from step.reports.words()
        yield from (action.reports for action in self.actions() if action.reports)

    def actions(self) -> Iterator[Action]:
        for step in self.human_steps():
            yield from step.actions
