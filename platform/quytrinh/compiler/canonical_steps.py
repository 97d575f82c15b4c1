"""The normal form of steps: one way to write each, defaults left out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from quytrinh.compiler.canonical_values import Json, text, texts, unless, whole, without_empty
from quytrinh.compiler.parameters import read_parameters
from quytrinh.compiler.scope import Scope
from quytrinh.language.ast import (
    Action,
    Branch,
    CallStep,
    Case,
    ChooseStep,
    Due,
    EachStep,
    EndStep,
    Expression,
    Flow,
    HumanStep,
    Join,
    Members,
    OnLate,
    Outcomes,
    ParallelStep,
    PluginUse,
    Reports,
    Route,
    ServiceStep,
    Step,
    VerbRule,
    WaitStep,
)
from quytrinh.language.form import FormDefinition
from quytrinh.language.parse import DEFAULT_ACTION, DEFAULT_CONFIRM, default_comment
from quytrinh.language.source import Word
from quytrinh.spi import Registry

DEFAULT_ACTION_JSON = {"id": DEFAULT_ACTION[0], "label": DEFAULT_ACTION[1]}
DEFAULT_CONFIRM_JSON = {"id": DEFAULT_CONFIRM[0], "label": DEFAULT_CONFIRM[1]}


class StepWriter:
    """The steps of one flow; holds what expressions and citations are resolved against."""

    def __init__(self, flow: Flow, forms: Mapping[str, FormDefinition], registry: Registry) -> None:
        self.registry = registry
        self.scope = Scope.of(flow, forms)
        self.pack = flow.basis[0].text if flow.basis else ""

    def block(self, steps: Iterable[Step]) -> list[Json]:
        """The steps of one block, in order."""
        return [self._step(step) for step in steps]

    def expression(self, expression: Expression | None) -> str | None:
        """An expression printed back from what was read."""
        return self.scope.normalise(expression) if expression else None

    def cite(self, cites: Iterable[Word]) -> list[str]:
        """Each with its pack: the first `basis` unless it names one."""
        return [word.text if ":" in word.text else f"{self.pack}:{word.text}" for word in cites]

    def due(self, due: Due | None) -> Json | None:
        """A deadline as an object, whatever shorthand was written."""
        if due is None:
            return None
        remind = ({"before": text(each.before), "to": text(each.to)} for each in due.remind)
        escalate = ({"to": text(each.to), "after": text(each.after)} for each in due.escalate)
        return without_empty(
            {
                "in": text(due.within),
                "at": self.expression(due.at),
                "by_urgency": {level.text: text(when) for level, when in due.by_urgency},
                "from": self.expression(due.since),
                "calendar": unless(text(due.calendar), "working"),
                "remind": [without_empty(each) for each in remind],
                "escalate": [without_empty(each) for each in escalate],
                "cite": self.cite(due.cite),
            }
        )

    def on_late(self, late: OnLate | None) -> Json | None:
        """What lateness does."""
        if late is None:
            return None
        run = self._parameters(late.run, late.parameters) if late.run else {}
        route = _route(late.route, "") if late.route else {}
        return without_empty({"action": text(late.action), **route, **run})

    def verbs(self, rules: Iterable[VerbRule]) -> Json:
        """Rules of general verbs by verb."""
        return {rule.verb.text: _verb(rule) for rule in rules}

    def _step(self, step: Step) -> Json:
        name = text(step.name)
        head = {
            "id": step.id.text,
            "name": unless(name, step.id.text),
            "help": text(step.help),
            "when": self.expression(step.when),
            "to": _target(step.to),
            "due": self.due(step.due),
            "on_late": self.on_late(step.on_late),
            "stops_clock": step.stops_clock,
            "reports": _reports(step.reports),
            "cite": self.cite(step.cite),
        }
        return without_empty({**head, **self._kind(step)})

    def _kind(self, step: Step) -> Json:
        match step:
            case HumanStep():
                return self._human(step)
            case ServiceStep():
                return self._plugin(step)
            case ChooseStep():
                return {"choose": [self._case(case) for case in step.cases]}
            case ParallelStep():
                branches = [self._branch(branch) for branch in step.branches]
                return {"parallel": branches, "join": self._join(step.join)}
            case EachStep():
                return self._each(step)
            case CallStep():
                return self._call(step)
            case WaitStep():
                return self._wait(step)
            case EndStep():
                return _end(step)
        raise TypeError(type(step))

    def _human(self, step: HumanStep) -> Json:
        onward = step.to.text if step.to else "next"
        actions = [self._action(action, onward) for action in step.actions]
        runs: Json = {}
        if step.run is not None:
            runs = self._plugin(step)
            # `confirm` is there though nothing is said of it: then it comes first.
            written = actions[1:] if actions[0] == DEFAULT_CONFIRM_JSON else actions
        else:
            written = [] if actions == [DEFAULT_ACTION_JSON] else actions
        return {
            "by": step.by.text,
            "form": text(step.form),
            "actions": written,
            "not_by": texts(step.not_by),
            "verbs": self.verbs(step.verbs),
            **runs,
        }

    def _plugin(self, step: HumanStep | ServiceStep) -> Json:
        if step.run is None:
            return {}
        plugin = self.registry.get(step.run.text)
        normal = {each.id for each in plugin.outcomes if each.normal}
        return {
            **self._parameters(step.run, step.parameters),
            "outcomes": self._outcomes(step, step.outcomes, normal),
        }

    def _parameters(self, run: Word, parameters: Any) -> Json:
        plugin = self.registry.get(run.text)
        use = PluginUse(step=None, run=run, parameters=parameters)
        return {"run": plugin.name, "with": read_parameters(use, plugin, keep_settings=True)[0]}

    def _outcomes(self, step: Step, outcomes: Outcomes, normal: Iterable[str]) -> Json:
        """The routes that say something; only a normal outcome has a default."""
        onward = step.to.text if step.to else "next"
        routes: Json = {}
        for outcome, route in outcomes:
            written = _route(route, onward)
            if outcome.text not in normal and "return_to" not in written:
                written["to"] = route.to.text if route.to else onward
            if written:
                routes[outcome.text] = written
        return routes

    def _branch(self, branch: Branch) -> Json:
        return without_empty(
            {
                "id": branch.id.text,
                "name": unless(text(branch.name), branch.id.text),
                "when": self.expression(branch.when),
                "steps": self.block(branch.steps),
            }
        )

    def _join(self, join: Join) -> Json:
        return without_empty({"kind": join.kind, "when": self.expression(join.when)})

    def _each(self, step: EachStep) -> Json:
        return {
            "each": self._members(step.members),
            "lead": self.expression(step.lead),
            "join": self._join(step.join),
            "verbs": self.verbs(step.verbs),
            "steps": self.block(step.steps),
        }

    def _members(self, members: Members) -> Json:
        return without_empty(
            {
                "list": self.expression(members.expression),
                "role": text(members.role),
                "units": texts(members.units),
            }
        )

    def _call(self, step: CallStep) -> Json:
        fields = {key.text: self.expression(value) for key, value in step.fields}
        documents = {key.text: value.text for key, value in step.documents}
        return {
            "call": step.flow.text,
            "by": text(step.by),
            "with": without_empty({"documents": documents, "fields": fields}),
            # Which of the callee's ends are known is not told here: each route is written.
            "outcomes": self._outcomes(step, step.outcomes, ()),
        }

    def _wait(self, step: WaitStep) -> Json:
        awaited = {
            "for": text(step.period),
            "until": self.expression(step.until),
            "event": texts(step.events),
            "when": self.expression(step.event_when),
            "calendar": unless(text(step.calendar), "working"),
        }
        # With a date and an event, `time` must be named: it has no default then.
        normal = {word.text for word in step.events} or {"time"}
        return {
            "wait": without_empty(awaited),
            "outcomes": self._outcomes(step, step.outcomes, normal),
        }

    def _case(self, case: Case) -> Json:
        if case.when is None:
            return {"else": case.to.text}
        return {"when": self.expression(case.when), "to": case.to.text}

    def _action(self, action: Action, onward: str) -> Json:
        route = action.route
        run = self._parameters(action.run, action.parameters) if action.run else {}
        return without_empty(
            {
                **run,
                "id": action.id.text,
                "label": action.label.text,
                **_route(route, onward),
                "comment": unless(action.comment, default_comment(route)),
                "when": self.expression(action.when),
                "form": text(action.form),
                "requires": texts(action.requires),
                "incomplete": action.incomplete,
                "reports": text(action.reports),
                "cite": self.cite(action.cite),
            }
        )


def _end(step: EndStep) -> Json:
    same = step.id.text == step.outcome.text
    return {
        "end": step.outcome.text,
        "id": None if same else step.id.text,
        "reports": text(step.reports.done) if step.reports else None,
    }


def _verb(rule: VerbRule) -> Json:
    """A rule; `allowed` is left out unless it is false, a flag that says false is kept."""
    written = without_empty(
        {
            "by": texts(rule.by),
            "at_most": whole(rule.at_most),
            "comment": text(rule.comment),
            "max": text(rule.max),
        }
    )
    if not rule.allowed:
        written["allowed"] = False
    if rule.stops_clock is not None:
        written["stops_clock"] = rule.stops_clock
    return written


def _reports(reports: Reports | None) -> Json:
    if reports is None:
        return {}
    return without_empty({"enter": text(reports.enter), "done": text(reports.done)})


def _target(word: Word | None) -> str | None:
    return None if word is None or word.text == "next" else word.text


def _route(route: Route, onward: str) -> Json:
    return without_empty(
        {
            "to": unless(text(route.to), onward),
            "return_to": text(route.return_to),
            "then": unless(route.then, "onwards"),
            "at_most": whole(route.at_most),
        }
    )
