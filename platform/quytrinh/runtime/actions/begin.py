"""A person begins a case and does its first step in one act: both happen, or neither."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction

from quytrinh.organization.directory import PersonView
from quytrinh.runtime import definitions
from quytrinh.runtime.actions.entry import Received, Uploads, form_ids_of, receive, refuse_excluded
from quytrinh.runtime.actions.perform import perform
from quytrinh.runtime.actions.start import start_case, startable_version
from quytrinh.runtime.lawful import holds
from quytrinh.runtime.models import Case, CaseTask


def begin_case(
    *,
    flow_key: str,
    actor: PersonView,
    action: str = "",
    values: Mapping[str, Any] | None = None,
    comment: str = "",
    uploads: Uploads | None = None,
) -> UUID:
    """Begin a case and, when `action` is given, do its first step by it; return the case's id.

    Raises what start_case and perform raise; then there is no case.
    """
    refuse_excluded(values, actor=actor.id)
    received = _receive(flow_key, actor, uploads or {})
    with transaction.atomic():
        plan = definitions.plan(startable_version(flow_key, actor).plan_digest)
        asked_at_start = received if plan.start_form else {}
        case = start_case(flow_key=flow_key, actor=actor, values=values, received=asked_at_start)
        first = _own_first_task(case, actor) if action else None
        if first is not None:
            perform(
                task_id=first.pk,
                actor=actor,
                action=action,
                values=values,
                comment=comment,
                received={} if plan.start_form else received,
            )
    return case.pk


def _own_first_task(case: Case, actor: PersonView) -> CaseTask | None:
    first = CaseTask.objects.open().filter(process=case).order_by("created").first()
    return first if first and holds(first, actor) else None


def _receive(flow_key: str, actor: PersonView, uploads: Uploads) -> Received:
    """Store files before the transaction, once it is clear that the case may be begun."""
    if not uploads:
        return {}
    with transaction.atomic():
        plan = definitions.plan(startable_version(flow_key, actor).plan_digest)
    forms = [plan.start_form] if plan.start_form else form_ids_of(plan.steps[0])
    return receive(plan, forms, uploads, actor=actor.id)
