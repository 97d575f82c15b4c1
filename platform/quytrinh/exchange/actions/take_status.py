"""Taking in what the other side says became of a document."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from quytrinh.exchange import events, statuses
from quytrinh.exchange.actions.report import told_by
from quytrinh.exchange.edxml import StatusMessage
from quytrinh.exchange.events import Alarm
from quytrinh.exchange.models import AgencyCode, ExchangeMessage, ExchangeStatus
from quytrinh.journal.actions import record


def take_status(told: StatusMessage) -> Alarm | None:
    """Keep a status, once; return what is wrong with it, if anything."""
    with transaction.atomic():
        message = _spoken_of(told)
        if message is None:
            text = _("Trạng thái nói về văn bản “%(id)s” mà cơ quan không gửi hoặc nhận.")
            return Alarm("unknown_document", text % {"id": told.response_for.document_id})
        known = set(message.statuses.values_list("code", flat=True))
        if told.status in known:
            return None
        if statuses.contradicts(told.status, known):
            text = _("Trạng thái %(code)s trái với các trạng thái đã báo trước đó.")
            return Alarm("unlawful_status", text % {"code": told.status[:20]}, message)
        _keep(message, told, known)
    return None


def _keep(message: ExchangeMessage, told: StatusMessage, known: set[str]) -> None:
    status = ExchangeStatus(
        message=message,
        code=told.status,
        description=told.description,
        staff=told_by(told.staff),
        is_ours=False,
        at=told.at or timezone.now(),
    )
    status.save(force_insert=True)
    message.business_status = statuses.furthest({*known, told.status})
    message.save(update_fields=["business_status"])
    record(
        subject_id=message.pk,
        verb="exchange.status_received",
        payload={"code": told.status, "reason": told.description},
    )
    events.status_received(message, status)


def _spoken_of(told: StatusMessage) -> ExchangeMessage | None:
    """Return the copy of ours that its receiver speaks of, or theirs that they ask back.

    The row is locked, so that two statuses arriving at once are taken one after the other.
    """
    partner = AgencyCode.objects.partner_of(told.sender.code)
    if partner is None:
        return None
    messages = ExchangeMessage.objects.select_for_update(of=("self",))
    asks_back = told.status in statuses.FROM_SENDER
    side = messages.incoming() if asks_back else messages.outgoing()
    return side.document(told.response_for.document_id, partner)
