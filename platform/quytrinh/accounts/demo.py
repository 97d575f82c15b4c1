"""The demo's people, to be entered as with one click. Never outside a demo."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings

from quytrinh.accounts.names import initials, title_of
from quytrinh.organization.directory import directory
from quytrinh.tenancy.context import tenant_context
from quytrinh.tenancy.models import Tenant, User
from quytrinh.tenancy.selectors import tenants_of_host


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """Someone of a demo agency one may work as."""

    username: str
    full_name: str
    title: str
    initials: str


@dataclass(frozen=True, slots=True)
class DemoAgency:
    """A demo agency and its people."""

    slug: str
    name: str
    people: tuple[DemoPerson, ...]


def demo_agencies(host: str) -> list[DemoAgency]:
    """Return the agencies this host shows in demo mode; none in any other mode."""
    if not settings.DEMO:
        return []
    return [_agency(tenant) for tenant in tenants_of_host(host).order_by("pk")]


def demo_user(*, host: str, slug: str, username: str) -> tuple[User, Tenant] | None:
    """Return the user and the agency a demo button stands for, or None if it is not one."""
    if not settings.DEMO:
        return None
    tenant = tenants_of_host(host).filter(slug=slug).first()
    user = User.objects.filter(
        username=username, is_active=True, memberships__tenant=tenant
    ).first()
    return (user, tenant) if user and tenant else None


def _agency(tenant: Tenant) -> DemoAgency:
    with tenant_context(tenant.pk):
        known = directory()
    names = dict(User.objects.filter(memberships__tenant=tenant).values_list("pk", "username"))
    people = tuple(
        DemoPerson(
            username=names[person.user_id],
            full_name=person.full_name,
            title=title_of(person, known),
            initials=initials(person.full_name),
        )
        for person in known.people.values()
        if person.user_id in names
    )
    return DemoAgency(slug=tenant.slug, name=tenant.name, people=people)
