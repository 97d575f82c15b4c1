"""Which actions a person may take on a task, and for each other one, why not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from quytrinh.compiler.plan import JOIN, Plan, PlanAction, PlanStep
from quytrinh.language.condition_words import condition_in_words
from quytrinh.organization.directory import PersonView
from quytrinh.runtime import definitions
from quytrinh.runtime.facts import holds_for
from quytrinh.runtime.models import CaseTask
from quytrinh.runtime.scopes import Scope, outer, scope_of
from quytrinh.runtime.unit_of_work import excluded_from


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
    scope = scope_of(task)
    if task.suspended:
        yield _("Việc đang tạm dừng (%(reason)s); bấm “Tiếp tục xử lý” trước.") % task.suspended
    if not holds(task, person):
        yield _("Việc này đang chờ người khác xử lý.")
    if person.id in excluded_from(step, scope):
        yield _("Bạn đã làm một bước trước của hồ sơ này nên không được làm bước này.")
    yield from _return_obstacles(action, scope)
    limit = action.route.at_most
    if limit and scope.memory(step.id).get("actions", {}).get(action.id, 0) >= limit:
        yield ngettext(
            "Thao tác này chỉ được dùng %(count)d lần trong một hồ sơ.",
            "Thao tác này chỉ được dùng %(count)d lần trong một hồ sơ.",
            limit,
        ) % {"count": limit}
    if action.when and not holds_for(scope, action.when):
        names = definitions.condition_names(scope.case.digest)
        yield _("Điều kiện của thao tác này chưa thỏa mãn: %(condition)s.") % {
            "condition": condition_in_words(action.when, names)
        }


def _return_obstacles(action: PlanAction, scope: Scope) -> Iterator[str]:
    target = action.route.return_to
    if target is None:
        return
    depth = definitions.depths_of(scope.case.digest)[target]
    if not Scope(scope.case, outer(scope.token, depth)).has_passed(target):
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
        target_name="" if target == JOIN else plan.step(target).name,
    )
