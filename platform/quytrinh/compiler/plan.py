"""The canonical plan: a promulgated flow with every name resolved, as the runtime compiles it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, cast

NEXT = "next"
CONFIRM = "confirm"
DEFAULT_CONFIRM: Mapping[str, Any] = {"id": CONFIRM, "label": "Xác nhận"}
DEFAULT_ACTIONS: tuple[Mapping[str, Any], ...] = ({"id": "done", "label": "Hoàn thành"},)


@dataclass(frozen=True, slots=True)
class PlanRoute:
    """Exactly one of `to` and `return_to`. `to` = id of a step or end (``next`` resolved)."""

    to: str | None = None
    return_to: str | None = None
    then: Literal["onwards", "back_here"] = "onwards"
    at_most: int | None = None


@dataclass(frozen=True, slots=True)
class PlanDue:
    """`within` = When text (``4h``, ``2d``) ; `by_urgency` = urgency level -> When."""

    within: str
    by_urgency: Mapping[str, str] = field(default_factory=dict)
    calendar: str = "working"


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
class PlanStep:
    """One step; which fields are filled depends on its kind."""

    id: str
    kind: Literal["human", "service", "choose", "end"]
    name: str
    help: str = ""
    # human, service: passed over (to `next`) unless it holds
    when: str | None = None
    # id of the following step of the list, None for the last and for an end
    next: str | None = None
    role: str | None = None
    form: str | None = None
    actions: tuple[PlanAction, ...] = ()
    # plugin step name, its parameters, every outcome of it resolved, and the normal ones
    run: str | None = None
    with_: Mapping[str, Any] = field(default_factory=dict)
    outcomes: Mapping[str, PlanRoute] = field(default_factory=dict)
    normal: tuple[str, ...] = ()
    choose: tuple[PlanCase, ...] = ()
    due: PlanDue | None = None
    reports: PlanReports | None = None
    # end: the case's outcome id
    outcome: str | None = None
    cite: tuple[str, ...] = ()

    @property
    def is_confirmed(self) -> bool:
        """Whether a person confirms and a plugin then does it."""
        return self.kind == "human" and self.run is not None


@dataclass(frozen=True, slots=True)
class PlanRole:
    """A lane; each of `who` and `if_absent` is the plain JSON of a resolver."""

    id: str
    name: str
    who: tuple[Mapping[str, Any], ...]
    if_absent: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """What the runtime needs of a flow version, and nothing else."""

    flow: str
    name: str
    digest: str
    # None: no person begins such a case
    start_role: str | None
    start_form: str | None
    roles: Mapping[str, PlanRole]
    steps: tuple[PlanStep, ...]
    forms: Mapping[str, str]
    document: str | None = None
    basis: tuple[str, ...] = ()
    cite: tuple[str, ...] = ()
    help: str = ""
    due: PlanDue | None = None
    # messages that begin a case
    events: tuple[str, ...] = ()
    _by_id: Mapping[str, PlanStep] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_id", {step.id: step for step in self.steps})

    def step(self, step_id: str) -> PlanStep:
        """The step of that id; KeyError if there is none."""
        return self._by_id[step_id]


def build_plan(canonical: Mapping[str, Any], digest: str) -> Plan:
    """Resolve every default and every ``next`` of a canonical flow."""
    uses = canonical["uses"]
    raw_steps = canonical["steps"]
    following = [*(step_id(raw) for raw in raw_steps[1:]), None]
    steps = tuple(
        _step(raw, after, uses["steps"]) for raw, after in zip(raw_steps, following, strict=True)
    )
    starts = canonical.get("start") or [{"by": raw_steps[0]["by"]}]
    by_person: Mapping[str, Any] = next((start for start in starts if "by" in start), {})
    return Plan(
        flow=canonical["flow"],
        name=canonical["name"],
        digest=digest,
        start_role=by_person.get("by"),
        start_form=by_person.get("form"),
        roles={raw["id"]: _role(raw) for raw in canonical.get("roles", ())},
        steps=steps,
        forms=dict(uses["forms"]),
        document=canonical.get("document"),
        basis=tuple(canonical.get("basis", ())),
        cite=tuple(canonical.get("cite", ())),
        help=canonical.get("help", ""),
        due=_due(canonical.get("due")),
        events=tuple(start["event"] for start in starts if "event" in start),
    )


def step_id(raw: Mapping[str, Any]) -> str:
    """The id of a canonical step; an end is named by its outcome unless it says otherwise."""
    return str(raw.get("id") or raw["end"])


def _role(raw: Mapping[str, Any]) -> PlanRole:
    return PlanRole(raw["id"], raw["name"], tuple(raw["who"]), tuple(raw.get("if_absent", ())))


def _step(
    raw: Mapping[str, Any], after: str | None, plugins: Mapping[str, Mapping[str, Any]]
) -> PlanStep:
    name = raw.get("name", step_id(raw))
    common: dict[str, Any] = {
        "id": step_id(raw),
        "name": name,
        "help": raw.get("help", ""),
        "cite": tuple(raw.get("cite", ())),
    }
    if "end" in raw:
        told = PlanReports(enter=raw["reports"]) if "reports" in raw else None
        return PlanStep(kind="end", outcome=raw["end"], reports=told, **common)
    if "choose" in raw:
        cases = tuple(_case(case, after) for case in raw["choose"])
        return PlanStep(kind="choose", choose=cases, next=after, **common)
    onward = _resolve(raw.get("to", NEXT), after)
    common |= {"when": raw.get("when"), "next": after, "due": _due(raw.get("due"))}
    if "reports" in raw:
        common["reports"] = PlanReports(**raw["reports"])
    if "run" in raw:
        normal = plugins[raw["run"]]["normal"]
        outcomes = _outcomes(raw, onward, after, normal)
        common |= {"run": raw["run"], "with_": raw.get("with", {}), "outcomes": outcomes}
        common["normal"] = tuple(normal)
    if "by" in raw:
        return PlanStep(
            kind="human",
            role=raw["by"],
            form=raw.get("form"),
            actions=_actions(raw, common, onward, after),
            **common,
        )
    return PlanStep(kind="service", **common)


def _actions(
    raw: Mapping[str, Any], common: Mapping[str, Any], onward: str, after: str | None
) -> tuple[PlanAction, ...]:
    """The actions of a human step; `confirm` leads where the plugin's first outcome does."""
    if "run" not in raw:
        actions = raw.get("actions", DEFAULT_ACTIONS)
        return tuple(_action(action, onward, after) for action in actions)
    written = raw.get("actions", [])
    if all(action["id"] != CONFIRM for action in written):
        written = [DEFAULT_CONFIRM, *written]
    first = next(iter(common["outcomes"].values()))
    confirmed = first.to or first.return_to
    return tuple(
        _action(action, confirmed if action["id"] == CONFIRM else onward, after)
        for action in written
    )


def _resolve(target: str, after: str | None) -> str:
    if target != NEXT:
        return target
    if after is None:
        raise ValueError("a step without a following one leads to next")
    return after


def _case(raw: Mapping[str, Any], after: str | None) -> PlanCase:
    if "else" in raw:
        return PlanCase(None, _resolve(raw["else"], after))
    return PlanCase(raw["when"], _resolve(raw["to"], after))


def _action(raw: Mapping[str, Any], onward: str, after: str | None) -> PlanAction:
    route = _route(raw, onward, after)
    return PlanAction(
        id=raw["id"],
        label=raw["label"],
        route=route,
        comment=raw.get("comment", "optional" if route.return_to else "none"),
        when=raw.get("when"),
        form=raw.get("form"),
        requires=tuple(raw.get("requires", ())),
        incomplete=raw.get("incomplete", False),
        run=raw.get("run"),
        with_=raw.get("with", {}),
        reports=raw.get("reports"),
        cite=tuple(raw.get("cite", ())),
    )


def _route(raw: Mapping[str, Any], onward: str, after: str | None) -> PlanRoute:
    at_most = raw.get("at_most")
    if "return_to" in raw:
        then = cast(Literal["onwards", "back_here"], raw.get("then", "onwards"))
        return PlanRoute(return_to=raw["return_to"], then=then, at_most=at_most)
    target = _resolve(raw["to"], after) if "to" in raw else onward
    return PlanRoute(to=target, at_most=at_most)


def _outcomes(
    raw: Mapping[str, Any], onward: str, after: str | None, normal: list[str]
) -> dict[str, PlanRoute]:
    routes = {outcome: PlanRoute(to=onward) for outcome in normal}
    for outcome, route in raw.get("outcomes", {}).items():
        routes[outcome] = _route(route, onward, after)
    return routes


def _due(raw: Mapping[str, Any] | None) -> PlanDue | None:
    if raw is None:
        return None
    return PlanDue(raw["in"], dict(raw.get("by_urgency", {})), raw.get("calendar", "working"))
