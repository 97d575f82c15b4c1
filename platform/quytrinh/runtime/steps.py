"""Steps built into the runtime: what every procedure needs besides documents."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from quytrinh.background.notify import inbox_changed
from quytrinh.organization.directory import directory
from quytrinh.organization.resolve import resolve
from quytrinh.runtime import definitions
from quytrinh.runtime.choices import EntryKind
from quytrinh.runtime.facts import facts_of
from quytrinh.runtime.models import Case, CaseViewer, InboxEntry
from quytrinh.runtime.scopes import Scope
from quytrinh.runtime.unit_of_work import END_OF_TIME
from quytrinh.spi import Availability, Outcome, StepRequest, StepResult, built_in
from quytrinh.tenancy.context import current_tenant_id


@built_in
class InformStep:
    """`inbox.inform`: give roles a copy for information; they need not do anything."""

    name = "inbox.inform"
    title = "Gửi để biết"
    inline = False
    interface = 1
    outcomes: ClassVar = (Outcome("informed", "Đã gửi"),)
    schema: ClassVar[Mapping[str, Any]] = {
        "type": "object",
        "additionalProperties": False,
        "required": ["roles"],
        "properties": {
            "roles": {
                "type": "array",
                "minItems": 1,
                "items": {"type": "string", "x-refers": "role"},
                "description": "Vai trò của quy trình được gửi để biết",
            }
        },
    }

    def availability(self) -> Availability:
        """Always there: it needs the database only."""
        return Availability()

    def run(self, request: StepRequest) -> StepResult:
        """Write one entry for each holder key; the request's id makes a repeat harmless."""
        with transaction.atomic():
            case = Case.objects.select_related("tenant").get(pk=request.case_id)
            keys = _keys(case, request.parameters["roles"])
            step_name = definitions.plan(case.digest).step(request.step).name
            entries = [entry_of(case, key, request.request_id, step_name) for key in keys]
            InboxEntry.objects.bulk_create(entries, ignore_conflicts=True)
            CaseViewer.objects.bulk_create(
                [CaseViewer(case_id=case.pk, key=key) for key in keys], ignore_conflicts=True
            )
            tenant_id = current_tenant_id()
            transaction.on_commit(lambda: inbox_changed(tenant_id, frozenset(keys)))
        return StepResult("informed", {"count": len(keys)})


@built_in
class NotifyLeaderStep(InformStep):
    """`notify.leader`: report to leaders what they must know; the journal names it as such."""

    name = "notify.leader"
    title = "Báo cáo lãnh đạo"


def _keys(case: Case, roles: list[str]) -> list[str]:
    plan = definitions.plan(case.digest)
    people = directory(case.tenant.organization_version)
    found = (resolve(plan.roles[role], facts_of(Scope(case)), people).keys for role in roles)
    return list(dict.fromkeys(key for keys in found for key in keys))


def entry_of(case: Case, key: str, request_id: str, step_name: str) -> InboxEntry:
    """Return a line of an inbox by which somebody gets to know of a case."""
    return InboxEntry(
        kind=EntryKind.INFORM,
        holder_key=key,
        task_id=UUID(request_id),
        case_id=case.pk,
        case_code=case.code,
        title=case.subject,
        step_name=step_name,
        flow_name=definitions.plan(case.digest).name,
        urgency=case.urgency,
        created_at=timezone.now(),
        sort_at=END_OF_TIME,
    )
