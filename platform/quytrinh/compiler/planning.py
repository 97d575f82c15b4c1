"""From the normal form of a flow to its plan: every default and every ``next`` resolved."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, cast

from quytrinh.compiler.plan import (
    CONFIRM,
    JOIN,
    Plan,
    PlanAction,
    PlanBranch,
    PlanCall,
    PlanCase,
    PlanDue,
    PlanEscalation,
    PlanJoin,
    PlanMembers,
    PlanOnLate,
    PlanReminder,
    PlanReports,
    PlanRole,
    PlanRoute,
    PlanSchedule,
    PlanSetting,
    PlanSlot,
    PlanStart,
    PlanStep,
    PlanVerb,
    PlanWait,
)
from quytrinh.language.numbers import read_number, read_truth
from quytrinh.language.settings import REFERENCE, Values

NEXT = "next"
TIME = "time"
DEFAULT_CONFIRM: Mapping[str, Any] = {"id": CONFIRM, "label": "Xác nhận"}
DEFAULT_ACTIONS: tuple[Mapping[str, Any], ...] = ({"id": "done", "label": "Hoàn thành"},)
Raw = Mapping[str, Any]


def build_plan(canonical: Raw, digest: str, settings: Values | None = None) -> Plan:
    """The plan of a canonical flow; `settings`: the agency's values of its parameters."""
    chosen = tuple(_setting(raw, settings or {}) for raw in canonical.get("settings", ()))
    if chosen:
        canonical = fill_settings(canonical, {each.id: setting_value(each) for each in chosen})
    uses = canonical["uses"]
    raw_steps = canonical["steps"]
    starts = canonical.get("start") or [{"by": raw_steps[0]["by"]}]
    return Plan(
        flow=canonical["flow"],
        name=canonical["name"],
        digest=digest,
        starts=tuple(_start(raw) for raw in starts),
        roles={raw["id"]: _role(raw) for raw in canonical.get("roles", ())},
        steps=_block(raw_steps, uses["steps"], last=None),
        forms=dict(uses["forms"]),
        document=canonical.get("document"),
        documents=tuple(PlanSlot(**raw) for raw in canonical.get("documents", ())),
        basis=tuple(canonical.get("basis", ())),
        cite=tuple(canonical.get("cite", ())),
        help=canonical.get("help", ""),
        due=plan_due(canonical.get("due")),
        on_late=_on_late(canonical.get("on_late"), None),
        verbs=plan_verbs(canonical),
        settings=chosen,
    )


def step_id(raw: Raw) -> str:
    """The id of a canonical step; an end is named by its outcome unless it says otherwise."""
    return str(raw.get("id") or raw["end"])


def _setting(raw: Raw, given: Values) -> PlanSetting:
    """A setting with the agency's own value, or the flow's default."""
    value = tuple(given.get(raw["id"]) or raw["default"])
    return PlanSetting(raw["id"], raw["name"], raw["type"], value, tuple(raw.get("choices", ())))


def setting_value(setting: PlanSetting) -> Any:
    """The value as plain data: a number, a truth value, a list of units, else text."""
    match setting.type:
        case "number":
            return read_number(setting.value[0])
        case "boolean":
            return read_truth(setting.value[0])
        case "units":
            return list(setting.value)
    return setting.value[0]


def fill_settings(value: Any, values: Mapping[str, Any]) -> Any:
    """The same JSON with each `{setting: id}` replaced by its value."""
    if isinstance(value, list):
        return [fill_settings(item, values) for item in value]
    if not isinstance(value, Mapping):
        return value
    if set(value) == {REFERENCE}:
        return values[value[REFERENCE]]
    return {key: fill_settings(inner, values) for key, inner in value.items()}


def _start(raw: Raw) -> PlanStart:
    schedule = PlanSchedule(**raw["schedule"]) if "schedule" in raw else None
    rest = {key: value for key, value in raw.items() if key != "schedule"}
    return PlanStart(**rest, schedule=schedule)


def _role(raw: Raw) -> PlanRole:
    return PlanRole(
        raw["id"],
        raw["name"],
        tuple(raw["who"]),
        tuple(raw.get("if_absent", ())),
        raw.get("assign", "claim"),
    )


def _block(raws: list[Raw], plugins: Raw, *, last: str | None) -> tuple[PlanStep, ...]:
    """The steps of one block; `last` = what comes after its last step."""
    following = [*(step_id(raw) for raw in raws[1:]), last]
    return tuple(
        _Step(raw, after, plugins).build() for raw, after in zip(raws, following, strict=True)
    )


@dataclass(frozen=True)
class _Step:
    """One canonical step: what follows it in its list, and the interfaces of the plugins."""

    raw: Raw
    after: str | None
    plugins: Raw

    def build(self) -> PlanStep:
        raw = self.raw
        if "end" in raw:
            told = PlanReports(enter=raw["reports"]) if "reports" in raw else None
            return PlanStep(kind="end", outcome=raw["end"], reports=told, **self._head())
        if "choose" in raw:
            cases = tuple(self._case(case) for case in raw["choose"])
            return PlanStep(kind="choose", choose=cases, next=self.after, **self._head())
        common = {**self._head(), **self._common()}
        if "parallel" in raw:
            return PlanStep(kind="parallel", branches=self._branches(), **common)
        if "each" in raw:
            return self._each(common)
        if "call" in raw:
            return PlanStep(kind="call", call=_call(raw), **self._outcomes(()), **common)
        if "wait" in raw:
            waited = plan_wait(raw["wait"])
            normal = (*waited.events, *([TIME] if waited.period or waited.until else ()))
            return PlanStep(kind="wait", wait=waited, **self._outcomes(normal), **common)
        return self._worked(common)

    def _head(self) -> dict[str, Any]:
        raw = self.raw
        return {
            "id": step_id(raw),
            "name": raw.get("name", step_id(raw)),
            "help": raw.get("help", ""),
            "cite": tuple(raw.get("cite", ())),
        }

    def _common(self) -> dict[str, Any]:
        raw = self.raw
        return {
            "when": raw.get("when"),
            "next": self.after,
            "onward": self._resolve(raw.get("to", NEXT)),
            "due": plan_due(raw.get("due")),
            "on_late": _on_late(raw.get("on_late"), self),
            "stops_clock": raw.get("stops_clock", False),
            "reports": PlanReports(**raw["reports"]) if "reports" in raw else None,
            "join": PlanJoin(**raw["join"]) if "join" in raw else None,
            "verbs": plan_verbs(raw),
        }

    def _branches(self) -> tuple[PlanBranch, ...]:
        return tuple(
            PlanBranch(
                branch["id"],
                branch.get("name", branch["id"]),
                _block(branch["steps"], self.plugins, last=JOIN),
                branch.get("when"),
            )
            for branch in self.raw["parallel"]
        )

    def _each(self, common: dict[str, Any]) -> PlanStep:
        members = self.raw["each"]
        return PlanStep(
            kind="each",
            branches=(PlanBranch("", "", _block(self.raw["steps"], self.plugins, last=JOIN)),),
            members=PlanMembers(
                members.get("list"), members.get("role"), tuple(members.get("units", ()))
            ),
            lead=self.raw.get("lead"),
            **common,
        )

    def _worked(self, common: dict[str, Any]) -> PlanStep:
        """A step of a person, of the machine, or of both."""
        raw = self.raw
        if "run" in raw:
            common |= {"run": raw["run"], "with_": raw.get("with", {})}
            common |= self._outcomes(self.plugins[raw["run"]]["normal"])
        if "by" not in raw:
            return PlanStep(kind="service", **common)
        return PlanStep(
            kind="human",
            role=raw["by"],
            form=raw.get("form"),
            actions=self._actions(common),
            not_by=tuple(raw.get("not_by", ())),
            **common,
        )

    def _outcomes(self, normal: Iterable[str]) -> dict[str, Any]:
        onward = self._resolve(self.raw.get("to", NEXT))
        routes = {outcome: PlanRoute(to=onward) for outcome in normal}
        for outcome, route in self.raw.get("outcomes", {}).items():
            routes[outcome] = self.route(route, onward)
        return {"outcomes": routes, "normal": tuple(normal)}

    def _actions(self, common: Raw) -> tuple[PlanAction, ...]:
        """The actions of a human step; `confirm` leads where the plugin's first outcome does."""
        onward = common["onward"]
        if "run" not in self.raw:
            actions = self.raw.get("actions", DEFAULT_ACTIONS)
            return tuple(self._action(action, onward) for action in actions)
        written = self.raw.get("actions", [])
        if all(action["id"] != CONFIRM for action in written):
            written = [DEFAULT_CONFIRM, *written]
        first = next(iter(common["outcomes"].values()))
        confirmed = first.to or first.return_to
        return tuple(
            self._action(action, confirmed if action["id"] == CONFIRM else onward)
            for action in written
        )

    def _action(self, raw: Raw, onward: str) -> PlanAction:
        route = self.route(raw, onward)
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

    def route(self, raw: Raw, onward: str) -> PlanRoute:
        at_most = raw.get("at_most")
        if "return_to" in raw:
            then = raw.get("then", "onwards")
            return PlanRoute(return_to=raw["return_to"], then=then, at_most=at_most)
        target = self._resolve(raw["to"]) if "to" in raw else onward
        return PlanRoute(to=target, at_most=at_most)

    def _case(self, raw: Raw) -> PlanCase:
        if "else" in raw:
            return PlanCase(None, self._resolve(raw["else"]))
        return PlanCase(raw["when"], self._resolve(raw["to"]))

    def _resolve(self, target: str) -> str:
        if target != NEXT:
            return target
        if self.after is None:
            raise ValueError("a step without a following one leads to next")
        return self.after


def _call(raw: Raw) -> PlanCall:
    inputs = raw.get("with", {})
    return PlanCall(
        raw["call"], raw.get("by"), inputs.get("documents", {}), inputs.get("fields", {})
    )


def plan_wait(raw: Raw) -> PlanWait:
    """What a canonical `wait` waits for."""
    return PlanWait(
        period=raw.get("for"),
        until=raw.get("until"),
        events=tuple(raw.get("event", ())),
        when=raw.get("when"),
        calendar=raw.get("calendar", "working"),
    )


def plan_due(raw: Raw | None) -> PlanDue | None:
    """A canonical deadline."""
    if raw is None:
        return None
    return PlanDue(
        within=raw.get("in"),
        by_urgency=dict(raw.get("by_urgency", {})),
        calendar=raw.get("calendar", "working"),
        at=raw.get("at"),
        since=raw.get("from"),
        remind=tuple(PlanReminder(**each) for each in raw.get("remind", ())),
        escalate=tuple(PlanEscalation(**each) for each in raw.get("escalate", ())),
        cite=tuple(raw.get("cite", ())),
    )


def _on_late(raw: Raw | None, step: _Step | None) -> PlanOnLate | None:
    """`step` None: the whole case, whose lateness leads nowhere."""
    if raw is None:
        return None
    routed = step is not None and ("to" in raw or "return_to" in raw)
    return PlanOnLate(
        action=raw.get("action"),
        route=cast(_Step, step).route(raw, "") if routed else None,
        run=raw.get("run"),
        with_=raw.get("with", {}),
    )


def plan_verbs(raw: Raw) -> tuple[PlanVerb, ...]:
    """The restricted verbs of a canonical flow or step."""
    return tuple(
        PlanVerb(
            verb=verb,
            allowed=rule.get("allowed", True),
            by=tuple(rule.get("by", ())),
            at_most=rule.get("at_most"),
            comment=rule.get("comment"),
            max=rule.get("max"),
            stops_clock=rule.get("stops_clock"),
        )
        for verb, rule in raw.get("verbs", {}).items()
    )
