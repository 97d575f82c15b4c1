"""Writes of the tenancy room."""

from __future__ import annotations

import secrets

from django.db import transaction

from quytrinh.tenancy.context import current_tenant_id
from quytrinh.tenancy.models import Membership, Tenant, TenantClosure, TenantHost, User


@transaction.atomic
def create_tenant(*, slug: str, name: str, parent: Tenant | None = None) -> Tenant:
    """Create an agency under its parent, or return the one with this slug, renamed."""
    tenant, created = Tenant.objects.get_or_create(
        slug=slug, defaults={"name": name, "parent": parent}
    )
    if not created and tenant.name != name:
        tenant.name = name
        tenant.save(update_fields=["name"])
    if created:
        _extend_closure(tenant, parent)
    return tenant


def _extend_closure(tenant: Tenant, parent: Tenant | None) -> None:
    ancestors = [tenant.pk]
    if parent is not None:
        ancestors += TenantClosure.objects.filter(descendant=parent).values_list(
            "ancestor_id", flat=True
        )
    TenantClosure.objects.bulk_create(
        TenantClosure(ancestor_id=ancestor, descendant=tenant) for ancestor in ancestors
    )


def add_host(*, tenant: Tenant, host: str) -> None:
    """Let a host name serve an agency and its subordinate agencies."""
    TenantHost.objects.update_or_create(host=host.lower(), defaults={"tenant": tenant})


def add_member(*, user: User, tenant: Tenant) -> None:
    """Let a user work for an agency."""
    Membership.objects.get_or_create(user=user, tenant=tenant)


def agency_changed() -> None:
    """Make whatever is kept of the agency at work stale: its people, its calendars.

    The new version is drawn, not counted: the number of a change that is rolled back must never
    be used again, for a process may have kept a directory under it.
    """
    Tenant.objects.filter(pk=current_tenant_id()).update(organization_version=_drawn())


def every_agency_changed() -> None:
    """Make whatever is kept of any agency stale."""
    Tenant.objects.update(organization_version=_drawn())


def _drawn() -> int:
    return secrets.randbelow(2**31 - 1) + 1
