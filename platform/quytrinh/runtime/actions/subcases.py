"""A step calls another procedure: its case begins, ends, or is cancelled with the step.

Each happens in a transaction of its own, handed over through the outbox: the caller is never
locked while its sub-case is at work.
"""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from viewflow.workflow.status import PROCESS, STATUS

from quytrinh.background.exceptions import Permanent
from quytrinh.background.message import Message
from quytrinh.compiler.plan import PlanCall
from quytrinh.runtime import definitions
from quytrinh.runtime.actions.start import begin, new_case
from quytrinh.runtime.actions.step import step_of
from quytrinh.runtime.facts import evaluate_for
from quytrinh.runtime.models import CALLED, Case, CaseTask, FlowVersion
from quytrinh.runtime.scopes import TOP, Scope, scope_of
from quytrinh.runtime.tasks import take_outcome
from quytrinh.spi import StepResult

CANCELLED = "cancelled"


def begin_called(message: Message) -> None:
    """Begin the case that a step calls, with the documents and values the step hands over."""
    task_id = UUID(message.payload["task_id"])
    with step_of(task_id=task_id, actor=None) as work:
        message.complete()
        task = work.open_tasks.get(task_id)
        if task is None or task.status != STATUS.SCHEDULED:
            return
        child = _begin(task)
        work.record("case.called", step=task.step, child=child.code, case=str(child.pk))


def _begin(task: CaseTask) -> Case:
    parent, scope = task.process, scope_of(task)
    call = definitions.plan(parent.digest).step(task.step).call
    assert call is not None
    version = FlowVersion.objects.in_force().filter(flow__key=call.flow).first()
    if version is None:
        raise Permanent(_("Quy trình “%(flow)s” không còn hiệu lực.") % {"flow": call.flow})
    now = timezone.now()
    child = new_case(
        version,
        now=now,
        start_key=f"{CALLED}{task.pk}",
        parent_task=task.pk,
        creator_id=_creator(call, scope),
        unit_key=parent.unit_key,
        urgency=parent.urgency,
        slots=_documents(call, parent),
    )
    child.fields, child.subject = _values(call, scope)
    begin(child, now=now, actor=None, caller=parent.code)
    return child


def _creator(call: PlanCall, scope: Scope) -> UUID | None:
    """Return who stands as the sub-case's creator: who acted last in the calling case."""
    done = [each for each in scope.all_memories().values() if each.get("by")]
    last = max(done, key=lambda each: str(each["at"]), default=None)
    return UUID(last["by"]) if last else scope.case.creator_id


def _documents(call: PlanCall, parent: Case) -> dict[str, list[str]]:
    """The same documents, not copies, under the callee's names of slots."""
    return {
        slot: list(parent.slots[ours])
        for slot, ours in call.documents.items()
        if ours in parent.slots
    }


def _values(call: PlanCall, scope: Scope) -> tuple[dict[str, object], str]:
    values = {name: evaluate_for(scope, each) for name, each in call.fields.items()}
    subject = values.pop("subject", None) or scope.case.subject
    return values, str(subject)


def take_end(message: Message) -> None:
    """Let the calling step go on by the end of the case it called."""
    task_id = UUID(message.payload["task_id"])
    with step_of(task_id=task_id, actor=None) as work:
        message.complete()
        task = work.open_tasks.get(task_id)
        if task is None or task.status != STATUS.SCHEDULED:
            return
        outcome = message.payload["outcome"]
        take_outcome(task, StepResult(outcome, {"outcome": outcome}))


def cancel_called(message: Message) -> None:
    """Cancel a case whose calling step is gone."""
    with transaction.atomic():
        message.complete()
        child = Case.objects.filter(start_key=message.payload["start_key"]).first()
        if child is not None:
            _cancel(child)


def _cancel(child: Case) -> None:
    with step_of(case_id=child.pk, actor=None) as work:
        case = work.case
        if case.finished is not None:
            return
        work.cancel_within(TOP, reason=CANCELLED)
        case.status, case.outcome, case.finished = PROCESS.CANCELED, CANCELLED, work.now
        work.record("case.cancelled", outcome=CANCELLED)
