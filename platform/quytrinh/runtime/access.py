"""What lower rooms ask of the runtime: who may see a document, its number, whom one writes to."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from quytrinh.documents.models import Document
from quytrinh.exchange.models import AgencyCode
from quytrinh.organization.directory import PersonView
from quytrinh.runtime.models import Case
from quytrinh.signing.facts import DocumentFacts


def may_see_case(person: PersonView, case_id: UUID) -> bool:
    """Tell whether a person may see a case of the agency at work."""
    return Case.objects.visible_to(person).filter(pk=case_id).exists()


def facts_of_document(document_id: UUID) -> DocumentFacts | None:
    """Return number, notation and date of a document; None before it has a number."""
    with transaction.atomic():
        document = Document.objects.filter(pk=document_id).first()
    if document is None or not document.number:
        return None
    return DocumentFacts(document.number, document.notation, document.date)


def agencies() -> dict[str, str]:
    """Return the agencies that a form may choose from, by their codes."""
    return AgencyCode.objects.all().address_book(timezone.localdate())
