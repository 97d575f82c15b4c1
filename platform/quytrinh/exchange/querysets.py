"""Reads of the exchange room."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import Q

from quytrinh.exchange.choices import Direction, MessageKind
from quytrinh.exchange.statuses import ARRIVED, is_asked_back
from quytrinh.tenancy.querysets import TenantQuerySet

if TYPE_CHECKING:
    from quytrinh.exchange.models import ExchangeMessage, Partner

# Kinds that bring a document; the others speak of one.
BRINGING = (MessageKind.NEW, MessageKind.REPLACE)


class AgencyCodeQuerySet(TenantQuerySet):
    """Codes that the agency at work knows."""

    def valid_on(self, day: date) -> AgencyCodeQuerySet:
        """Return the codes that may be used on a day."""
        begun = Q(valid_from=None) | Q(valid_from__lte=day)
        return self.filter(begun & (Q(valid_to=None) | Q(valid_to__gte=day)))

    def address_book(self, day: date) -> dict[str, str]:
        """Return the agencies one can write to: code to name, each by its newest code."""
        others = self.valid_on(day).filter(partner__is_self=False).order_by("pk")
        rows = others.values_list("partner_id", "value", "partner__name")
        newest = {partner: (code, name) for partner, code, name in rows}
        return dict(sorted(newest.values(), key=lambda entry: entry[1]))

    def partner_of(self, value: str) -> Partner | None:
        """Return the agency that has, or once had, this code."""
        found: Any = self.filter(value=value).select_related("partner").first()
        partner: Partner | None = found.partner if found else None
        return partner


class ExchangeMessageQuerySet(TenantQuerySet):
    """Messages of the agency at work."""

    def incoming(self) -> ExchangeMessageQuerySet:
        """Return what came in."""
        return self.filter(direction=Direction.IN)

    def outgoing(self) -> ExchangeMessageQuerySet:
        """Return what was or will be sent, one row for each receiver."""
        return self.filter(direction=Direction.OUT)

    def of_case(self, case_id: UUID) -> ExchangeMessageQuerySet:
        """Return the messages of a case, in order."""
        return self.filter(case_id=case_id).order_by("created_at")

    def waiting(self) -> ExchangeMessageQuerySet:
        """Return the documents that have arrived and that no case has taken over yet."""
        arrived = self.incoming().filter(case_id=None, business_status=ARRIVED, overtaken_by="")
        return arrived.filter(kind__in=BRINGING).order_by("created_at")

    def incoming_of_case(self, case_id: UUID) -> ExchangeMessage | None:
        """Return the message with which a case began."""
        found: ExchangeMessage | None = (
            self.incoming().filter(kind__in=BRINGING).of_case(case_id).first()
        )
        return found

    def asked_back_of_case(self, case_id: UUID) -> ExchangeMessage | None:
        """Return the document of a case that its sender asks back, locked; None without one."""
        incoming = self.incoming().filter(kind__in=BRINGING).of_case(case_id)
        for message in incoming.select_for_update(of=("self",)):
            if is_asked_back(message.statuses.values_list("code", flat=True)):
                found: ExchangeMessage = message
                return found
        return None

    def called(self, named: str) -> ExchangeMessage | None:
        """Return the newest document that came in under a number as written, or under an id."""
        number, _, notation = named.strip().partition("/")
        called = Q(document_id=named.strip()) | Q(number=number, notation=notation)
        found: Any = (
            self.incoming().filter(called, kind__in=BRINGING).order_by("-created_at").first()
        )
        message: ExchangeMessage | None = found
        return message

    def document(self, document_id: str, partner: Partner | None) -> ExchangeMessage | None:
        """Return the message that brought a document from or to an agency."""
        found: Any = (
            self.filter(document_id=document_id, kind__in=BRINGING, partner=partner)
            .order_by("-created_at")
            .first()
        )
        message: ExchangeMessage | None = found
        return message


class ExchangeAlarmQuerySet(TenantQuerySet):
    """Alarms of the agency at work."""

    def unseen(self) -> ExchangeAlarmQuerySet:
        """Return what no clerk has looked at yet, latest first."""
        return self.filter(seen_at=None).order_by("-raised_at")
