"""Background work of the runtime: service steps through the outbox."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from viewflow.workflow.status import STATUS

from quytrinh.background.exceptions import NotRetryable, Permanent
from quytrinh.background.message import Message
from quytrinh.exchange.actions.report import report_for_case
from quytrinh.exchange.exceptions import UnlawfulStatus
from quytrinh.runtime import definitions
from quytrinh.runtime.actions import checking
from quytrinh.runtime.actions.step import step_of
from quytrinh.runtime.engine.activations import JobActivation
from quytrinh.runtime.models import CaseTask
from quytrinh.runtime.plugins import registry, request_beside, request_for
from quytrinh.spi import StepFailed, StepResult

logger = logging.getLogger(__name__)

# Every plugin can fail for good; a flow may say where that leads.
FAILED = "failed"


def run_job(message: Message) -> None:
    """Run the plugin of a service step, then take its outcome.

    The plugin works outside any transaction and may run twice; its outcome is taken once, in
    the transaction that marks the message done.
    """
    task_id = UUID(message.payload["task_id"])
    result = _run_plugin(task_id)
    if result is None:
        return
    with step_of(task_id=task_id, actor=None) as work:
        message.complete()
        task = work.open_tasks.get(task_id)
        if task is None or task.status != STATUS.SCHEDULED:
            return
        take_outcome(task, result)


def run_beside(message: Message) -> None:
    """Run a plugin that lateness started; the task itself is not touched."""
    told = message.payload
    with transaction.atomic():
        task = CaseTask.objects.select_related("process").get(pk=UUID(told["task_id"]))
        request = request_beside(task, told["with"])
    result = registry().get(told["run"]).run(request)
    with step_of(task_id=task.pk, actor=None) as work:
        message.complete()
        outputs = dict(result.outputs)
        work.record("act.done", task=str(task.pk), step=task.step, act=told["run"], outputs=outputs)


def report_status(message: Message) -> None:
    """Tell the sender of the case's document a status the flow declared.

    One the exchange no longer allows stays in the journal and is not sent (flow-language §3.3).
    """
    told = message.payload
    with transaction.atomic():
        message.complete()
        try:
            report_for_case(
                case_id=UUID(told["case_id"]),
                code=told["status"],
                reason=told["comment"],
                actor=UUID(told["by"]) if told["by"] else None,
            )
        except UnlawfulStatus:
            logger.warning("status %s of case %s is not sent", told["status"], told["case_id"])


def check_files(message: Message) -> None:
    """Verify what arrived; a file that is verified already is not verified again."""
    checking.check_files(case_id=UUID(message.payload["case_id"]))


def give_up_job(message: Message, reason: str) -> None:
    """Take the route of `failed` if the flow names one; else leave the step to a person.

    That is whoever confirmed it, or an administrator where nobody did.
    """
    task_id = UUID(message.payload["task_id"])
    with step_of(task_id=task_id, actor=None) as work:
        task = work.open_tasks.get(task_id)
        if task is None:
            return
        step = work.plan.step(task.step)
        if FAILED in step.outcomes:
            take_outcome(task, StepResult(FAILED, {"error": reason}))
        elif step.is_confirmed:
            JobActivation(task).hand_back(reason)
        else:
            JobActivation(task).give_up(reason)


def revive_job(payload: Mapping[str, Any]) -> None:
    """Let a step that was given up wait for the machine again; raise NotRetryable if it is over."""
    task_id = UUID(payload["task_id"])
    with step_of(task_id=task_id, actor=None) as work:
        task = work.open_tasks.get(task_id)
        if task is None or task.status != STATUS.ERROR:
            raise NotRetryable
        JobActivation(task).retry()
        work.record("step.retried", step=task.step, task=str(task.pk))


def take_outcome(task: CaseTask, result: StepResult) -> None:
    """Let a machine's step go on by its outcome."""
    task.data = {**task.data, "outcome": result.outcome, "outputs": dict(result.outputs)}
    activation = JobActivation(task)
    activation.start()
    activation.complete()
    activation.activate_next()


def _run_plugin(task_id: UUID) -> StepResult | None:
    """Return the plugin's answer, or None when the task no longer waits for it."""
    with transaction.atomic():
        task = (
            CaseTask.objects.select_related("process")
            .filter(pk=task_id, status=STATUS.SCHEDULED)
            .first()
        )
        if task is None:
            return None
        step = definitions.plan(task.process.digest).step(task.step)
        request = request_for(step, task)
    try:
        result = registry().get(step.run or "").run(request)
    except StepFailed as failure:
        if not failure.retryable:
            raise Permanent(failure.message) from failure
        raise
    if result.outcome not in step.outcomes:
        raise Permanent(f"{step.run}: unknown outcome {result.outcome!r}")
    return result
