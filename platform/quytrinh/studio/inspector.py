"""What can be changed of one step, in words; and the form's answer as an operation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from quytrinh.compiler.editing.conditions import read_condition
from quytrinh.compiler.editing.operations import Set
from quytrinh.compiler.editing.steps import StepPlace, fresh, name_of
from quytrinh.compiler.editing.tree import Path
from quytrinh.compiler.wording import citation
from quytrinh.runtime.models import Form
from quytrinh.runtime.plugins import registry
from quytrinh.spi import StepPlugin
from quytrinh.studio.conditions import Builder, builder_of, when_of
from quytrinh.studio.options import Option, option_values, options_of
from quytrinh.studio.routes import (
    Choice,
    DueFields,
    due_choices,
    due_fields,
    route_choices,
    route_code,
    route_keys,
    route_value,
    when_value,
)
from quytrinh.studio.sheet import Sheet

URGENCIES = (("urgent", "Khẩn"), ("very_urgent", "Thượng khẩn"), ("flash", "Hỏa tốc"))
_NO_DUE = ("choose", "end", "wait")


@dataclass(frozen=True, slots=True)
class ActionRow:
    """A button that the step offers."""

    id: str
    label: str
    routes: list[Choice]
    returns: bool
    needs_reason: bool
    act: str
    condition: str


@dataclass(frozen=True, slots=True)
class OutcomeRow:
    """A result of a machine's work."""

    id: str
    title: str
    routes: list[Choice]
    must: bool


@dataclass(frozen=True, slots=True)
class DueRow:
    """A deadline, of all cases or of those so urgent."""

    key: str
    label: str
    fields: DueFields
    units: list[Choice]


@dataclass(frozen=True)
class Inspector:
    """The form of one step."""

    step: StepPlace
    kind: str
    name: str
    roles: list[Choice]
    forms: list[Choice]
    dues: list[DueRow]
    due_otherwise: bool
    actions: list[ActionRow]
    outcomes: list[OutcomeRow]
    options: list[Option]
    plugin: str
    onwards: list[Choice]
    cites: str
    cites_in_words: str
    condition: Builder
    data: Mapping[str, Any]

    @property
    def human(self) -> bool:
        """Whether a person does it."""
        return "by" in self.data


def inspector_of(sheet: Sheet) -> Inspector | None:
    """Return the form of the selected step."""
    step = sheet.selected
    if step is None:
        return None
    data, plugin = step.data, _plugin(step.data)
    return Inspector(
        step=step,
        kind=kind_of(data),
        name=name_of(data),
        roles=role_choices(sheet.flow, _text(data.get("by"))),
        forms=_form_choices(_text(data.get("form"))),
        dues=_dues(sheet, data),
        due_otherwise=isinstance(data.get("due"), Mapping) and "at" in data["due"],
        actions=list(_actions(sheet, step)) if "by" in data else [],
        outcomes=list(_outcomes(sheet, step, plugin)) if plugin else [],
        options=options_of(plugin, sheet, data) if plugin else [],
        plugin=plugin.title if plugin else "",
        onwards=route_choices(sheet.steps, step, route_code(data.get("to")))
        if "end" not in data
        else [],
        cites=_listed(data.get("cite")),
        cites_in_words="; ".join(citation(each) for each in _list(data.get("cite"))),
        condition=builder_of(sheet, _text(data.get("when"))),
        data=data,
    )


def kind_of(data: Mapping[str, Any]) -> str:
    """Return what kind of step it is, in words."""
    kinds = {
        "end": _("Kết thúc"),
        "parallel": _("Nhiều phần làm cùng lúc"),
        "each": _("Từng nơi (từng người) cùng làm"),
        "choose": _("Rẽ theo điều kiện"),
        "call": _("Chạy quy trình khác"),
        "wait": _("Chờ"),
    }
    found = next((words for key, words in kinds.items() if key in data), "")
    if found:
        return found
    if "run" in data:
        return _("Người xác nhận, hệ thống làm") if "by" in data else _("Hệ thống tự làm")
    return _("Người làm")


def role_choices(flow: Mapping[str, Any], chosen: str) -> list[Choice]:
    """Return the roles of a procedure."""
    roles = flow.get("roles")
    found = []
    for key, role in roles.items() if isinstance(roles, Mapping) else ():
        name = role.get("name", key) if isinstance(role, Mapping) else key
        found.append(Choice(key, str(name), key == chosen))
    if chosen not in {each.value for each in found}:
        words = _("%s (chưa khai vai trò này)") % chosen if chosen else _("Chưa chọn")
        found.insert(0, Choice(chosen, words, True))
    return found


def step_values(sheet: Sheet, step: StepPlace, posted: QueryDict) -> Set:
    """Return what the form of a step says, as one operation; what is unchanged stays as it is."""
    return Set(tuple(_values(sheet, step, posted)), step.id)


def _values(sheet: Sheet, step: StepPlace, posted: QueryDict) -> Iterator[tuple[Path, Any]]:
    data = step.data
    for key in ("name", "help", "by", "form"):
        if key in posted and posted.get(key, "").strip() != _text(data.get(key)):
            yield (key,), posted.get(key, "").strip() or None
    yield from _condition_values(sheet, data, posted)
    if "to" in posted and posted.get("to", "") != route_code(data.get("to")):
        yield ("to",), route_keys(posted.get("to", ""))["to"]
    if "cite" in posted and posted.get("cite", "").strip() != _listed(data.get("cite")):
        yield ("cite",), _split(posted.get("cite", "")) or None
    yield from _due_values(data.get("due"), posted)
    yield from _action_values(data, posted)
    yield from _outcome_values(data, posted)
    plugin = _plugin(data)
    if plugin:
        yield from option_values(plugin, sheet, data, posted)


def _condition_values(
    sheet: Sheet, data: Mapping[str, Any], posted: QueryDict
) -> Iterator[tuple[Path, Any]]:
    """What the lines of the builder say, if they were shown and say something else."""
    if "test-0-field" not in posted:
        return
    old, new = read_condition(_text(data.get("when"))), when_of(sheet, posted)
    if read_condition(new or "") != old:
        yield ("when",), new


def _due_values(due: Any, posted: QueryDict) -> Iterator[tuple[Path, Any]]:
    if "due-unit" not in posted:
        return
    old = _due_map(due)
    new = dict(old)
    for key, field in (("in", "due"), *((level, f"due-{level}") for level, _name in URGENCIES)):
        holder = new if key == "in" else dict(new.get("by_urgency") or {})
        entered = DueFields(
            posted.get(f"{field}-amount", "").strip(), posted.get(f"{field}-unit", "")
        )
        if entered == _shown(due_fields(holder.get(key))):
            continue
        value = when_value(entered.amount, entered.unit)
        holder.pop(key, None)
        if value is not None:
            holder[key] = value
        if key != "in":
            new["by_urgency"] = holder
    if not new.get("by_urgency"):
        new.pop("by_urgency", None)
    if new == old:
        return
    if "in" not in new and "at" not in new:
        yield ("due",), None
        yield ("on_late",), None
    else:
        yield ("due",), new["in"] if set(new) == {"in"} and isinstance(new["in"], str) else new


def _shown(fields: DueFields) -> DueFields:
    return DueFields(fields.amount, fields.unit)


def _due_map(due: Any) -> dict[str, Any]:
    if isinstance(due, Mapping):
        return {"in": dict(due)} if set(due) == {"setting"} else dict(due)
    return {"in": due} if due else {}


def _action_values(data: Mapping[str, Any], posted: QueryDict) -> Iterator[tuple[Path, Any]]:
    actions = actions_of(data)
    for key, action in actions.items():
        name = f"action-{key}"
        if f"{name}-label" not in posted:
            continue
        base: Path = ("actions", key)
        label = posted.get(f"{name}-label", "").strip()
        if label and label != action.get("label"):
            yield (*base, "label"), label
        code = posted.get(f"{name}-route", "")
        if key != "confirm" and code != route_code(action):
            for part, value in route_keys(code).items():
                if (value or None) != action.get(part):
                    yield (*base, part), value
        wants = "required" if f"{name}-reason" in posted else None
        if (wants == "required") != (action.get("comment") == "required"):
            yield (*base, "comment"), wants
        act = posted.get(f"{name}-run")
        if act is not None and act != _text(action.get("run")):
            yield (*base, "run"), act or None
    label = posted.get("action-new-label", "").strip()
    if label:
        yield from _new_action(data, actions, label, posted.get("action-new-route", ""))


def _new_action(
    data: Mapping[str, Any], actions: Mapping[str, Any], label: str, code: str
) -> Iterator[tuple[Path, Any]]:
    """A further button; the one that goes without saying is then said, so that it stays."""
    if not isinstance(data.get("actions"), Mapping) and "run" not in data:
        yield ("actions",), {key: dict(action) for key, action in actions.items()}
    keys = {key: value for key, value in route_keys(code).items() if value}
    comment = {"comment": "required"} if "return_to" in keys else {}
    key = fresh("tra_lai" if "return_to" in keys else "chon", set(actions))
    yield ("actions", key), {"label": label, **keys, **comment}


def _outcome_values(data: Mapping[str, Any], posted: QueryDict) -> Iterator[tuple[Path, Any]]:
    known = data.get("outcomes")
    routes = known if isinstance(known, Mapping) else {}
    for name in posted:
        if name.startswith("outcome-"):
            outcome = name.removeprefix("outcome-")
            if posted.get(name, "") != route_code(routes.get(outcome)):
                yield ("outcomes", outcome), route_value(posted.get(name, ""))


def actions_of(data: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """Return the buttons of a step, the one that goes without saying included."""
    actions = data.get("actions")
    if isinstance(actions, Mapping) and actions:
        return {key: each if isinstance(each, Mapping) else {} for key, each in actions.items()}
    return (
        {"confirm": {"label": _("Xác nhận")}}
        if "run" in data
        else {"done": {"label": _("Hoàn thành")}}
    )


def acts() -> list[Choice]:
    """Return what a decision can do besides leading on: what leaves evidence."""
    found = [
        Choice(name, registry().get(name).title)
        for name in registry().names()
        if registry().get(name).inline
    ]
    return sorted(found, key=lambda each: each.label)


def _actions(sheet: Sheet, step: StepPlace) -> Iterator[ActionRow]:
    for key, action in actions_of(step.data).items():
        run = _text(action.get("run"))
        yield ActionRow(
            id=key,
            label=_text(action.get("label")),
            routes=[] if key == "confirm" else route_choices(sheet.steps, step, route_code(action)),
            returns="return_to" in action,
            needs_reason=action.get("comment") == "required",
            act=registry().get(run).title if run in registry() else run,
            condition=_text(action.get("when")),
        )


def _outcomes(sheet: Sheet, step: StepPlace, plugin: StepPlugin) -> Iterator[OutcomeRow]:
    known = step.data.get("outcomes")
    routes = known if isinstance(known, Mapping) else {}
    for outcome in plugin.outcomes:
        empty = _("Bước kế tiếp") if outcome.normal else _("Chưa chọn")
        yield OutcomeRow(
            id=outcome.id,
            title=outcome.title,
            routes=route_choices(
                sheet.steps, step, route_code(routes.get(outcome.id)), empty=empty
            ),
            must=not outcome.normal,
        )


def _dues(sheet: Sheet, data: Mapping[str, Any]) -> list[DueRow]:
    if any(key in data for key in _NO_DUE):
        return []
    due = _due_map(data.get("due"))
    levels = due.get("by_urgency")
    by_urgency = levels if isinstance(levels, Mapping) else {}
    found = [("due", _("Thời hạn"), due.get("in"))]
    found += [(f"due-{key}", name, by_urgency.get(key)) for key, name in URGENCIES]
    rows = []
    for key, label, when in found:
        fields = due_fields(when)
        rows.append(
            DueRow(key, label, fields, due_choices(sheet.flow.get("settings"), fields.unit))
        )
    return rows


def _form_choices(chosen: str) -> list[Choice]:
    forms = [Choice("", _("Không có biểu mẫu"), not chosen)]
    for key, name in Form.objects.order_by("name").values_list("key", "name"):
        forms.append(Choice(key, name, key == chosen))
    if chosen not in {each.value for each in forms}:
        forms.append(Choice(chosen, _("%s (không có biểu mẫu này)") % chosen, True))
    return forms


def _plugin(data: Mapping[str, Any]) -> StepPlugin | None:
    run = data.get("run")
    return registry().get(run) if isinstance(run, str) and run in registry() else None


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _list(value: Any) -> list[str]:
    values = value if isinstance(value, list) else [value]
    return [each for each in values if isinstance(each, str)]


def _listed(value: Any) -> str:
    return "; ".join(_list(value))


def _split(text: str) -> list[str]:
    return [each.strip() for each in text.replace(",", ";").split(";") if each.strip()]
