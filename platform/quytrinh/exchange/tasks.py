"""Background work of the exchange: carrying parcels out and in, each effect once."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from quytrinh.background.actions import enqueue
from quytrinh.background.celery_app import TENANT_HEADER, system_task, tenant_task
from quytrinh.background.exceptions import Permanent
from quytrinh.background.message import Message
from quytrinh.documents import storage
from quytrinh.exchange.actions.alarms import sound
from quytrinh.exchange.actions.receive import offer, receive
from quytrinh.exchange.choices import TransportState
from quytrinh.exchange.events import Alarm
from quytrinh.exchange.models import AgencyCode, ExchangeMessage, Mailbox, Partner
from quytrinh.exchange.plugins import exchange
from quytrinh.journal.actions import record
from quytrinh.spi import DeliveryState, ExchangeFailed, Parcel, ParcelKind
from quytrinh.tenancy.context import tenant_context

logger = logging.getLogger(__name__)

COLLECT, DELIVERY = "exchange.collect", "exchange.delivery"
# The next look asks for the same again.
LOOK_EXPIRES = 60
MOST_OFFERED = 50


def send_message(message: Message) -> None:
    """Carry a document to its receiver: the bytes that were written when it was sent."""
    with transaction.atomic():
        row = ExchangeMessage.objects.select_related("envelope").get(pk=message.payload["message"])
    parcel = Parcel(row.parcel_id, row.sender_code, row.receiver_code)
    content = storage.path_of(row.envelope.sha256).read_bytes()
    if hashlib.sha256(content).hexdigest() != row.envelope.sha256:
        raise Permanent("the stored envelope is not what was to be sent")
    _send(row.plugin, parcel, content)
    with transaction.atomic():
        message.complete()
        # The receiver may have been so fast that its answer is here already.
        ExchangeMessage.objects.filter(pk=row.pk, transport_state=TransportState.PENDING).update(
            transport_state=TransportState.SENT
        )


def give_up_message(message: Message, reason: str) -> None:
    """Tell people that a document could not be sent."""
    _fail(UUID(message.payload["message"]), reason)


def send_report(message: Message) -> None:
    """Carry a status to the other side."""
    told = message.payload
    parcel = Parcel(**told["parcel"], kind=ParcelKind.STATUS)
    _send(told["plugin"], parcel, told["edxml"].encode())


def give_up_report(message: Message, reason: str) -> None:
    """Tell people that a status could not be sent; the document itself is as it was."""
    sound(Alarm("report_failed", reason))


def collect(message: Message) -> None:
    """Take in a parcel that waits for the agency at work, and acknowledge it."""
    plugin, parcel = message.payload["plugin"], _parcel(message.payload)
    axis = exchange(plugin)
    try:
        if axis.delivery_of(parcel).state == DeliveryState.WAITING:
            receipt = receive(plugin=plugin, parcel=parcel, content=axis.fetch(parcel))
            axis.acknowledge(parcel, receipt.delivery)
    except ExchangeFailed as failure:
        raise _as_background(failure) from failure
    if parcel.kind == ParcelKind.DOCUMENT:
        _wake(DELIVERY, plugin, parcel, parcel.sender)


def take_delivery(message: Message) -> None:
    """Note what the receiver answered the axis: transport, not business."""
    parcel = _parcel(message.payload)
    try:
        delivery = exchange(message.payload["plugin"]).delivery_of(parcel)
    except ExchangeFailed as failure:
        raise _as_background(failure) from failure
    with transaction.atomic():
        row = ExchangeMessage.objects.outgoing().filter(parcel_id=parcel.id).first()
        if row is None or delivery.state == DeliveryState.WAITING:
            return
        if delivery.state == DeliveryState.FAILED:
            _fail(row.pk, delivery.reason)
        elif row.transport_state != TransportState.DELIVERED:
            row.transport_state = TransportState.DELIVERED
            row.save(update_fields=["transport_state"])


def give_up_collect(message: Message, reason: str) -> None:
    """Tell people that a parcel could not be taken in; it stays on the axis."""
    parcel = _parcel(message.payload)
    text = _("Gói tin từ %(sender)s chưa nhận được: %(reason)s")
    sound(Alarm("not_collected", text % {"sender": parcel.sender, "reason": reason}))


@system_task("exchange.look_around")
def look_around() -> None:
    """Let every agency that receives here look for what waits for it."""
    for tenant_id in Mailbox.objects.values_list("tenant_id", flat=True).distinct():
        look_in.apply_async(headers={TENANT_HEADER: tenant_id}, expires=LOOK_EXPIRES)


@tenant_task("exchange.look_in")
def look_in() -> None:
    """Ask the agency's axes for parcels, and offer again what no procedure has taken."""
    with transaction.atomic():
        own = Partner.objects.filter(is_self=True)
        plugins = list(own.values_list("plugin", flat=True))
    for plugin in plugins:
        try:
            poll(plugin)
        except ExchangeFailed as failure:
            logger.warning("axis %s did not answer: %s", plugin, failure.message)
    offer_waiting()


def offer_waiting() -> int:
    """Offer documents that wait to the procedures that are in force by now; return how many."""
    with transaction.atomic():
        waiting = list(ExchangeMessage.objects.waiting()[:MOST_OFFERED])
    for message in waiting:
        try:
            offer(message)
        except Exception:
            # One that cannot be taken must not keep the others waiting.
            logger.exception("message %s could not be offered", message.pk)
    return len(waiting)


def poll(plugin: str) -> int:
    """Have everything collected that waits for the agency at work; return how much that is.

    For axes that tell nobody when something arrives, and after an outage.
    """
    with transaction.atomic():
        own = AgencyCode.objects.filter(partner__is_self=True, partner__plugin=plugin)
        codes = list(own.values_list("value", flat=True))
    found = [parcel for code in codes for parcel in exchange(plugin).waiting(code)]
    # One that was given up is tried again the next day.
    today = timezone.localdate().isoformat()
    with transaction.atomic():
        for parcel in found:
            _enqueue(COLLECT, plugin, parcel, today)
    return len(found)


def _send(plugin: str, parcel: Parcel, content: bytes) -> None:
    try:
        exchange(plugin).send(parcel, content)
    except ExchangeFailed as failure:
        raise _as_background(failure) from failure
    _wake(COLLECT, plugin, parcel, parcel.receiver)


def _wake(kind: str, plugin: str, parcel: Parcel, code: str) -> None:
    """Tell the other agency, if it is on this platform: in its own context, by its own outbox."""
    mailbox = Mailbox.objects.filter(code=code).first()
    if mailbox is not None:
        with tenant_context(mailbox.tenant_id), transaction.atomic():
            _enqueue(kind, plugin, parcel)


def _enqueue(kind: str, plugin: str, parcel: Parcel, *occasion: str) -> None:
    described = {
        "id": parcel.id,
        "sender": parcel.sender,
        "receiver": parcel.receiver,
        "kind": parcel.kind.value,
    }
    enqueue(
        kind=kind,
        key=":".join((kind, plugin, parcel.id, *occasion)),
        payload={"plugin": plugin, "parcel": described},
    )


def _parcel(payload: Mapping[str, Any]) -> Parcel:
    said = payload["parcel"]
    return Parcel(said["id"], said["sender"], said["receiver"], ParcelKind(said["kind"]))


def _as_background(failure: ExchangeFailed) -> Exception:
    return failure if failure.retryable else Permanent(failure.message)


def _fail(message_id: UUID, reason: str) -> None:
    row = ExchangeMessage.objects.get(pk=message_id)
    if row.transport_state == TransportState.FAILED:
        return
    row.transport_state, row.transport_error = TransportState.FAILED, reason[:300]
    row.save(update_fields=["transport_state", "transport_error"])
    record(subject_id=row.pk, verb="exchange.failed", payload={"reason": reason})
    sound(Alarm("not_delivered", reason, row))
