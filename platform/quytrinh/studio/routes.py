"""Routes and deadlines as the choices of a form, and back."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from quytrinh.compiler.editing.steps import StepPlace, name_of

_PERIOD = re.compile(r"([1-9][0-9]{0,3})([mhd])")


@dataclass(frozen=True, slots=True)
class Choice:
    """One line of a select."""

    value: str
    label: str
    selected: bool = False


def route_code(route: Any) -> str:
    """Return a route as one word: `to:x`, `return:x`, `back:x`; empty for the next step."""
    if isinstance(route, str):
        return "" if route == "next" else f"to:{route}"
    if not isinstance(route, Mapping):
        return ""
    if "return_to" in route:
        kind = "back" if route.get("then") == "back_here" else "return"
        return f"{kind}:{route['return_to']}"
    return "" if route.get("to", "next") == "next" else f"to:{route['to']}"


def route_keys(code: str) -> dict[str, str | None]:
    """Return what the keys `to`, `return_to` and `then` say for such a word."""
    kind, _colon, target = code.partition(":")
    returns = kind in ("return", "back")
    return {
        "to": target if kind == "to" else None,
        "return_to": target if returns else None,
        "then": "back_here" if kind == "back" else None,
    }


def route_value(code: str) -> Any:
    """Return a route as it stands under `outcomes`; None for the next step."""
    keys = {key: value for key, value in route_keys(code).items() if value}
    if set(keys) == {"to"}:
        return keys["to"]
    return keys or None


def route_choices(
    steps: Sequence[StepPlace], step: StepPlace, chosen: str, *, empty: str = ""
) -> list[Choice]:
    """Return where a result of a step may lead."""
    same = [each for each in steps if each.block == step.block and each.id != step.id]
    choices = [Choice("", empty or _("Bước kế tiếp"))]
    choices += [Choice(f"to:{each.id}", _said(_("Sang “%s”"), each)) for each in same]
    if len(step.block) > 1:
        choices.append(Choice("to:join", _("Xong phần này, chờ các phần khác")))
    before = [each for each in steps if _may_return(steps, step, each)]
    choices += [Choice(f"return:{each.id}", _said(_("Trả lại “%s”"), each)) for each in before]
    choices += [
        Choice(f"back:{each.id}", _said(_("Trả lại “%s”, làm xong quay về thẳng đây"), each))
        for each in before
        if each.block == step.block
    ]
    known = {each.value for each in choices}
    if chosen not in known:
        choices.append(Choice(chosen, _("%s (không có bước này)") % chosen.partition(":")[2]))
    return [Choice(each.value, each.label, each.value == chosen) for each in choices]


def _said(words: str, step: StepPlace) -> str:
    return words % name_of(step.data)


def _may_return(steps: Sequence[StepPlace], step: StepPlace, target: StepPlace) -> bool:
    """Only to people or blocks that come earlier, in this block or around it."""
    encloses = step.block[: len(target.block)] == target.block
    there = step.path[len(target.block)] if encloses else None
    earlier = isinstance(there, int) and target.index < there
    kinds = ("by", "each", "parallel", "call")
    return encloses and earlier and any(kind in target.data for kind in kinds)


def due_units() -> list[tuple[str, str]]:
    """Return the ways to count a deadline, with their words."""
    return [
        ("", _("Không đặt hạn")),
        ("d", _("ngày làm việc")),
        ("h", _("giờ làm việc")),
        ("m", _("phút làm việc")),
        ("same_day", _("trong ngày")),
        ("next_working_morning", _("sáng ngày làm việc sau")),
        ("next_working_day", _("hết ngày làm việc sau")),
        ("immediate", _("ngay lập tức")),
    ]


@dataclass(frozen=True, slots=True)
class DueFields:
    """A deadline in a form: a number and what it counts; `other` is one said otherwise."""

    amount: str = ""
    unit: str = ""
    other: str = ""


def due_fields(when: Any) -> DueFields:
    """Return a When as a form shows it."""
    if when in (None, ""):
        return DueFields()
    if isinstance(when, Mapping) and "setting" in when:
        return DueFields(unit=f"setting:{when['setting']}")
    period = _PERIOD.fullmatch(str(when))
    if period:
        return DueFields(period[1], period[2])
    known = {unit for unit, _words in due_units()}
    return DueFields(unit=str(when)) if when in known else DueFields(other=str(when))


def when_value(amount: str, unit: str) -> Any:
    """Return the When that a form says; None for none."""
    if unit.startswith("setting:"):
        return {"setting": unit.partition(":")[2]}
    if unit in ("d", "h", "m"):
        return f"{amount.strip() or '1'}{unit}"
    return unit or None


def due_choices(settings: Any, chosen: str) -> list[Choice]:
    """Return what a deadline may count, the agency's own parameters included."""
    choices = [Choice(unit, words) for unit, words in due_units()]
    for key, each in settings.items() if isinstance(settings, Mapping) else ():
        if isinstance(each, Mapping) and each.get("type") in ("when", "period"):
            choices.append(Choice(f"setting:{key}", _("theo tham số: %s") % each.get("name", key)))
    return [Choice(each.value, each.label, each.value == chosen) for each in choices]
