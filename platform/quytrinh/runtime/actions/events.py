"""An event of a case: waits that await it go on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from viewflow.workflow.status import STATUS

from quytrinh.runtime.actions.step import step_of
from quytrinh.runtime.facts import holds_for
from quytrinh.runtime.models import CaseTask
from quytrinh.runtime.scopes import scope_of
from quytrinh.runtime.tasks import take_outcome
from quytrinh.runtime.unit_of_work import UnitOfWork
from quytrinh.spi import StepResult


def deliver_event(*, case_id: UUID, event: str, facts: Mapping[str, Any] | None = None) -> int:
    """Tell a case of an event about its documents; return how many waits it ended.

    Raises NotFoundForYou.
    """
    with step_of(case_id=case_id, actor=None) as work:
        return end_waits(work, event, facts or {})


def end_waits(work: UnitOfWork, event: str, facts: Mapping[str, Any]) -> int:
    """Let every open wait for this event go on, if its condition holds."""
    waiting = [task for task in work.open_tasks.values() if _awaits(work, task, event, facts)]
    for task in waiting:
        if task.status == STATUS.SCHEDULED:
            take_outcome(task, StepResult(event, dict(facts)))
    return len(waiting)


def _awaits(work: UnitOfWork, task: CaseTask, event: str, facts: Mapping[str, Any]) -> bool:
    if event not in task.data.get("awaits", ()):
        return False
    wait = work.plan.step(task.step).wait
    assert wait is not None
    return wait.when is None or holds_for(scope_of(task), wait.when, facts)
