"""Reads of the runtime."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Self
from uuid import UUID

from django.apps import apps
from django.db import connections
from django.db.models import Count, Exists, OuterRef, Q
from django.utils import timezone
from viewflow.workflow.status import STATUS

from quytrinh.journal.chain import Head
from quytrinh.tenancy.querysets import TenantQuerySet

if TYPE_CHECKING:
    from quytrinh.organization.directory import PersonView
    from quytrinh.runtime.models import FlowVersion

OPEN = (STATUS.NEW, STATUS.ASSIGNED, STATUS.STARTED, STATUS.SCHEDULED, STATUS.ERROR)
# A badge says 99+ beyond this; nobody needs the exact figure and counting it costs.
COUNT_CAP = 100


class CaseQuerySet(TenantQuerySet):
    """Cases of the agency at work."""

    def visible_to(self, person: PersonView) -> Self:
        """Cases this person began, holds or held; all of them for the clerk and the head."""
        if person.is_clerk or person.is_agency_head:
            return self
        viewers = apps.get_model("runtime", "CaseViewer").objects
        return self.filter(Exists(viewers.filter(case=OuterRef("pk"), key__in=person.keys)))

    def running_under(self, version: FlowVersion) -> Self:
        """Cases under way by a version, the oldest first."""
        return self.filter(flow_version=version, finished=None).order_by("pk")

    def journal_heads(self) -> Iterator[Head]:
        """Where the chain of each case ends, as the case itself knows it."""
        rows = self.values_list("pk", "journal_seq", "journal_hash")
        return (Head(*row) for row in rows.iterator())


class CaseTaskQuerySet(TenantQuerySet):
    """Tasks of the agency at work."""

    def open(self) -> Self:
        """Tasks that still wait for somebody or something; blocks themselves are left out."""
        return self.filter(status__in=OPEN).exclude(flow_task_type__in=("JOIN", "SIDE"))

    def open_or_asked(self) -> Self:
        """Open tasks of people and machines, and what somebody is asked beside them."""
        open_tasks = self.filter(status__in=OPEN).exclude(flow_task_type="JOIN")
        return open_tasks.select_related("process")

    def sides_of(self, case_id: UUID) -> Self:
        """What was asked beside the tasks of a case, the earliest first."""
        return self.filter(process=case_id, flow_task_type="SIDE").order_by("created", "pk")


class CaseViewerQuerySet(TenantQuerySet):
    """Keys under which cases may be seen."""

    def keys_of(self, case_id: UUID) -> list[str]:
        """Return the keys under which a case may be seen."""
        return list(self.filter(case=case_id).values_list("key", flat=True))


class InboxQuerySet(TenantQuerySet):
    """Rows of inboxes."""

    def for_keys(self, keys: Sequence[str]) -> Self:
        """What waits under these keys, most pressing first."""
        return self.filter(holder_key__in=keys).order_by("sort_at", "pk")

    def first_for(self, keys: Sequence[str], size: int) -> list[Any]:
        """Return the first rows of what waits under these keys, most pressing first.

        However much waits, PostgreSQL reads `size` entries of the index for each key, and the rows
        of one page; a list sorted over all keys at once would be read whole.
        """
        compound = connections[self.db].features.supports_slicing_ordering_in_compound
        if len(keys) < 2 or not compound:
            return list(self.for_keys(keys)[:size])
        places = self.order_by("sort_at", "pk").values_list("sort_at", "pk")
        first, *others = (places.filter(holder_key=key)[:size] for key in keys)
        found = first.union(*others, all=True).order_by("sort_at", "pk")[:size]
        return list(self.filter(pk__in=[pk for _, pk in found]).order_by("sort_at", "pk"))

    def count_for(self, keys: Sequence[str]) -> int:
        """How many tasks wait under these keys, at most COUNT_CAP."""
        waiting = self.filter(holder_key__in=keys, kind="task")
        return len(set(waiting.values_list("task_id", flat=True)[:COUNT_CAP]))

    def overdue(self, now: datetime) -> Self:
        """Rows whose deadline has passed."""
        return self.filter(sort_at__lt=now)

    def due_by(self, end: datetime, now: datetime) -> Self:
        """Rows due from now until `end`."""
        return self.filter(sort_at__gte=now, sort_at__lte=end)


class FlowVersionQuerySet(TenantQuerySet):
    """Versions of procedures."""

    def in_force(self) -> Self:
        """The versions by which cases are begun today: promulgated, effective, none newer."""
        effective = models_of_versions().filter(
            state="promulgated", effective_from__lte=timezone.localdate()
        )
        newer = effective.filter(flow=OuterRef("flow"), number__gt=OuterRef("number"))
        return self.filter(pk__in=effective.exclude(Exists(newer)).values("pk"))


class CaseMigrationQuerySet(TenantQuerySet):
    """Migrations of running cases."""

    def with_progress(self) -> Self:
        """The latest first, each with its versions and how many of its cases are in each state."""
        counts = {
            f"count_{state}": Count("cases", filter=Q(cases__state=state))
            for state in ("waiting", "moved", "kept", "undoing", "undone")
        }
        named = self.select_related("source__flow", "target", "begun_by")
        return named.annotate(**counts).order_by("-begun_at")


def models_of_versions() -> FlowVersionQuerySet:
    """Return the versions of the agency at work."""
    versions: FlowVersionQuerySet = apps.get_model("runtime", "FlowVersion").objects.all()
    return versions


def version_in_force(versions: Iterable[FlowVersion]) -> FlowVersion | None:
    """Return which of a procedure's versions is in force today, as `in_force` would find it."""
    today = timezone.localdate()
    effective = (
        version
        for version in versions
        if version.state == "promulgated"
        and version.effective_from
        and version.effective_from <= today
    )
    return max(effective, key=lambda version: version.number, default=None)
