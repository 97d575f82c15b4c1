"""Keys, images and trust for the agencies of a demonstration: made at set-up, kept afterwards."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from uuid import UUID

from quytrinh.signing import demo_marks, images
from quytrinh.signing.actions import add_trust_anchor
from quytrinh.signing.demo_pki import DemoPki, Holder
from quytrinh.signing.trust_services import DemoTrustServices
from quytrinh.spi import SignerKind
from quytrinh.tenancy.models import Tenant

ORGANISATION = "organisation"


def equip(tenant: Tenant, people: Mapping[UUID, str]) -> None:
    """Give an agency and these people of it keys and images, and trust in the demo authority.

    Works in the context of the agency. May be repeated; what exists is kept.
    """
    services = DemoTrustServices()
    services.pki.prepare()
    organisation = Holder(
        tenant.slug, ORGANISATION, tenant.name, tenant.name, SignerKind.ORGANISATION
    )
    _equip(services.pki, organisation, partial(demo_marks.seal, tenant.name))
    for person_id, name in people.items():
        holder = Holder(tenant.slug, f"person:{person_id}", name, tenant.name, SignerKind.PERSON)
        _equip(services.pki, holder, partial(demo_marks.handwriting, name))
    for anchor in services.anchors():
        add_trust_anchor(certificate=anchor, source="demo")


def _equip(pki: DemoPki, holder: Holder, draw: Callable[[], bytes]) -> None:
    pki.issue(holder)
    path = images.path_of(holder.agency, holder.key)
    if path.exists():
        return
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    unfinished = path.with_suffix(".partial")
    unfinished.write_bytes(draw())
    unfinished.replace(path)
