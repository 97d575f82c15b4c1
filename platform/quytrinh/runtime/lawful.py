"""Which actions a person may take on a task, and for each other one, why not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from quytrinh.compiler.plan import Plan, PlanAction, PlanStep
from quytrinh.language.condition_words import condition_in_words
from quytrinh.organization.directory import PersonView
from quytrinh.runtime import definitions
from quytrinh.runtime.facts import holds_for
from quytrinh.runtime.models import Case, CaseTask


@dataclass(frozen=True, slots=True)
class OfferedAction:
    """An action as page and API show it."""

    id: str
    label: str
    allowed: bool
    why_not: str
    style: Literal["forward", "return"]
    comment: Literal["none", "optional", "required"]
    target_name: str


def holds(task: CaseTask, person: PersonView) -> bool:
    """Tell whether a task waits for this person."""
    return task.owner_id == person.id or not set(task.holder_keys).isdisjoint(person.keys)


def actions_for(task: CaseTask, person: PersonView) -> list[OfferedAction]:
    """Return every action of the task's step, lawful or not."""
    plan = definitions.plan(task.process.digest)
    step = plan.step(task.step)
    return [_offered(plan, step, action, task, person) for action in step.actions]


def why_not(step: PlanStep, action: PlanAction, task: CaseTask, person: PersonView) -> str:
    """Return why a person may not take an action now, empty if they may."""
    return next(_obstacles(step, action, task, person), "")


def _obstacles(
    step: PlanStep, action: PlanAction, task: CaseTask, person: PersonView
) -> Iterator[str]:
    case = task.process
    if not holds(task, person):
        yield _("Việc này đang chờ người khác xử lý.")
    yield from _return_obstacles(action, case)
    limit = action.route.at_most
    if limit and case.steps.get(step.id, {}).get("actions", {}).get(action.id, 0) >= limit:
        yield ngettext(
            "Thao tác này chỉ được dùng %(count)d lần trong một hồ sơ.",
            "Thao tác này chỉ được dùng %(count)d lần trong một hồ sơ.",
            limit,
        ) % {"count": limit}
    if action.when and not holds_for(case, action.when):
        yield _("Điều kiện của thao tác này chưa thỏa mãn: %(condition)s.") % {
            "condition": condition_in_words(action.when, definitions.condition_names(case.digest))
        }


def _return_obstacles(action: PlanAction, case: Case) -> Iterator[str]:
    target = action.route.return_to
    if target and target not in case.steps:
        yield _("Chưa thể trả lại: hồ sơ chưa từng qua bước đó.")


def _offered(
    plan: Plan, step: PlanStep, action: PlanAction, task: CaseTask, person: PersonView
) -> OfferedAction:
    obstacle = why_not(step, action, task, person)
    target = action.route.return_to or action.route.to or ""
    return OfferedAction(
        id=action.id,
        label=action.label,
        allowed=not obstacle,
        why_not=obstacle,
        style="return" if action.route.return_to else "forward",
        comment=action.comment,
        target_name=plan.step(target).name,
    )
