"""Verbs that move the token: each is a return to a step that the case has already been at."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from viewflow.workflow.activation import Activation
from viewflow.workflow.status import PROCESS, STATUS
from viewflow.workflow.token import Token

from quytrinh.compiler.plan import PlanRoute
from quytrinh.runtime.actions.subcases import CANCELLED
from quytrinh.runtime.choices import WITHDRAWN
from quytrinh.runtime.engine.activations import HumanActivation, StartActivation
from quytrinh.runtime.engine.registry import flow_class
from quytrinh.runtime.memory import remember_completion
from quytrinh.runtime.models import NODE_PREFIX, CaseTask
from quytrinh.runtime.scopes import TOP, scope_of
from quytrinh.runtime.unit_of_work import UnitOfWork

Told = dict[str, Any]
RETURN = "return"


def give_back(work: UnitOfWork, task: CaseTask, led_by: Mapping[str, Any], *, comment: str) -> None:
    """Complete a task by returning the case to the step that led to it."""
    assert work.actor is not None
    remember_completion(
        scope_of(task), task.step, action=RETURN, forward=False, by=work.actor, at=work.now,
        comment=comment, on_behalf_of=work.on_behalf_of, led_by=led_by,
    )  # fmt: skip
    task.action, task.comment, task.done_by_id = RETURN, comment, work.actor
    activation = HumanActivation(task)
    activation.take(work.actor)
    activation.complete()
    _return_to(activation, led_by["step"])


def recall(work: UnitOfWork, led_by: Mapping[str, Any]) -> Told:
    """Take back what a completed step has led to; its performer has it again."""
    led = [
        task
        for task in work.open_tasks.values()
        if (task.data.get("led_by") or {}).get("task") == led_by["task"]
    ]
    first, *_others = led
    work.cancel_task(first, reason="recalled")
    _return_to(first.flow_task.activation_class(first), led_by["step"])
    return {"step": led_by["step"]}


def cancel(work: UnitOfWork) -> Told:
    """End a case before its end; whoever works on it is told, and a calling case goes on."""
    known_by = work.concerned()
    work.cancel_within(TOP, reason=CANCELLED)
    case = work.case
    case.status, case.outcome, case.finished = PROCESS.CANCELED, CANCELLED, work.now
    work.inform(known_by, str(WITHDRAWN[CANCELLED]))
    work.tell_caller(CANCELLED)
    return {}


def reopen(work: UnitOfWork, step: str) -> Told:
    """Open a finished case at the human step that was completed last."""
    case = work.case
    case.status, case.outcome, case.finished = PROCESS.NEW, "", None
    start = getattr(flow_class(case.digest).instance, NODE_PREFIX + "start")
    again = CaseTask(tenant_id=case.tenant_id, process=case, token=Token(TOP))
    again.created = again.started = again.finished = work.now
    again.flow_task, again.status, again.done_by_id = start, STATUS.DONE, work.actor
    again.save()
    activation = StartActivation(again)
    target = getattr(flow_class(case.digest).instance, NODE_PREFIX + step)
    Activation._activate_next(activation, {target._create(activation, Token(TOP))})
    return {"step": step}


def _return_to(activation: Any, step: str) -> None:
    route = PlanRoute(return_to=step)
    target = activation.flow_task._node(step)
    Activation._activate_next(activation, {activation.go(target, route)})
