"""The canonical plan: a promulgated flow with every name resolved, as the runtime compiles it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

CONFIRM = "confirm"
# Where a route leads that leaves its branch at the end; never the id of a step.
JOIN = "join"


@dataclass(frozen=True, slots=True)
class PlanRoute:
    """Exactly one of `to` and `return_to`.

    `to` = id of a step of the same block (``next`` resolved), or JOIN: the end of the branch.
    """

    to: str | None = None
    return_to: str | None = None
    then: Literal["onwards", "back_here"] = "onwards"
    at_most: int | None = None


@dataclass(frozen=True, slots=True)
class PlanDue:
    """Exactly one of `within` (When text: ``4h``, ``same_day``) and `at` (expression).

    `by_urgency` = urgency level -> When; `since` = expression, None = when the task is created.
    """

    within: str | None = None
    by_urgency: Mapping[str, str] = field(default_factory=dict)
    calendar: str = "working"
    at: str | None = None
    since: str | None = None
    remind: tuple[PlanReminder, ...] = ()
    escalate: tuple[PlanEscalation, ...] = ()
    cite: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PlanReminder:
    """So long (Period text) before the due instant; `to` None = whoever holds the task."""

    before: str
    to: str | None = None


@dataclass(frozen=True, slots=True)
class PlanEscalation:
    """A role told of lateness, so long (Period text) after; None = at the due instant."""

    to: str
    after: str | None = None


@dataclass(frozen=True, slots=True)
class PlanOnLate:
    """What lateness does, once: exactly one of an action, a route and a plugin step."""

    action: str | None = None
    route: PlanRoute | None = None
    run: str | None = None
    with_: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PlanVerb:
    """A general verb switched off or restricted; None = as the language says."""

    verb: str
    allowed: bool = True
    by: tuple[str, ...] = ()
    at_most: int | None = None
    comment: str | None = None
    max: str | None = None
    stops_clock: bool | None = None


@dataclass(frozen=True, slots=True)
class PlanAction:
    """A decision offered on a human step."""

    id: str
    label: str
    route: PlanRoute
    comment: Literal["none", "optional", "required"] = "none"
    when: str | None = None
    form: str | None = None
    requires: tuple[str, ...] = ()
    incomplete: bool = False
    # plugin step done within this decision, and its parameters
    run: str | None = None
    with_: Mapping[str, Any] = field(default_factory=dict)
    # business status told to the sender instead of the step's own
    reports: str | None = None
    cite: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PlanReports:
    """Business statuses told to the sender of the document, on arrival here and when done."""

    enter: str | None = None
    done: str | None = None


@dataclass(frozen=True, slots=True)
class PlanCase:
    """One line of a `choose`; `when` None = else."""

    when: str | None
    to: str


@dataclass(frozen=True, slots=True)
class PlanJoin:
    """When a block is over; `when` only where `kind` is ``when``."""

    kind: Literal["all", "any", "lead", "when"]
    when: str | None = None


@dataclass(frozen=True, slots=True)
class PlanBranch:
    """A branch of a `parallel`; an `each` has one, without id, for every member."""

    id: str
    name: str
    steps: tuple[PlanStep, ...]
    when: str | None = None


@dataclass(frozen=True, slots=True)
class PlanMembers:
    """Whom an `each` goes through: exactly one of a list (expression), a role and named units."""

    expression: str | None = None
    role: str | None = None
    units: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PlanCall:
    """A sub-case: slot of the callee -> slot of ours, its field -> our expression."""

    flow: str
    by: str | None = None
    documents: Mapping[str, str] = field(default_factory=dict)
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PlanWait:
    """A date (`period` or `until`), events, or both; `when` restricts the events."""

    period: str | None = None
    until: str | None = None
    events: tuple[str, ...] = ()
    when: str | None = None
    calendar: str = "working"


StepKind = Literal["human", "service", "choose", "parallel", "each", "call", "wait", "end"]


@dataclass(frozen=True, slots=True)
class PlanStep:
    """One step; which fields are filled depends on its kind."""

    id: str
    kind: StepKind
    name: str
    help: str = ""
    # all but choose, end: passed over (to `next`) unless it holds
    when: str | None = None
    # id of the following step of the list; for the last JOIN inside a block, None in the top block
    next: str | None = None
    # all but choose, end: where forward routes without their own target lead
    onward: str | None = None
    role: str | None = None
    form: str | None = None
    actions: tuple[PlanAction, ...] = ()
    # plugin step name, its parameters, every outcome of it resolved, and the normal ones
    run: str | None = None
    with_: Mapping[str, Any] = field(default_factory=dict)
    outcomes: Mapping[str, PlanRoute] = field(default_factory=dict)
    normal: tuple[str, ...] = ()
    choose: tuple[PlanCase, ...] = ()
    # human: who completed these steps may not do this one
    not_by: tuple[str, ...] = ()
    verbs: tuple[PlanVerb, ...] = ()
    # parallel, each
    branches: tuple[PlanBranch, ...] = ()
    join: PlanJoin | None = None
    members: PlanMembers | None = None
    lead: str | None = None
    call: PlanCall | None = None
    wait: PlanWait | None = None
    due: PlanDue | None = None
    on_late: PlanOnLate | None = None
    stops_clock: bool = False
    reports: PlanReports | None = None
    # end: the case's outcome id
    outcome: str | None = None
    cite: tuple[str, ...] = ()

    @property
    def is_confirmed(self) -> bool:
        """Whether a person confirms and a plugin then does it."""
        return self.kind == "human" and self.run is not None

    @property
    def is_composite(self) -> bool:
        """Whether the step contains blocks."""
        return bool(self.branches)


@dataclass(frozen=True, slots=True)
class PlanRole:
    """A lane; each of `who` and `if_absent` is the plain JSON of a resolver."""

    id: str
    name: str
    who: tuple[Mapping[str, Any], ...]
    if_absent: tuple[Mapping[str, Any], ...] = ()
    assign: Literal["claim", "least_busy"] = "claim"


@dataclass(frozen=True, slots=True)
class PlanSchedule:
    """Once in each period: on a day of it, so long before (Period text), at an hour (HH:MM)."""

    every: str
    day: str | None = None
    before: str | None = None
    at: str | None = None


@dataclass(frozen=True, slots=True)
class PlanStart:
    """Exactly one of `by` (role), `event` and `schedule`."""

    by: str | None = None
    form: str | None = None
    event: str | None = None
    when: str | None = None
    schedule: PlanSchedule | None = None


@dataclass(frozen=True, slots=True)
class PlanSlot:
    """A place for documents beyond the standard ones."""

    id: str
    name: str
    kind: str | None = None
    many: bool = False


@dataclass(frozen=True, slots=True)
class PlanSetting:
    """A parameter of the flow and its value in this agency; several values only for `units`."""

    id: str
    name: str
    type: str
    value: tuple[str, ...]
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """What the runtime needs of a flow version, and nothing else. `steps` = the top block."""

    flow: str
    name: str
    digest: str
    starts: tuple[PlanStart, ...]
    roles: Mapping[str, PlanRole]
    steps: tuple[PlanStep, ...]
    forms: Mapping[str, str]
    document: str | None = None
    documents: tuple[PlanSlot, ...] = ()
    basis: tuple[str, ...] = ()
    cite: tuple[str, ...] = ()
    help: str = ""
    due: PlanDue | None = None
    on_late: PlanOnLate | None = None
    verbs: tuple[PlanVerb, ...] = ()
    settings: tuple[PlanSetting, ...] = ()
    _by_id: Mapping[str, PlanStep] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_id", {step.id: step for step in self.all_steps()})

    def step(self, step_id: str) -> PlanStep:
        """The step of that id, in whatever block; KeyError if there is none."""
        return self._by_id[step_id]

    def __contains__(self, step_id: str) -> bool:
        return step_id in self._by_id

    def name_of(self, step_id: str) -> str:
        """The name of a step; the id of one that another version of the flow had."""
        return self._by_id[step_id].name if step_id in self else step_id

    def all_steps(self) -> Iterator[PlanStep]:
        """Every step in the order of the text, those inside blocks included."""
        return walk(self.steps)

    @property
    def start_role(self) -> str | None:
        """Who may begin such a case; None: no person."""
        return next((start.by for start in self.starts if start.by), None)

    @property
    def start_form(self) -> str | None:
        """What a person fills in when beginning one."""
        return next((start.form for start in self.starts if start.by), None)

    @property
    def events(self) -> tuple[str, ...]:
        """Messages that begin a case."""
        return tuple(start.event for start in self.starts if start.event)


def depths(steps: Iterable[PlanStep], depth: int = 0) -> dict[str, int]:
    """How many blocks each step is in."""
    found: dict[str, int] = {}
    for step in steps:
        found[step.id] = depth
        for branch in step.branches:
            found |= depths(branch.steps, depth + 1)
    return found


Place = tuple[tuple[str, str], ...]


def places(steps: Iterable[PlanStep], around: Place = ()) -> dict[str, Place]:
    """In which blocks each step stands, the outermost first: (step, branch; empty in an `each`)."""
    found: dict[str, Place] = {}
    for step in steps:
        found[step.id] = around
        for branch in step.branches:
            found |= places(branch.steps, (*around, (step.id, branch.id)))
    return found


def walk(steps: Iterable[PlanStep]) -> Iterator[PlanStep]:
    """Every step in the order of the text, those inside blocks included."""
    for step in steps:
        yield step
        for branch in step.branches:
            yield from walk(branch.steps)
