"""Background work of the exchange: carrying parcels out and in, each effect once."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction

from quytrinh.background.actions import enqueue
from quytrinh.background.exceptions import Permanent
from quytrinh.background.message import Message
from quytrinh.documents import storage
from quytrinh.exchange import events
from quytrinh.exchange.actions.receive import receive
from quytrinh.exchange.choices import TransportState
from quytrinh.exchange.events import Alarm
from quytrinh.exchange.models import AgencyCode, ExchangeMessage, Mailbox
from quytrinh.exchange.plugins import exchange
from quytrinh.journal.actions import record
from quytrinh.spi import DeliveryState, ExchangeFailed, Parcel, ParcelKind
from quytrinh.tenancy.context import tenant_context

COLLECT, DELIVERY = "exchange.collect", "exchange.delivery"


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
    events.alarm(Alarm("report_failed", reason))


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


def poll(plugin: str) -> int:
    """Have everything collected that waits for the agency at work; return how much that is.

    For axes that tell nobody when something arrives, and after an outage.
    """
    with transaction.atomic():
        own = AgencyCode.objects.filter(partner__is_self=True, partner__plugin=plugin)
        codes = list(own.values_list("value", flat=True))
    found = [parcel for code in codes for parcel in exchange(plugin).waiting(code)]
    with transaction.atomic():
        for parcel in found:
            _enqueue(COLLECT, plugin, parcel)
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


def _enqueue(kind: str, plugin: str, parcel: Parcel) -> None:
    described = {
        "id": parcel.id,
        "sender": parcel.sender,
        "receiver": parcel.receiver,
        "kind": parcel.kind.value,
    }
    enqueue(
        kind=kind,
        key=f"{kind}:{plugin}:{parcel.id}",
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
    events.alarm(Alarm("not_delivered", reason, row))
