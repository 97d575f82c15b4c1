"""Which agencies a host serves, and which of them a user may work for."""

from __future__ import annotations

from django.conf import settings
from django.db.models import QuerySet

from quytrinh.tenancy.models import Tenant, TenantClosure, User


def tenants_of_host(host: str) -> QuerySet[Tenant]:
    """Return the agencies a host name serves: the root it is bound to, and those below it.

    In a demo the local names serve the whole tree and `<slug>.localhost` the agency <slug>.
    """
    name = host.lower().rsplit(":", 1)[0] if not host.endswith("]") else host
    if settings.DEMO and name.endswith(".localhost"):
        slug = name.removesuffix(".localhost")
        return Tenant.objects.filter(pk__in=_descendants(slug=slug))
    bound = Tenant.objects.filter(pk__in=_descendants(hosts__host=name))
    if settings.DEMO and not bound.exists():
        return Tenant.objects.all()
    return bound


def _descendants(**root: str) -> QuerySet:
    return TenantClosure.objects.filter(ancestor__in=Tenant.objects.filter(**root)).values(
        "descendant_id"
    )


def tenants_of_user(user: User, host: str) -> list[Tenant]:
    """Return the agencies of this host the user may work for, by name."""
    return list(tenants_of_host(host).filter(memberships__user=user).order_by("name", "pk"))
