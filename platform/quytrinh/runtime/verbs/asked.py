"""What was asked beside the tasks of a case, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from viewflow.workflow.status import STATUS

from quytrinh.organization.directory import Directory, directory
from quytrinh.runtime.models import Case, CaseTask
from quytrinh.runtime.querysets import OPEN


@dataclass(frozen=True, slots=True)
class SideLine:
    """One question: by whom, to whom, and the answer if there is one."""

    id: UUID
    kind: str
    task_id: UUID
    asked: str
    by: str
    question: str
    at: datetime
    open: bool
    answer: str
    answered_by: str
    answered_at: datetime | None
    task: CaseTask


def of(case: Case) -> list[SideLine]:
    """Return what was asked in a case, the earliest first; questions taken back are left out."""
    people = directory()
    sides = CaseTask.objects.sides_of(case.pk)
    return [line_of(side, people) for side in sides if side.status in (*OPEN, STATUS.DONE)]


def line_of(side: CaseTask, people: Directory) -> SideLine:
    """Return one question as it is shown."""
    told = side.data["side"]
    unit = people.unit(told["member"])
    return SideLine(
        id=side.pk,
        kind=told["kind"],
        task_id=UUID(told["of"]),
        asked=unit.name if unit else people.name_of(UUID(told["member"])),
        by=people.name_of(UUID(told["by"])),
        question=told["question"],
        at=side.created,
        open=side.status in OPEN,
        answer=side.comment,
        answered_by=people.name_of(side.done_by_id),
        answered_at=side.finished,
        task=side,
    )
