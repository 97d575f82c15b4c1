"""The address book: the agency itself, those it writes to, their codes; and what it keeps out."""

from __future__ import annotations

import logging
import re
from collections.abc import Collection
from datetime import date

from django.db import IntegrityError, transaction
from django.utils import timezone

from quytrinh.exchange.choices import CodeScheme
from quytrinh.exchange.edxml import Organ
from quytrinh.exchange.exceptions import NoOwnCode
from quytrinh.exchange.models import AgencyCode, ExcludedMark, Mailbox, Partner
from quytrinh.exchange.plugins import exchange
from quytrinh.spi import AgencyOnAxis, ExchangeFailed
from quytrinh.tenancy.context import current_tenant_id
from quytrinh.tenancy.models import Tenant

logger = logging.getLogger(__name__)

_LONGEST_CODE, _LONGEST_NAME = 64, 300
_QCVN_102 = re.compile(r"\d{3}\.\d{2}\.\d{2}\.[A-Z]\d{2}")
_QD_20 = re.compile(r"[A-Z]\d{2}(\.[A-Z0-9]{2,3})*")


def scheme_of(code: str) -> CodeScheme:
    """Tell where a code comes from by its form; many on the axis are of neither form."""
    if _QCVN_102.fullmatch(code):
        return CodeScheme.QCVN_102
    return CodeScheme.QD_20 if _QD_20.fullmatch(code) else CodeScheme.OTHER


def set_own_code(*, code: str, plugin: str = "local") -> None:
    """Let the agency at work receive under a code; it can then be written to on that axis.

    The newest code is the one it sends under. Raises IntegrityError when another agency of the
    platform has this code.
    """
    with transaction.atomic():
        tenant = Tenant.objects.get(pk=current_tenant_id())
        own = Partner.objects.filter(is_self=True).first()
        if own is None:
            own = Partner(name=tenant.name, is_self=True, plugin=plugin)
            own.save(force_insert=True)
        _add_code(own, code)
        if not Mailbox.objects.filter(code=code, tenant=tenant).exists():
            Mailbox.objects.create(code=code, tenant=tenant)
    # Outside the transaction: registering again is harmless, a code without a mailbox is not.
    exchange(plugin).register(AgencyOnAxis(code, tenant.name))


def add_partner(*, name: str, codes: tuple[str, ...], plugin: str = "local") -> Partner:
    """Add an agency to the address book, or a code to one that is known by another of its codes."""
    with transaction.atomic():
        known = AgencyCode.objects.filter(value__in=codes).select_related("partner").first()
        partner = known.partner if known else Partner(name=name[:_LONGEST_NAME], plugin=plugin)
        if known is None:
            partner.save(force_insert=True)
        for code in codes:
            _add_code(partner, code)
    return partner


def learn_partners(*, plugin: str = "local") -> int:
    """Add every agency of an axis that the address book lacks; return how many there were."""
    listed = exchange(plugin).agencies()
    with transaction.atomic():
        known = set(AgencyCode.objects.values_list("value", flat=True))
    missing = [
        agency
        for agency in listed
        if agency.code not in known and 0 < len(agency.code) <= _LONGEST_CODE
    ]
    for agency in missing:
        add_partner(name=agency.name, codes=(agency.code, *agency.former_codes), plugin=plugin)
    return len(missing)


def ensure_known(codes: Collection[str], *, plugin: str = "local") -> None:
    """Ask the axis for its agencies when the address book lacks one of these codes or names."""
    with transaction.atomic():
        known = set(AgencyCode.objects.filter(value__in=codes).values_list("value", flat=True))
        known |= set(Partner.objects.filter(name__in=codes).values_list("name", flat=True))
    if set(codes) - known:
        try:
            learn_partners(plugin=plugin)
        except ExchangeFailed:
            # The axis is down; whoever is missing is told as unknown.
            logger.warning("the agencies of %s could not be listed", plugin)
        except IntegrityError:
            logger.info("the agencies of %s were being learnt by somebody else", plugin)


def exclude_mark(*, mark: str, article: str) -> None:
    """Keep documents with this mark out, by this article; a mark that is there stays as it is."""
    with transaction.atomic():
        ExcludedMark.objects.get_or_create(mark=mark, defaults={"article": article})


def current_code(partner: Partner, day: date | None = None) -> str:
    """Return the code under which an agency is written to: the newest that is valid."""
    codes = AgencyCode.objects.valid_on(day or timezone.localdate()).filter(partner=partner)
    newest: str | None = codes.order_by("-pk").values_list("value", flat=True).first()
    return newest or ""


def own_organ() -> Organ:
    """Return the agency at work as its messages name it; raise NoOwnCode without a code."""
    own = Partner.objects.filter(is_self=True).first()
    code = current_code(own) if own else ""
    if own is None or not code:
        raise NoOwnCode
    return Organ(code=code, name=own.name, in_charge=own.name)


def _add_code(partner: Partner, code: str) -> None:
    if not AgencyCode.objects.filter(value=code).exists():
        AgencyCode(partner=partner, scheme=scheme_of(code), value=code).save(force_insert=True)
