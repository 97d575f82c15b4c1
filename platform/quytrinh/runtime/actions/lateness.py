"""Timers go off: reminders, escalations, what lateness does, the end of a wait. Each once.

A timer whose task is over, or whose deadline has been moved since, does nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.utils.translation import gettext as _
from viewflow.workflow.activation import Activation
from viewflow.workflow.status import STATUS

from quytrinh.background.message import Message
from quytrinh.compiler.plan import PlanOnLate, PlanStep
from quytrinh.compiler.planning import TIME
from quytrinh.organization.keys import person_key
from quytrinh.organization.resolve import resolve
from quytrinh.runtime import timers
from quytrinh.runtime.actions.step import step_of
from quytrinh.runtime.engine.activations import HumanActivation
from quytrinh.runtime.engine.blocks import JoinActivation
from quytrinh.runtime.facts import facts_of
from quytrinh.runtime.memory import remember_completion
from quytrinh.runtime.models import CaseTask
from quytrinh.runtime.scopes import scope_of
from quytrinh.runtime.tasks import take_outcome
from quytrinh.runtime.unit_of_work import UnitOfWork
from quytrinh.spi import StepResult


def go_off(message: Message) -> None:
    """Do what a timer was set for, if its task still waits under the same deadline."""
    told = message.payload
    with step_of(task_id=UUID(told["task_id"]), actor=None) as work:
        message.complete()
        task = work.open_tasks.get(UUID(told["task_id"]))
        if task is None or timers.deadline_mark(task) != told["due"]:
            return
        if task.suspended:
            return  # its clock stands; when it goes on, its timers are set anew
        _WHAT[told["what"]](work, task, told["place"])


def _remind(work: UnitOfWork, task: CaseTask, place: int) -> None:
    step = work.plan.step(task.step)
    # The version a case has been moved to may remind less often.
    if step.due is None or place >= len(step.due.remind):
        return
    to = step.due.remind[place].to
    work.inform(
        _keys(work, task, to) if to else _holders(task),
        _("Sắp đến hạn: %(step)s") % {"step": step.name},
    )
    work.record("task.reminded", step=step.id, task=str(task.pk))


def _escalate(work: UnitOfWork, task: CaseTask, place: int) -> None:
    step = work.plan.step(task.step)
    if step.due is None or place >= len(step.due.escalate):
        return
    role = step.due.escalate[place].to
    work.inform(_keys(work, task, role), _("Đã quá hạn: %(step)s") % {"step": step.name})
    work.record("task.escalated", step=step.id, task=str(task.pk), role=role)


def _late(work: UnitOfWork, task: CaseTask, place: int) -> None:
    step = work.plan.step(task.step)
    late = step.on_late
    if late is None:
        return
    if late.action:
        _decide_by_silence(work, task, step, late.action)
    elif late.route:
        _leave(work, task, late)
    else:
        work.record("task.late", step=step.id, task=str(task.pk))
        work.start_beside(task, late)


def _decide_by_silence(work: UnitOfWork, task: CaseTask, step: PlanStep, action_id: str) -> None:
    action = next(each for each in step.actions if each.id == action_id)
    scope = scope_of(task)
    forward = action.route.return_to is None
    remember_completion(scope, step.id, action=action.id, forward=forward, by=None, at=work.now)
    said = _("im lặng quá hạn")
    work.record(
        "task.completed", task=str(task.pk), step=step.id, action=action.id, label=action.label,
        comment=said,
    )  # fmt: skip
    own = step.reports.done if step.reports and forward else None
    work.tell_sender(action.reports or own, task=task)
    activation = HumanActivation(task)
    activation.decide_by_silence(action.id)
    activation.activate_next()


def _leave(work: UnitOfWork, task: CaseTask, late: PlanOnLate) -> None:
    """The token leaves a task, or a block with all its branches, that was not done in time."""
    work.record("task.late", step=task.step, task=str(task.pk))
    if task.flow_task_type == "JOIN":
        block = JoinActivation(task)
        block.expire()
        block.activate_next()
        return
    work.cancel_task(task, reason="late")
    activation = task.flow_task.activation_class(task)
    assert late.route is not None
    target = activation.go(task.flow_task.follow(late.route), late.route)
    Activation._activate_next(activation, {target})


def _wait_is_over(work: UnitOfWork, task: CaseTask, place: int) -> None:
    if task.status == STATUS.SCHEDULED:
        take_outcome(task, StepResult(TIME))


def _keys(work: UnitOfWork, task: CaseTask, role: str) -> tuple[str, ...]:
    return resolve(work.plan.roles[role], facts_of(scope_of(task)), work.directory).keys


def _holders(task: CaseTask) -> tuple[str, ...]:
    return (person_key(task.owner_id),) if task.owner_id else tuple(task.holder_keys)


_WHAT: dict[str, Callable[[UnitOfWork, CaseTask, int], None]] = {
    timers.REMIND: _remind,
    timers.ESCALATE: _escalate,
    timers.LATE: _late,
    timers.WAIT: _wait_is_over,
}
