"""The normal form: what a text means, as JSON with one way to write each thing; and its digest."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

import rfc8785

from quytrinh.compiler.canonical_steps import StepWriter
from quytrinh.compiler.canonical_values import text, texts, without_empty
from quytrinh.language.ast import Flow, HumanStep, Resolver, Role, Schedule, Setting, Slot, Start
from quytrinh.language.form import FormDefinition, FormField, FormSection
from quytrinh.language.settings import MANY_VALUED
from quytrinh.spi import Registry


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
    return without_empty(
        {
            "quytrinh": 1,
            "form": form.id.text,
            "name": form.name.text,
            "help": text(form.help),
            "schema": without_empty(
                {
                    "type": "object",
                    "properties": [_field(each) for each in form.fields],
                    "required": list(form.required),
                }
            ),
            "layout": [_section(each) for each in form.sections],
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


def _section(section: FormSection) -> dict[str, Any]:
    return without_empty(
        {
            "title": section.title.text,
            "help": text(section.help),
            "columns": section.columns if section.columns > 1 else None,
            "fields": list(section.fields),
        }
    )


def _field(field: FormField) -> dict[str, Any]:
    return {"id": field.id.text, **field.schema}


class _FlowWriter:
    """One flow; its steps are written by a writer that knows the same forms and plugins."""

    def __init__(self, flow: Flow, forms: Mapping[str, FormDefinition], registry: Registry) -> None:
        self.flow = flow
        self.forms = forms
        self.registry = registry
        self.steps = StepWriter(flow, forms, registry)

    def write(self) -> dict[str, Any]:
        flow = self.flow
        return without_empty(
            {
                "quytrinh": 1,
                "flow": flow.id.text,
                "name": flow.name.text,
                "help": text(flow.help),
                "document": text(flow.document),
                "documents": [_slot(slot) for slot in flow.documents],
                "basis": texts(flow.basis),
                "cite": self.steps.cite(flow.cite),
                "settings": [_setting(each) for each in flow.settings],
                "roles": [self._role(role) for role in flow.roles],
                "start": self._starts(),
                "due": self.steps.due(flow.due),
                "on_late": self.steps.on_late(flow.on_late),
                "verbs": self.steps.verbs(flow.verbs),
                "steps": self.steps.block(flow.steps),
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

    def _starts(self) -> list[dict[str, Any]]:
        written = [self._start(start) for start in self.flow.starts]
        first = self.flow.steps[0]
        default = {"by": first.by.text} if isinstance(first, HumanStep) else None
        return [] if written == [default] else written

    def _start(self, start: Start) -> dict[str, Any]:
        return without_empty(
            {
                "by": text(start.by),
                "form": text(start.form),
                "event": text(start.event),
                "when": self.steps.expression(start.when),
                "schedule": _schedule(start.schedule),
            }
        )

    def _role(self, role: Role) -> dict[str, Any]:
        return without_empty(
            {
                "id": role.id.text,
                "name": role.name.text,
                "who": [self._resolver(each) for each in role.who],
                "if_absent": [self._resolver(each) for each in role.if_absent],
                "assign": None if role.assign == "claim" else role.assign,
            }
        )

    def _resolver(self, resolver: Resolver) -> dict[str, Any]:
        value: Any = text(resolver.value)
        if resolver.kind == "creator":
            value = True
        elif resolver.expression:
            value = self.steps.expression(resolver.expression)
        within = self.steps.expression(resolver.within)
        return without_empty({resolver.kind: value, "in": within})


def _setting(setting: Setting) -> dict[str, Any]:
    many = setting.type.text == MANY_VALUED
    default = texts(setting.default) if many else texts(setting.default)[:1]
    return without_empty(
        {
            "id": setting.id.text,
            "name": setting.name.text,
            "type": setting.type.text,
            "default": default,
            "choices": texts(setting.choices),
        }
    )


def _slot(slot: Slot) -> dict[str, Any]:
    return without_empty(
        {
            "id": slot.id.text,
            "name": slot.name.text,
            "kind": text(slot.kind),
            "many": slot.many,
        }
    )


def _schedule(schedule: Schedule | None) -> dict[str, Any] | None:
    if schedule is None:
        return None
    return without_empty(
        {
            "every": schedule.every.text,
            "day": text(schedule.day),
            "before": text(schedule.before),
            "at": text(schedule.at),
        }
    )
