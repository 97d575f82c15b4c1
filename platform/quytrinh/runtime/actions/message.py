"""A message from another agency begins a case."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from quytrinh.documents.actions import MACHINE
from quytrinh.runtime import definitions
from quytrinh.runtime.actions.entry import Received, keep
from quytrinh.runtime.actions.start import begin, new_case
from quytrinh.runtime.choices import Urgency
from quytrinh.runtime.exceptions import NobodyReceives
from quytrinh.runtime.models import Case, FlowVersion


def start_from_message(
    *,
    event: str,
    key: str,
    fields: Mapping[str, Any],
    documents: Received | None = None,
    facts: Mapping[str, Any] | None = None,
) -> Case:
    """Begin a case by the procedure in force that awaits such messages; once for each key.

    `fields` become fields of the case; `documents` are stored files by slot. `facts` describe
    the document in slot `main` (number, notation, code, date, type, sender). Asked again with the
    same key, it gives the case that is there. Raises NobodyReceives.
    """
    try:
        with transaction.atomic():
            return _begun(key) or _begin(event, key, fields, documents or {}, facts or {})
    except IntegrityError:  # another delivery of the same message was faster
        with transaction.atomic():
            case = _begun(key)
            if case is None:
                raise
            return case


def _begun(key: str) -> Case | None:
    return Case.objects.filter(start_key=key).first()


def _begin(
    event: str,
    key: str,
    fields: Mapping[str, Any],
    documents: Received,
    facts: Mapping[str, Any],
) -> Case:
    now = timezone.now()
    case = new_case(_version_for(event), now=now, start_key=key)
    values = dict(fields)
    if values.get("urgency") not in Urgency.values:
        values["urgency"] = Urgency.NORMAL
    keep(case, values, documents, actor=MACHINE, facts=facts)
    begin(case, now=now, actor=None, event=event)
    return case


def _version_for(event: str) -> FlowVersion:
    """Return the version in force that begins by this event, the first by key if several do."""
    for version in FlowVersion.objects.in_force().order_by("flow__key"):
        if event in definitions.plan(version.definition_id).events:
            return version
    raise NobodyReceives
