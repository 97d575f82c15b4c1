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
    Resolver,
    Role,
    Route,
    ServiceStep,
    Step,
)
from quytrinh.language.form import FormDefinition, FormField
from quytrinh.language.parse import DEFAULT_ACTION, default_comment
from quytrinh.language.source import Word
from quytrinh.spi import Registry

DEFAULT_ACTION_JSON = {"id": DEFAULT_ACTION[0], "label": DEFAULT_ACTION[1]}


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
        plugins = (self.registry.get(step.run.text) for step in self.flow.service_steps())
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
        start = self.flow.start
        if start is None:
            return []
        written = _without_empty({"by": start.by.text, "form": _text(start.form)})
        first = self.flow.steps[0]
        default = {"by": first.by.text} if isinstance(first, HumanStep) else None
        return [] if written == default else [written]

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
                "in": due.within.text,
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
            "cite": self._cite(step.cite),
        }
        return _without_empty({**head, **self._kind(step)})

    def _kind(self, step: Step) -> dict[str, Any]:
        match step:
            case HumanStep():
                onward = step.to.text if step.to else "next"
                actions = [self._action(action, onward) for action in step.actions]
                written = [] if actions == [DEFAULT_ACTION_JSON] else actions
                return {"by": step.by.text, "form": _text(step.form), "actions": written}
            case ServiceStep():
                return self._service(step)
            case ChooseStep():
                return {"choose": [self._case(case) for case in step.cases]}
            case EndStep():
                same = step.id.text == step.outcome.text
                return {"end": step.outcome.text, "id": None if same else step.id.text}
        raise TypeError(type(step))

    def _service(self, step: ServiceStep) -> dict[str, Any]:
        plugin = self.registry.get(step.run.text)
        parameters, _ = read_parameters(step, plugin)
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
                "id": action.id.text,
                "label": action.label.text,
                **_route(route, onward),
                "comment": (None if action.comment == default_comment(route) else action.comment),
                "when": self._expression(action.when),
                "form": _text(action.form),
                "requires": _texts(action.requires),
                "incomplete": action.incomplete,
                "cite": self._cite(action.cite),
            }
        )

    def _expression(self, expression: Expression | None) -> str | None:
        return self.scope.normalise(expression) if expression else None

    def _cite(self, cites: tuple[Word, ...]) -> list[str]:
        """Each with its pack: the first `basis` unless it names one."""
        pack = self.flow.basis[0].text if self.flow.basis else ""
        return [word.text if ":" in word.text else f"{pack}:{word.text}" for word in cites]


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
