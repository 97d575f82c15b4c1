"""Taking a message in: read, let through the gate, kept, and answered; the same one only once."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from quytrinh.documents import gate, gatekeeping, storage
from quytrinh.documents.exceptions import DocumentExcluded
from quytrinh.documents.gate import Exclusion, Place
from quytrinh.exchange import events
from quytrinh.exchange.actions.addresses import ensure_known
from quytrinh.exchange.actions.alarms import sound
from quytrinh.exchange.actions.report import tell_arrival, tell_exclusion
from quytrinh.exchange.actions.take_status import take_status
from quytrinh.exchange.choices import Direction, MessageKind, Origin, TransportState
from quytrinh.exchange.edxml import (
    DocumentMessage,
    Kind,
    Limits,
    Reading,
    StatusMessage,
    Unreadable,
    fingerprint,
    read,
)
from quytrinh.exchange.events import Alarm
from quytrinh.exchange.header import header_json
from quytrinh.exchange.identity import identity
from quytrinh.exchange.models import (
    AgencyCode,
    ExchangeAttachment,
    ExchangeMessage,
    Partner,
)
from quytrinh.exchange.querysets import BRINGING
from quytrinh.exchange.storing import Held, held, keep, keep_bytes, stamped
from quytrinh.journal.actions import record
from quytrinh.spi import Delivery, DeliveryState, Parcel
from quytrinh.tenancy.ids import uuid7

logger = logging.getLogger(__name__)

_LONGEST_REASON = 300


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the axis is answered. The same message again has the same receipt."""

    delivery: Delivery
    message: ExchangeMessage | None = None
    is_repeat: bool = False


DONE = Delivery(DeliveryState.DONE)


def receive(*, plugin: str, parcel: Parcel, content: bytes) -> Receipt:
    """Take in what an axis brought for the agency at work. Call it outside a transaction.

    Nothing of a message that is refused is kept. What is wrong with the message is told by the
    receipt; an exception means that it must be tried again.
    """
    try:
        reading = read(content, limits())
    except Unreadable as unreadable:
        return _refuse(unreadable.code, unreadable.message, parcel)
    if isinstance(reading.message, StatusMessage):
        problem = take_status(reading.message)
        return _refuse(problem.code, problem.text, parcel) if problem else Receipt(DONE)
    return _receive_document(_Arrival(plugin, parcel, content, reading, reading.message))


def offer(message: ExchangeMessage) -> None:
    """Offer a document that no case has taken over once more, then what was said of it since."""
    with transaction.atomic():
        current = ExchangeMessage.objects.select_for_update(of=("self",)).get(pk=message.pk)
        if current.case_id is not None:
            return
        events.message_received(current)
        if current.case_id is not None:
            for later in current.spoken_of_by.filter(case_id=None).order_by("created_at"):
                events.message_received(later)


def limits() -> Limits:
    """Return how much a message may bring: each file as much as an upload."""
    return Limits(attachment=settings.UPLOAD_MAX_BYTES, together=2 * settings.UPLOAD_MAX_BYTES)


@dataclass(frozen=True, slots=True)
class _Arrival:
    """A document message and how it came."""

    plugin: str
    parcel: Parcel
    content: bytes
    reading: Reading
    message: DocumentMessage

    @property
    def identity(self) -> str:
        """What may come once only.

        A document has its id; a recall or an update speaks of a document by the same id, so what
        it says tells one from the next.
        """
        said = "" if self.message.kind in (Kind.NEW, Kind.REPLACE) else fingerprint(self.message)
        sender, document = self.message.sender.code, self.message.document_id
        return identity(self.message.kind, sender, document, said)


def _receive_document(arrival: _Arrival) -> Receipt:
    with transaction.atomic():
        known = ExchangeMessage.objects.incoming().filter(identity=arrival.identity).first()
    if known is not None:
        return _again(known, arrival)
    ensure_known([arrival.message.sender.code], plugin=arrival.plugin)
    with held(arrival.message.attachments) as files:
        found = _excluded(arrival.message, files)
        if found is not None:
            return _refuse_excluded(arrival, found)
        keep(files)
        envelope = keep_bytes(arrival.content, f"{arrival.parcel.id}.edxml")
    try:
        with transaction.atomic():
            return Receipt(DONE, _store(arrival, files, envelope))
    except IntegrityError:
        with transaction.atomic():
            known = ExchangeMessage.objects.incoming().filter(identity=arrival.identity).first()
        if known is None:
            raise
        return _again(known, arrival)


def _again(known: ExchangeMessage, arrival: _Arrival) -> Receipt:
    """Give the same receipt for the same message; refuse another content under its id."""
    # A refused secret document left nothing to compare with.
    if known.content_sha in ("", fingerprint(arrival.message)):
        return Receipt(DONE, known, is_repeat=True)
    text = _("Mã văn bản “%(id)s” đã nhận trước đây với nội dung khác.")
    return _refuse("another_content", text % {"id": known.document_id}, arrival.parcel, known)


def _refuse(code: str, text: str, parcel: Parcel, known: ExchangeMessage | None = None) -> Receipt:
    """Tell the axis and the people here, and keep nothing."""
    reason = text[:_LONGEST_REASON]
    logger.error("parcel %s from %s refused: %s", parcel.id, parcel.sender, code)
    with transaction.atomic():
        record(
            subject_id=known.pk if known else uuid7(),
            verb="exchange.refused",
            payload={"parcel": parcel.id, "sender": parcel.sender, "code": code, "reason": reason},
        )
        sound(Alarm(code, reason, known))
    return Receipt(Delivery(DeliveryState.FAILED, reason), known)


def _excluded(message: DocumentMessage, files: Sequence[Held | None]) -> Exclusion | None:
    excluded = gatekeeping.exclusions()
    found = gate.declared(message.secrecy, excluded)
    for text in (message.subject, message.content, message.type.name):
        found = found or gate.in_title(text, excluded)
    for label in (message.type.name, message.other.sphere, *message.other.appendixes):
        found = found or gate.in_header([label.upper()], excluded)
    for attachment in message.attachments:
        found = found or gate.in_title(attachment.name, excluded)
    return found or stamped(files, excluded)


def _refuse_excluded(arrival: _Arrival, found: Exclusion) -> Receipt:
    """Answer with status 02 and the article; of the document only its id is kept."""
    try:
        gatekeeping.refuse(Place.RECEPTION, found, actor=None)
    except DocumentExcluded as refusal:
        with transaction.atomic():
            row = _row(arrival)
            row.subject, row.header, row.warnings, row.content_sha = "", {}, [], ""
            row.save(force_insert=True)
            tell_exclusion(row, refusal.message)
            sound(Alarm("excluded", refusal.message, row))
            return Receipt(DONE, row)
    raise AssertionError("the gate let a found exclusion through")


def _row(arrival: _Arrival) -> ExchangeMessage:
    message = arrival.message
    partner = AgencyCode.objects.partner_of(message.sender.code)
    return ExchangeMessage(
        direction=Direction.IN,
        kind=MessageKind(message.kind.value),
        plugin=arrival.plugin,
        parcel_id=arrival.parcel.id,
        identity=arrival.identity,
        content_sha=fingerprint(message),
        partner=partner,
        sender_code=message.sender.code,
        receiver_code=arrival.parcel.receiver,
        origin=_origin(arrival.parcel, partner, message.sender.code),
        document_id=message.document_id,
        number=message.code.number,
        notation=message.code.notation,
        subject=message.subject,
        promulgated_on=message.promulgated_on,
        header=header_json(message),
        warnings=_warnings(arrival),
        transport_state=TransportState.DELIVERED,
    )


def _origin(parcel: Parcel, partner: Partner | None, claimed: str) -> Origin:
    """Tell whether who the message says sent it is who put it on the axis."""
    brought_by = AgencyCode.objects.partner_of(parcel.sender)
    if claimed != parcel.sender and (partner is None or brought_by != partner):
        return Origin.MISMATCH
    return Origin.KNOWN if partner else Origin.UNKNOWN


def _warnings(arrival: _Arrival) -> list[dict[str, Any]]:
    found = [{"code": each.code, "message": each.message} for each in arrival.reading.warnings]
    own = set(AgencyCode.objects.filter(partner__is_self=True).values_list("value", flat=True))
    if not own & {organ.code for organ in arrival.message.receivers}:
        text = _("Cơ quan không có tên trong danh sách nơi nhận của gói tin.")
        found.append({"code": "misaddressed", "message": text})
    if arrival.reading.has_signature:
        text = _("Phong bì có phần tử chữ ký; phần này không kiểm chứng được.")
        found.append({"code": "envelope_signature", "message": text})
    return found


def _store(arrival: _Arrival, files: Sequence[Held | None], envelope: Held) -> ExchangeMessage:
    row, file = _row(arrival), envelope.row()
    file.save(force_insert=True)
    row.envelope = file
    row.concerns = _overtaken(arrival.message, row)
    row.save(force_insert=True)
    for place, (said, one) in enumerate(zip(arrival.message.attachments, files, strict=True)):
        stored = one.row() if one else None
        if stored is not None:
            stored.save(force_insert=True)
        ExchangeAttachment(
            message=row,
            place=place,
            file=stored,
            name=said.name,
            media_type=said.media_type,
            description=said.description,
            fault=said.fault[:_LONGEST_REASON],
        ).save(force_insert=True)
    record(
        subject_id=row.pk,
        verb="exchange.received",
        payload={
            "document": row.document_id,
            "kind": row.kind,
            "sender": row.sender_code,
            "sha256": file.sha256,
        },
    )
    if arrival.message.kind in (Kind.NEW, Kind.REPLACE):
        tell_arrival(row)
    events.message_received(row)
    if row.kind in BRINGING:
        _take_up_what_came_before(row)
    return row


def _take_up_what_came_before(row: ExchangeMessage) -> None:
    """Do what was said of a document before it came: an axis keeps no order of messages."""
    early = ExchangeMessage.objects.incoming().filter(
        kind__in=(MessageKind.RECALL, MessageKind.UPDATE),
        partner=row.partner,
        partner__isnull=False,
        concerns=None,
        envelope__isnull=False,
    )
    for message in early.select_related("envelope").order_by("created_at"):
        said = read(storage.path_of(message.envelope.sha256).read_bytes(), limits()).message
        if isinstance(said, DocumentMessage) and row.document_id in said.target_ids:
            message.concerns, row.overtaken_by = row, message.kind
            message.save(update_fields=["concerns"])
            row.save(update_fields=["overtaken_by"])
            events.message_received(message)


def _overtaken(message: DocumentMessage, row: ExchangeMessage) -> ExchangeMessage | None:
    """Return the document that a recall, an update or a replacement speaks of, and mark it."""
    if message.kind == Kind.NEW or row.partner is None:
        return None
    incoming = ExchangeMessage.objects.incoming()
    for target in message.target_ids:
        spoken_of = incoming.document(target, row.partner)
        if spoken_of is not None:
            spoken_of.overtaken_by = row.kind
            spoken_of.save(update_fields=["overtaken_by"])
            return spoken_of
    return None
