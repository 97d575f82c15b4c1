"""A new calendar in force: rows are changed, and every open deadline it touches is counted anew."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from quytrinh.deadlines.actions import Announcements, apply_agency, apply_national
from quytrinh.deadlines.files import shipped_years
from quytrinh.deadlines.stored import Ingredients
from quytrinh.language.calendar_files import AgencyCalendars, NationalYear
from quytrinh.runtime.actions.recompute import recompute_deadlines
from quytrinh.tenancy.context import tenant_context
from quytrinh.tenancy.models import Tenant


def apply_shipped_holidays() -> Announcements:
    """Bring in the public holidays that come with this version; nothing when they are known."""
    return apply_national_calendar(years=shipped_years())


@transaction.atomic
def apply_national_calendar(*, years: Iterable[NationalYear]) -> Announcements:
    """Make the public holidays of these years what their files say, in every agency."""
    before = {
        tenant: _ingredients(tenant) for tenant in Tenant.objects.values_list("pk", flat=True)
    }
    announcements = apply_national(years=years)
    if announcements:
        for tenant, ingredients in before.items():
            with tenant_context(tenant):
                recompute_deadlines(before=ingredients, announcement=_told(announcements))
    return announcements


@transaction.atomic
def apply_agency_calendars(*, declared: AgencyCalendars) -> Announcements:
    """Make the days and hours of the agency at work what its file says."""
    before = Ingredients.read()
    announcements = apply_agency(declared=declared)
    if announcements:
        recompute_deadlines(before=before, announcement=_told(announcements))
    return announcements


def _ingredients(tenant: int) -> Ingredients:
    with tenant_context(tenant):
        return Ingredients.read()


def _told(announcements: Announcements) -> str:
    return ", ".join(filter(None, announcements))
