"""Timers of tasks: reminders, escalations, lateness, waiting. Each is an outbox row with its hour.

A timer whose task is gone or whose deadline has moved does nothing when it goes off, so none is
ever taken back.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from quytrinh.compiler.plan import PlanDue
from quytrinh.deadlines.due import period_after, period_before

if TYPE_CHECKING:
    from quytrinh.runtime.models import CaseTask
    from quytrinh.runtime.unit_of_work import UnitOfWork

TIMER_KIND = "runtime.timer"
LATE, REMIND, ESCALATE, WAIT = "late", "remind", "escalate", "wait"


def plan_for(work: UnitOfWork, task: CaseTask, due: PlanDue) -> None:
    """Plan the reminders and escalations of a task whose deadline is set."""
    if task.due_at is None:
        return
    calendar = work.directory.calendars.calendar(due.calendar)
    for place, reminder in enumerate(due.remind):
        instant = period_before(task.due_at, reminder.before, calendar)
        if instant > work.now:
            at(work, task, REMIND, instant, place=place)
    for place, escalation in enumerate(due.escalate):
        instant = task.due_at
        if escalation.after:
            instant = period_after(task.due_at, escalation.after, calendar)
        at(work, task, ESCALATE, instant, place=place)


def at(work: UnitOfWork, task: CaseTask, what: str, instant: datetime, *, place: int = 0) -> None:
    """Let something happen to a task at an instant, once."""
    payload: dict[str, Any] = {
        "task_id": str(task.pk),
        "what": what,
        "place": place,
        "due": deadline_mark(task),
    }
    key = f"timer:{task.pk}:{what}:{place}:{instant.timestamp():.0f}"
    work.enqueue(TIMER_KIND, key, payload, at=instant)


def deadline_mark(task: CaseTask) -> float | None:
    """Return what tells a timer that the deadline is still the one it was set for."""
    return task.due_at.timestamp() if task.due_at else None
