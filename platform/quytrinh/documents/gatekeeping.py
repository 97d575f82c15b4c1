"""Keeping the gate: asked before anything is stored; refusals are journalled without content."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db import IntegrityError, transaction

from quytrinh.documents import gate
from quytrinh.documents.exceptions import DocumentExcluded
from quytrinh.documents.gate import Exclusion, Place
from quytrinh.journal.actions import record

# The chain of refusals of each agency.
REFUSALS = uuid5(NAMESPACE_URL, "quytrinh:gate")
_MOST_TRIES = 10

OwnExclusions = Callable[[], Iterable[Exclusion]]
_sources: list[OwnExclusions] = []


def register(source: OwnExclusions) -> None:
    """Say what the agency at work excludes besides state secrets; called once, at start."""
    if source not in _sources:
        _sources.append(source)


def exclusions() -> tuple[Exclusion, ...]:
    """Return everything the agency at work keeps out."""
    with transaction.atomic():
        own = [each for source in _sources for each in source()]
    return gate.exclusions_of(own)


def refuse_excluded_values(
    values: Mapping[str, Any], *, actor: UUID | None, case_id: UUID | None = None
) -> None:
    """Raise DocumentExcluded when the fields of a form describe a document that is kept out.

    Call it before the transaction that would keep them: the refusal's own entry must stay.
    """
    if gate.is_questionable(values):
        refuse(Place.DRAFT, gate.in_values(values, exclusions()), actor=actor, case_id=case_id)


def refuse(
    place: Place, found: Exclusion | None, *, actor: UUID | None, case_id: UUID | None = None
) -> None:
    """Journal and raise DocumentExcluded when something was found."""
    if found is None:
        return
    _journal(place, found, actor, case_id)
    raise DocumentExcluded(place, found)


def _journal(place: Place, found: Exclusion, actor: UUID | None, case_id: UUID | None) -> None:
    """Write who was refused what where; neither name, subject nor digest of the document."""
    payload = {"place": place.value, "mark": found.mark, "article": found.article}
    if case_id is not None:
        payload["case"] = str(case_id)
    for attempt in range(_MOST_TRIES):
        try:
            with transaction.atomic():
                record(subject_id=REFUSALS, verb="gate.refused", actor=actor, payload=payload)
            return
        except IntegrityError:
            # Two refusals met at the end of the chain; the later one goes behind the other.
            if attempt == _MOST_TRIES - 1:
                raise
