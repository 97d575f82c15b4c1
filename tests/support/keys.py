"""Keys, images and trust for people of the test agencies, and an axis between the agencies."""

from __future__ import annotations

from pathlib import Path

from quytrinh.exchange.actions import set_own_code
from quytrinh.exchange.models import AgencyCode
from quytrinh.signing import demo, plugins, trust_services
from quytrinh.tenancy.context import tenant_context
from tests.support.agencies import Agency

LEADER = "giam-doc"


def equip(agency: Agency, *people: str) -> None:
    """Give an agency its key, and a key each to these people, the leader if none are named."""
    plugins.registry.cache_clear()
    trust_services.trust_services.cache_clear()
    known = [agency.person(who) for who in people or (LEADER,)]
    with tenant_context(agency.tenant.pk):
        demo.equip(agency.tenant, {person.id: person.full_name for person in known})


def connect(agency: Agency, settings, folder: Path) -> None:
    """Let an agency be written to over an axis of the test's own."""
    settings.EXCHANGE = {"local": {"folder": str(folder)}}
    with agency.at_work():
        codes = list(AgencyCode.objects.filter(partner__is_self=True).values_list("value"))
    with tenant_context(agency.tenant.pk):
        for (code,) in codes:
            set_own_code(code=code)
