"""What the machine does for the agency: what it could not do, what it will do and when."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from quytrinh.background.actions import retry_dead
from quytrinh.background.handlers import may_be_retried
from quytrinh.background.models import OutboxMessage
from quytrinh.compiler.time_words import schedule_in_words
from quytrinh.journal.actions import record
from quytrinh.organization.directory import Directory, PersonView
from quytrinh.runtime import definitions
from quytrinh.runtime.actions.schedules import coming_runs
from quytrinh.runtime.models import Case, CaseTask
from quytrinh.runtime.timers import TIMER_KIND

MOST_SHOWN = 100
_KINDS = {
    "runtime.job": gettext_noop("Bước máy tự làm"),
    "runtime.beside": gettext_noop("Việc máy làm thêm khi quá hạn"),
    "runtime.report": gettext_noop("Báo trạng thái cho nơi gửi"),
    "runtime.call": gettext_noop("Mở hồ sơ của quy trình được gọi"),
    "runtime.timer": gettext_noop("Hẹn giờ của hồ sơ"),
    "runtime.schedule": gettext_noop("Mở hồ sơ theo lịch"),
    "exchange.send": gettext_noop("Gửi văn bản liên thông"),
    "exchange.report": gettext_noop("Gửi trạng thái liên thông"),
}
_TIMERS = {
    "remind": gettext_noop("Nhắc sắp đến hạn"),
    "escalate": gettext_noop("Báo quá hạn cho cấp trên"),
    "late": gettext_noop("Xử lý quá hạn"),
    "wait": gettext_noop("Hết thời gian chờ"),
}


@dataclass(frozen=True, slots=True)
class Place:
    """The case that something belongs to, and the step."""

    case_id: UUID
    code: str
    step: str


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something the machine could not do; `at` = when it was given up, or is tried again."""

    id: UUID
    what: str
    place: Place | None
    reason: str
    attempts: int
    at: datetime
    may_be_retried: bool


@dataclass(frozen=True, slots=True)
class Coming:
    """Something the machine will do by itself."""

    at: datetime
    what: str
    place: Place | None


@dataclass(frozen=True, slots=True)
class MachinePage:
    """Everything the page shows. `waiting_since` = since when the longest due message waits."""

    dead: tuple[Trouble, ...]
    failing: tuple[Trouble, ...]
    timers: tuple[Coming, ...]
    schedules: tuple[Coming, ...]
    waiting: int
    waiting_since: datetime | None


def machine_page(known: Directory, now: datetime) -> MachinePage:
    """Return what the machine could not do and what it will do, for the agency at work."""
    messages = OutboxMessage.objects
    dead = list(messages.dead()[:MOST_SHOWN])
    failing = list(messages.failing()[:MOST_SHOWN])
    timers = list(messages.coming(TIMER_KIND)[:MOST_SHOWN])
    places = _places([*dead, *failing, *timers])
    due = messages.filter(state="pending", not_before__lte=now, lease_until=None)
    since = due.order_by("not_before").values_list("not_before", flat=True).first()
    return MachinePage(
        dead=tuple(_trouble(each, places, each.done_at) for each in dead),
        failing=tuple(_trouble(each, places, each.not_before) for each in failing),
        # A timer whose task is over does nothing when it goes off.
        timers=tuple(
            Coming(each.not_before, _timer(each), places[each.pk])
            for each in timers
            if each.pk in places
        ),
        schedules=tuple(
            Coming(each.run.at, f"{each.version.flow.name}: {words}", None)
            for each in coming_runs(now, known.calendars)
            for words in (schedule_in_words(each.schedule),)
        ),
        waiting=due.count(),
        waiting_since=since,
    )


def retry_work(*, message_id: UUID, actor: PersonView) -> None:
    """Let the machine try again what it gave up; the journal says who asked for it.

    Raises what `retry_dead` raises, and then nothing is changed.
    """
    with transaction.atomic():
        row = retry_dead(message_id=message_id)
        record(
            subject_id=row.pk, verb="machine.retried", actor=actor.id, payload={"kind": row.kind}
        )


def _trouble(row: OutboxMessage, places: dict[UUID, Place], at: datetime | None) -> Trouble:
    assert at is not None
    return Trouble(
        id=row.pk,
        what=_(_KINDS[row.kind]) if row.kind in _KINDS else row.kind,
        place=places.get(row.pk),
        reason=row.last_error,
        attempts=row.attempts,
        at=at,
        may_be_retried=may_be_retried(row.kind),
    )


def _timer(row: OutboxMessage) -> str:
    what = row.payload["what"]
    return _(_TIMERS[what]) if what in _TIMERS else what


def _places(rows: Iterable[OutboxMessage]) -> dict[UUID, Place]:
    """Return where each message belongs, for those of a case."""
    by_task = {row.pk: UUID(row.payload["task_id"]) for row in rows if "task_id" in row.payload}
    by_case = {row.pk: UUID(row.payload["case_id"]) for row in rows if "case_id" in row.payload}
    tasks: dict[Any, CaseTask] = (
        CaseTask.objects.open().select_related("process").in_bulk(set(by_task.values()))
    )
    cases = Case.objects.in_bulk(set(by_case.values()))
    found = {
        row: Place(cases[case].pk, cases[case].code, "")
        for row, case in by_case.items()
        if case in cases
    }
    for row, task_id in by_task.items():
        if task_id in tasks:
            task = tasks[task_id]
            step = definitions.plan(task.process.digest).name_of(task.step)
            found[row] = Place(task.process_id, task.process.code, step)
    return found
