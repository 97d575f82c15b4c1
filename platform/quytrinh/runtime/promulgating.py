"""Promulgation from the command line, in the name of the head of the agency."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from quytrinh.language.settings import Values
from quytrinh.organization.directory import PersonView, directory
from quytrinh.runtime.actions import promulgate
from quytrinh.runtime.exceptions import ActionNotAllowed, NotFoundForYou
from quytrinh.runtime.models import FlowVersion
from quytrinh.runtime.named_flows import find_version, parts_of
from quytrinh.tenancy.context import reading, tenant_context


def promulgate_named(
    name: str,
    *,
    login: str,
    decision_number: str,
    decision_date: date,
    effective_from: date | None = None,
    settings: Values | None = None,
) -> FlowVersion:
    """Promulgate AGENCY/PROCEDURE@version as the person with this login, who must be the head."""
    tenant, key, number = parts_of(name)
    with tenant_context(tenant.pk):
        with reading(), transaction.atomic():
            version = find_version(key, number)
            actor = _person(login)
        if version is None or number is None:
            raise NotFoundForYou(_("Hãy nêu rõ phiên bản có thật: CƠ_QUAN/QUY_TRÌNH@SỐ."))
        return promulgate(
            version_id=version.pk,
            actor=actor,
            decision_number=decision_number,
            decision_date=decision_date,
            effective_from=effective_from,
            settings=settings,
        )


def _person(login: str) -> PersonView:
    for person in directory().people.values():
        if person.staff_code == login:
            return person
    raise ActionNotAllowed(_("Cơ quan không có người nào tên đăng nhập “%s”.") % login)
