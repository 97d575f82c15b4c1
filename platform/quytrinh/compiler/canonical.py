"""The normal form: what a text means, as JSON with one way to write each thing; and its digest."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

import rfc8785

from quytrinh.compiler.parameters import read_parameters
from quytrinh.compiler.scope import Scope
from quytrinh.language.ast import (
    Action,
    Case,
    ChooseStep,
    Due,
    EndStep,
    Expression,
    Flow,
    HumanStep,
    PluginUse,
    Reports,
    Resolver,
    Role,
    Route,
    ServiceStep,
    Step,
)
from quytrinh.language.form import FormDefinition, FormField
from quytrinh.language.parse import DEFAULT_ACTION, DEFAULT_CONFIRM, default_comment
from quytrinh.language.source import Word
from quytrinh.spi import Registry

DEFAULT_ACTION_JSON = {"id": DEFAULT_ACTION[0], "label": DEFAULT_ACTION[1]}
DEFAULT_CONFIRM_JSON = {"id": DEFAULT_CONFIRM[0], "label": DEFAULT_CONFIRM[1]}


def digest(canonical: Mapping[str, Any]) -> str:
    """SHA-256 of the canonical bytes, in hex."""
    return hashlib.sha256(canonical_bytes(canonical)).hexdigest()


def canonical_bytes(canonical: Mapping[str, Any]) -> bytes:
    """The JSON of RFC 8785: the same bytes wherever it is written."""
    return rfc8785.dumps(dict(canonical))


def canonical_flow(
    flow: Flow, forms: Mapping[str, FormDefinition], registry: Registry
) -> dict[str, Any]:
    """The normal form of a flow that `check_flow` found without error."""
    return _FlowWriter(flow, forms, registry).write()


def canonical_form(form: FormDefinition) -> dict[str, Any]:
    """The normal form of a form: `schema.properties` is a list, since their order matters."""
    return _without_empty(
        {
            "quytrinh": 1,
            "form": form.id.text,
            "name": form.name.text,
            "help": _text(form.help),
            "schema": _without_empty(
                {
                    "type": "object",
                    "properties": [_field(each) for each in form.fields],
                    "required": list(form.required),
                }
            ),
        }
    )


def form_json_schema(canonical: Mapping[str, Any]) -> dict[str, Any]:
    """A canonical form's fields as plain JSON Schema, for a validator."""
    schema = canonical["schema"]
    properties = {
        each["id"]: {key: value for key, value in each.items() if key != "id"}
        for each in schema["properties"]
    }
    return {"type": "object", "properties": properties, "required": schema.get("required", [])}


def _field(field: FormField) -> dict[str, Any]:
    return {"id": field.id.text, **field.schema}


def _text(word: Word | None) -> str | None:
    return word.text if word else None


def _texts(words: Iterable[Word]) -> list[str]:
    return [word.text for word in words]


def _without_empty(values: dict[str, Any]) -> dict[str, Any]:
    """Every key equal to its default is left out; the default of these is to be absent."""
    return {key: value for key, value in values.items() if value not in (None, [], {}, False)}


class _FlowWriter:
    """One flow; holds what expressions and citations are resolved against."""

    def __init__(self, flow: Flow, forms: Mapping[str, FormDefinition], registry: Registry) -> None:
        self.flow = flow
        self.forms = forms
        self.registry = registry
        self.scope = Scope.of(flow, forms)

    def write(self) -> dict[str, Any]:
        flow = self.flow
        return _without_empty(
            {
                "quytrinh": 1,
                "flow": flow.id.text,
                "name": flow.name.text,
                "help": _text(flow.help),
                "document": _text(flow.document),
                "basis": _texts(flow.basis),
                "cite": self._cite(flow.cite),
                "roles": [self._role(role) for role in flow.roles],
                "start": self._start(),
                "due": self._due(flow.due),
                "steps": [self._step(step) for step in flow.steps],
            }
        ) | {"uses": self._uses()}

    def _uses(self) -> dict[str, Any]:
        """What the flow leans on, by digest or interface: a change of it is another flow."""
        plugins = (self.registry.get(use.run.text) for use in self.flow.plugin_uses())
        return {
            "forms": {name: digest(canonical_form(self.forms[name])) for name in self._used()},
            "steps": {
                plugin.name: {
                    "interface": plugin.interface,
                    "normal": [each.id for each in plugin.outcomes if each.normal],
                }
                for plugin in plugins
            },
        }

    def _used(self) -> list[str]:
        return sorted({word.text for word in self.flow.form_references()})

    def _start(self) -> list[dict[str, Any]]:
        written = [
            _without_empty(
                {"by": _text(start.by), "form": _text(start.form), "event": _text(start.event)}
            )
            for start in self.flow.starts
        ]
        first = self.flow.steps[0]
        default = {"by": first.by.text} if isinstance(first, HumanStep) else None
        return [] if written == [default] else written

    def _role(self, role: Role) -> dict[str, Any]:
        return _without_empty(
            {
                "id": role.id.text,
                "name": role.name.text,
                "who": [self._resolver(each) for each in role.who],
                "if_absent": [self._resolver(each) for each in role.if_absent],
            }
        )

    def _resolver(self, resolver: Resolver) -> dict[str, Any]:
        value: Any = resolver.value.text
        if resolver.kind == "creator":
            value = True
        elif resolver.expression:
            value = self.scope.normalise(resolver.expression)
        return _without_empty({resolver.kind: value, "in": self._expression(resolver.within)})

    def _due(self, due: Due | None) -> dict[str, Any] | None:
        if due is None:
            return None
        calendar = _text(due.calendar)
        return _without_empty(
            {
                "in": _text(due.within),
                "by_urgency": {level.text: when.text for level, when in due.by_urgency},
                "calendar": None if calendar == "working" else calendar,
                "cite": self._cite(due.cite),
            }
        )

    def _step(self, step: Step) -> dict[str, Any]:
        name = _text(step.name)
        head = {
            "id": step.id.text,
            "name": None if name == step.id.text else name,
            "help": _text(step.help),
            "when": self._expression(step.when),
            "to": _target(step.to),
            "due": self._due(step.due),
            "reports": _reports(step.reports),
            "cite": self._cite(step.cite),
        }
        return _without_empty({**head, **self._kind(step)})

    def _kind(self, step: Step) -> dict[str, Any]:
        match step:
            case HumanStep():
                return self._human(step)
            case ServiceStep():
                return self._plugin(step, step.run)
            case ChooseStep():
                return {"choose": [self._case(case) for case in step.cases]}
            case EndStep():
                same = step.id.text == step.outcome.text
                told = _text(step.reports.done) if step.reports else None
                named = None if same else step.id.text
                return {"end": step.outcome.text, "id": named, "reports": told}
        raise TypeError(type(step))

    def _human(self, step: HumanStep) -> dict[str, Any]:
        onward = step.to.text if step.to else "next"
        actions = [self._action(action, onward) for action in step.actions]
        runs: dict[str, Any] = {}
        if step.run is not None:
            runs = self._plugin(step, step.run)
            # `confirm` is there though nothing is said of it: then it comes first.
            written = actions[1:] if actions[0] == DEFAULT_CONFIRM_JSON else actions
        else:
            written = [] if actions == [DEFAULT_ACTION_JSON] else actions
        return {"by": step.by.text, "form": _text(step.form), "actions": written, **runs}

    def _plugin(self, step: HumanStep | ServiceStep, run: Word) -> dict[str, Any]:
        plugin = self.registry.get(run.text)
        use = PluginUse(step=step, run=run, parameters=step.parameters)
        parameters, _ = read_parameters(use, plugin)
        onward = step.to.text if step.to else "next"
        normal = {each.id for each in plugin.outcomes if each.normal}
        routes: dict[str, Any] = {}
        for outcome, route in step.outcomes:
            written = _route(route, onward)
            if outcome.text not in normal and "return_to" not in written:
                # Only a normal outcome has a default: any other says where it leads.
                written["to"] = route.to.text if route.to else onward
            if written:
                routes[outcome.text] = written
        return {"run": plugin.name, "with": parameters, "outcomes": routes}

    def _case(self, case: Case) -> dict[str, Any]:
        if case.when is None:
            return {"else": case.to.text}
        return {"when": self.scope.normalise(case.when), "to": case.to.text}

    def _action(self, action: Action, onward: str) -> dict[str, Any]:
        route = action.route
        return _without_empty(
            {
                **self._inline(action),
                "id": action.id.text,
                "label": action.label.text,
                **_route(route, onward),
                "comment": (None if action.comment == default_comment(route) else action.comment),
                "when": self._expression(action.when),
                "form": _text(action.form),
                "requires": _texts(action.requires),
                "incomplete": action.incomplete,
                "reports": _text(action.reports),
                "cite": self._cite(action.cite),
            }
        )

    def _inline(self, action: Action) -> dict[str, Any]:
        if action.run is None:
            return {}
        plugin = self.registry.get(action.run.text)
        use = PluginUse(
            step=self.flow.steps[0], run=action.run, parameters=action.parameters, action=action
        )
        return {"run": plugin.name, "with": read_parameters(use, plugin)[0]}

    def _expression(self, expression: Expression | None) -> str | None:
        return self.scope.normalise(expression) if expression else None

    def _cite(self, cites: tuple[Word, ...]) -> list[str]:
        """Each with its pack: the first `basis` unless it names one."""
        pack = self.flow.basis[0].text if self.flow.basis else ""
        return [word.text if ":" in word.text else f"{pack}:{word.text}" for word in cites]


def _reports(reports: Reports | None) -> dict[str, str]:
    if reports is None:
        return {}
    return _without_empty({"enter": _text(reports.enter), "done": _text(reports.done)})


def _target(word: Word | None) -> str | None:
    return None if word is None or word.text == "next" else word.text


def _route(route: Route, onward: str) -> dict[str, Any]:
    target = _text(route.to)
    return _without_empty(
        {
            "to": None if target == onward else target,
            "return_to": _text(route.return_to),
            "then": None if route.then == "onwards" else route.then,
            "at_most": route.at_most,
        }
    )
