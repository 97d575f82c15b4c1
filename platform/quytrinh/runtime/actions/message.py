"""A message from another agency begins a case."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from quytrinh.compiler.plan import PlanStart
from quytrinh.documents.actions import MACHINE
from quytrinh.runtime import definitions
from quytrinh.runtime.actions.entry import Received, keep
from quytrinh.runtime.actions.start import begin, new_case
from quytrinh.runtime.choices import Urgency
from quytrinh.runtime.exceptions import NobodyReceives
from quytrinh.runtime.facts import holds_for
from quytrinh.runtime.models import Case, FlowVersion
from quytrinh.runtime.scopes import Scope

# Makes files documents of the case with this id; returns slot -> documents.
HandOver = Callable[[UUID], Mapping[str, Sequence[UUID]]]


def start_from_message(
    *,
    event: str,
    key: str,
    fields: Mapping[str, Any],
    documents: Received | None = None,
    hand_over: HandOver | None = None,
    facts: Mapping[str, Any] | None = None,
) -> Case:
    """Begin a case by the procedure in force that awaits such messages; once for each key.

    `fields` become fields of the case; `documents` are stored files by slot, or `hand_over` makes
    the sender's files documents of the new case. `facts` describe the document in slot `main`
    (number, notation, code, date, type, sender). Asked again with the same key, it gives the case
    that is there. Raises NobodyReceives.
    """
    try:
        with transaction.atomic():
            known = _begun(key)
            if known is not None:
                return known
            case = new_case(_version_for(event, fields), now=timezone.now(), start_key=key)
            if hand_over is not None:
                case.slots = slots_of(hand_over(case.pk))
            return _begin(case, event, fields, documents or {}, facts or {})
    except IntegrityError:  # another delivery of the same message was faster
        with transaction.atomic():
            begun = _begun(key)
            if begun is None:
                raise
            return begun


def _begun(key: str) -> Case | None:
    return Case.objects.filter(start_key=key).first()


def slots_of(documents: Mapping[str, Sequence[UUID]]) -> dict[str, list[str]]:
    """Return documents by slot as a case keeps them."""
    return {slot: [str(document) for document in held] for slot, held in documents.items()}


def _begin(
    case: Case, event: str, fields: Mapping[str, Any], documents: Received, facts: Mapping[str, Any]
) -> Case:
    values = dict(fields)
    if values.get("urgency") not in Urgency.values:
        values["urgency"] = Urgency.NORMAL
    keep(Scope(case), values, documents, actor=MACHINE, facts=facts)
    begin(case, now=case.created, actor=None, event=event)
    return case


def _version_for(event: str, facts: Mapping[str, Any]) -> FlowVersion:
    """Return the version in force that begins by this event, the first by key if several do."""
    for version in FlowVersion.objects.in_force().order_by("flow__key"):
        starts = definitions.plan(version.plan_digest).starts
        if any(start.event == event and _is_meant(start, version, facts) for start in starts):
            return version
    raise NobodyReceives


def _is_meant(start: PlanStart, version: FlowVersion, facts: Mapping[str, Any]) -> bool:
    """Tell whether a message fulfils the condition of a start."""
    if start.when is None:
        return True
    return holds_for(Scope(new_case(version, now=timezone.now())), start.when, facts)
