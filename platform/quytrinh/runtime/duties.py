"""Steps of periodic duties: units are reminded of what is late, figures come from the records.

Nobody types a figure in: a report counts what the platform holds of the period before.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from quytrinh.background.notify import inbox_changed
from quytrinh.deadlines.periods import PERIODS, period_before
from quytrinh.documents.choices import Book
from quytrinh.documents.models import RegisterEntry
from quytrinh.organization.directory import directory
from quytrinh.organization.keys import head_key
from quytrinh.organization.snapshot import Directory
from quytrinh.runtime.choices import EntryKind
from quytrinh.runtime.models import Case, CaseViewer, InboxEntry
from quytrinh.runtime.steps import entry_of
from quytrinh.spi import Availability, Outcome, StepRequest, StepResult, built_in
from quytrinh.tenancy.context import current_tenant_id


@built_in
class RemindUnitsStep:
    """`notify.remind_units`: tell the head of each unit how much of its work is late."""

    name = "notify.remind_units"
    title = "Nhắc các đơn vị về việc quá hạn"
    inline = False
    interface = 1
    outcomes: ClassVar = (Outcome("reminded", "Đã nhắc"),)
    schema: ClassVar[Mapping[str, Any]] = {
        "type": "object",
        "additionalProperties": False,
        "properties": {},
    }

    def availability(self) -> Availability:
        """Always there: it needs the database only."""
        return Availability()

    def run(self, request: StepRequest) -> StepResult:
        """Write one line to the head of each unit with late work; once for each request."""
        with transaction.atomic():
            people = directory()
            late = _late_by_unit(people, timezone.now())
            case = Case.objects.get(pk=request.case_id)
            names = {unit: people.units[unit].name for unit in late}
            rows = [_reminder(case, request, unit, late[unit]) for unit in late]
            InboxEntry.objects.bulk_create(rows, ignore_conflicts=True)
            viewers = [CaseViewer(case_id=case.pk, key=row.holder_key) for row in rows]
            CaseViewer.objects.bulk_create(viewers, ignore_conflicts=True)
            tenant_id, keys = current_tenant_id(), frozenset(row.holder_key for row in rows)
            transaction.on_commit(lambda: inbox_changed(tenant_id, keys))
        said = "; ".join(f"{names[unit]}: {count}" for unit, count in late.items())
        summary = _("Việc quá hạn: %s") % said if said else _("Không có việc quá hạn")
        return StepResult("reminded", {"late": sum(late.values()), "summary": summary})


def _late_by_unit(people: Directory, now: datetime) -> Counter[str]:
    """Return how many open tasks are late in each unit; a task counts once in a unit."""
    waiting = InboxEntry.objects.filter(kind=EntryKind.TASK).overdue(now)
    found = {
        (task, unit)
        for task, key in waiting.values_list("task_id", "holder_key")
        for unit in _units_of(people, key)
    }
    return Counter(unit for _task, unit in sorted(found, key=lambda pair: pair[1]))


def _units_of(people: Directory, key: str) -> Iterator[str]:
    kind, _colon, rest = key.partition(":")
    if kind == "unit":
        yield rest.partition("/")[0]
        return
    holders = [UUID(rest)] if kind == "person" else people.holders(key)
    yield from {unit for each in holders if (unit := people.unit_of(each))}


def _reminder(case: Case, request: StepRequest, unit: str, count: int) -> InboxEntry:
    row = entry_of(case, head_key(unit), request.request_id, _("Nhắc việc quá hạn"))
    row.title = _("%(count)d việc quá hạn cần xử lý") % {"count": count}
    return row


@dataclass(frozen=True)
class FiguresStep:
    """Counts what the agency received, issued, handled and left late in the period before."""

    name: str
    title: str
    period: str
    inline: bool = True
    interface: int = 1
    outcomes: tuple[Outcome, ...] = (Outcome("counted", "Đã tổng hợp"),)

    @property
    def schema(self) -> Mapping[str, Any]:
        """One parameter: how long the period is."""
        period = {"enum": [*PERIODS], "description": f"Kỳ báo cáo; mặc định: {self.period}"}
        return {
            "type": "object",
            "additionalProperties": False,
            "properties": {"period": period},
        }

    def availability(self) -> Availability:
        """Always there: it needs the database only."""
        return Availability()

    def run(self, request: StepRequest) -> StepResult:
        """Count."""
        period = request.parameters.get("period", self.period)
        first, last = period_before(period, timezone.localdate())
        figures = figures_between(first, last)
        span = {"first": f"{first:%d/%m/%Y}", "last": f"{last:%d/%m/%Y}"}
        summary = _(
            "Từ %(first)s đến %(last)s: văn bản đến %(received)d, văn bản đi %(issued)d; "
            "hồ sơ bắt đầu %(begun)d, kết thúc %(ended)d, trong đó quá hạn %(late)d"
        ) % {**span, **figures}
        outputs = {**figures, "from": first.isoformat(), "to": last.isoformat()}
        return StepResult("counted", {**outputs, "summary": summary})


def figures_between(first: date, last: date) -> dict[str, int]:
    """Return the figures of the agency at work for these days, both included."""
    lines = RegisterEntry.objects.live().filter(date__range=(first, last))
    begun = Case.objects.filter(created__date__range=(first, last))
    ended = Case.objects.filter(finished__date__range=(first, last))
    return {
        "received": lines.filter(series__register__book=Book.INCOMING).count(),
        "issued": lines.filter(series__register__book=Book.OUTGOING).count(),
        "begun": begun.count(),
        "ended": ended.count(),
        "late": ended.filter(finished__gt=F("due_at")).count(),
    }


FIGURES = (
    FiguresStep("reports.handling_figures", "Số liệu xử lý văn bản", "month"),
    FiguresStep("reports.operation", "Số liệu báo cáo hoạt động", "half_year"),
    FiguresStep("reports.regulation", "Số liệu báo cáo thực hiện Quy chế", "half_year"),
)
for figures in FIGURES:
    built_in(figures)
