"""Who may see the documents of a case: whoever may see the case."""

from __future__ import annotations

from uuid import UUID

from quytrinh.organization.directory import PersonView
from quytrinh.runtime.models import Case


def may_see_case(person: PersonView, case_id: UUID) -> bool:
    """Tell whether a person may see a case of the agency at work."""
    return Case.objects.visible_to(person).filter(pk=case_id).exists()
