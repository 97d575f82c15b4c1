"""A date begins a case: once in each period of a schedule (flow-language §5.8)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from quytrinh.background.actions import enqueue
from quytrinh.background.celery_app import TENANT_HEADER, system_task, tenant_task
from quytrinh.background.message import Message
from quytrinh.background.models import OutboxMessage
from quytrinh.compiler.plan import Plan, PlanSchedule
from quytrinh.deadlines.calendars import Calendars
from quytrinh.deadlines.schedules import Run, latest_run, next_run
from quytrinh.organization.directory import directory
from quytrinh.runtime import definitions
from quytrinh.runtime.actions.start import begin, new_case
from quytrinh.runtime.models import SCHEDULED, Case, FlowVersion
from quytrinh.tenancy.models import Tenant

SCHEDULE_KIND = "runtime.schedule"
# The next tick looks again.
LOOK_EXPIRES = 60


@dataclass(frozen=True, slots=True)
class Coming:
    """A procedure that will begin by itself, and when."""

    version: FlowVersion
    schedule: PlanSchedule
    run: Run


@system_task("runtime.look_at_dates")
def look_at_dates() -> None:
    """Let every agency look whether a date has come."""
    for tenant_id in Tenant.objects.values_list("pk", flat=True):
        look_at_date.apply_async(headers={TENANT_HEADER: tenant_id}, expires=LOOK_EXPIRES)


@tenant_task("runtime.look_at_date")
def look_at_date() -> None:
    """Begin what the date begins in one agency."""
    plan_runs(timezone.now())


def plan_runs(now: datetime) -> int:
    """Hand what a schedule has made due to the outbox; return how many cases that begins.

    Meeting itself or running again changes nothing. A run from before the procedure was in force
    is not made up for.
    """
    planned = 0
    with transaction.atomic():
        calendars = None
        for version, schedule, key in _schedules():
            calendars = calendars or directory().calendars
            run = latest_run(schedule, calendars.calendar("working"), now)
            if run is None or not _was_in_force(version, run):
                continue
            start_key = f"{key}:{run.period.isoformat()}"
            if _is_known(start_key):
                continue
            payload = {"flow": version.flow.key, "start_key": start_key}
            enqueue(kind=SCHEDULE_KIND, key=start_key, payload=payload)
            planned += 1
    return planned


def begin_scheduled(message: Message) -> None:
    """Begin the case of a period by the version in force; a period that has its case has enough."""
    told = message.payload
    with transaction.atomic():
        message.complete()
        version = FlowVersion.objects.in_force().filter(flow__key=told["flow"]).first()
        if version is None or Case.objects.filter(start_key=told["start_key"]).exists():
            return
        now = timezone.now()
        case = new_case(version, now=now, start_key=told["start_key"])
        begin(case, now=now, actor=None, period=told["start_key"].rpartition(":")[2])


def coming_runs(now: datetime, calendars: Calendars) -> list[Coming]:
    """Return what will begin by itself next, the soonest first."""
    coming = (
        Coming(version, schedule, run)
        for version, schedule, _ in _schedules()
        if (run := next_run(schedule, calendars.calendar("working"), now))
    )
    return sorted(coming, key=lambda each: each.run.at)


def _schedules() -> Iterator[tuple[FlowVersion, PlanSchedule, str]]:
    """Yield each schedule in force, with what names it however its day is changed."""
    for version in FlowVersion.objects.in_force().select_related("flow"):
        plan: Plan = definitions.plan(version.plan_digest)
        seen: dict[str, int] = {}
        for start in plan.starts:
            if start.schedule is None:
                continue
            every = start.schedule.every
            seen[every] = seen.get(every, 0) + 1
            yield version, start.schedule, f"{SCHEDULED}{version.flow_id}:{every}-{seen[every]}"


def _was_in_force(version: FlowVersion, run: Run) -> bool:
    """Tell whether a version was in force at the instant of a run."""
    assert version.promulgated_at is not None
    assert version.effective_from is not None
    day = timezone.localtime(run.at).date()
    return version.promulgated_at <= run.at and version.effective_from <= day


def _is_known(start_key: str) -> bool:
    return (
        Case.objects.filter(start_key=start_key).exists()
        or OutboxMessage.objects.filter(key=start_key).exists()
    )
