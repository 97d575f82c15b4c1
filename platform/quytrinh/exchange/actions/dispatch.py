"""Sending a document: checked, written once, then carried by the outbox to each receiver."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from quytrinh.background.actions import enqueue
from quytrinh.documents import gate, gatekeeping, storage
from quytrinh.documents.gate import Place
from quytrinh.documents.models import StoredFile
from quytrinh.exchange.actions.addresses import current_code, ensure_known, own_organ
from quytrinh.exchange.choices import Direction, MessageKind, TransportState
from quytrinh.exchange.edxml import (
    Attachment,
    Business,
    Code,
    DocumentMessage,
    DocumentType,
    Hop,
    Kind,
    Organ,
    OtherInfo,
    Replacement,
    ResponseFor,
    Signer,
    Staff,
    Update,
    fingerprint,
    write,
)
from quytrinh.exchange.edxml.attachments import media_type_of
from quytrinh.exchange.edxml.message import VIETNAM, clean
from quytrinh.exchange.exceptions import AnotherContent, ReasonMissing, UnknownReceiver
from quytrinh.exchange.header import header_json
from quytrinh.exchange.identity import document_id, identity, parcel_id
from quytrinh.exchange.models import AgencyCode, ExchangeAttachment, ExchangeMessage, Partner
from quytrinh.exchange.storing import Held, header_of, keep_bytes
from quytrinh.journal.actions import record

SEND = "exchange.send"


@dataclass(frozen=True, slots=True)
class OutgoingDocument:
    """A document that is ready: numbered, signed, its files kept.

    `version` rises when the same number is sent again with other content (an update). `targets`
    are the ids of documents that are recalled, updated or replaced.
    """

    code: Code
    promulgated_on: date
    subject: str
    files: Sequence[StoredFile] = ()
    type_name: str = ""
    place: str = ""
    signer: Signer = field(default_factory=Signer)
    due_on: date | None = None
    priority: str = "0"
    to_places: tuple[str, ...] = ()
    responses_for: tuple[ResponseFor, ...] = ()
    secrecy: str = ""
    kind: Kind = Kind.NEW
    reason: str = ""
    targets: tuple[str, ...] = ()
    staff: Staff | None = None
    version: int = 1


@dataclass(frozen=True, slots=True)
class _Addressee:
    partner: Partner
    code: str


def dispatch(
    *,
    document: OutgoingDocument,
    to: Sequence[str],
    actor: UUID | None = None,
    case_id: UUID | None = None,
) -> list[ExchangeMessage]:
    """Send a document to agencies, given by a code or by name; return a message for each.

    Asked again with the same document it returns the same messages and sends nothing twice.
    Raises DocumentExcluded (the gate), NoOwnCode, UnknownReceiver, AnotherContent. Files are
    looked into and written: call it outside a transaction.
    """
    _refuse_excluded(document, actor, case_id)
    if document.kind != Kind.NEW and not document.reason.strip():
        raise ReasonMissing
    ensure_known(to)
    with transaction.atomic():
        sender, addressees = own_organ(), _addressees(to)
    message = _message(document, sender, addressees)
    with transaction.atomic():
        sent = _already_sent(message, document.version)
    if sent:
        return sent
    envelope = keep_bytes(write(message), _envelope_name(document))
    try:
        with transaction.atomic():
            return _store(message, document, addressees, envelope, actor, case_id)
    except IntegrityError:
        # Somebody sent the very same document in this moment.
        with transaction.atomic():
            sent = _already_sent(message, document.version)
        if not sent:
            raise
        return sent


def _refuse_excluded(document: OutgoingDocument, actor: UUID | None, case_id: UUID | None) -> None:
    excluded = gatekeeping.exclusions()
    found = gate.declared(document.secrecy, excluded) or gate.in_title(document.subject, excluded)
    for file in document.files:
        found = found or gate.in_title(file.original_name, excluded)
        found = found or gate.in_header(header_of(file), excluded)
    gatekeeping.refuse(Place.SENDING, found, actor=actor, case_id=case_id)


def _addressees(named: Sequence[str]) -> list[_Addressee]:
    """Return each agency once, under its code of today, by whatever it is called."""
    known = {
        code.value: code.partner
        for code in AgencyCode.objects.filter(value__in=named).select_related("partner")
    }
    known |= {each.name: each for each in Partner.objects.filter(name__in=named)}
    partners = list({known[name].pk: known[name] for name in named if name in known}.values())
    found = [_Addressee(partner, current_code(partner)) for partner in partners]
    wrong = [name for name in named if name not in known or known[name].is_self]
    wrong += [each.partner.name for each in found if not each.code]
    if wrong or not named:
        raise UnknownReceiver(wrong or ["–"])
    return found


def _message(
    document: OutgoingDocument, sender: Organ, addressees: Sequence[_Addressee]
) -> DocumentMessage:
    subject = clean(document.subject)
    return DocumentMessage(
        sender=sender,
        receivers=tuple(Organ(each.code, each.partner.name) for each in addressees),
        document_id=document_id(sender.code, document.promulgated_on, str(document.code)),
        code=document.code,
        place=document.place,
        promulgated_on=document.promulgated_on,
        type=DocumentType(document.type_name),
        subject=subject,
        content=subject,
        signer=document.signer,
        due_on=document.due_on,
        other=OtherInfo(
            priority=document.priority, pages=str(sum(file.pages for file in document.files))
        ),
        responses_for=document.responses_for,
        to_places=document.to_places,
        business=_business(document),
        hops=(Hop(sender.code, timezone.now().astimezone(VIETNAM).replace(microsecond=0)),),
        attachments=tuple(_attachment(file) for file in document.files),
    )


def _business(document: OutgoingDocument) -> Business:
    replaced = document.targets if document.kind == Kind.REPLACE else ()
    return Business(
        kind=document.kind,
        document_id="" if replaced else next(iter(document.targets), ""),
        reason=document.reason,
        update=Update(document=True) if document.kind == Kind.UPDATE else None,
        replacements=tuple(Replacement(target) for target in replaced),
        staff=document.staff,
    )


def _attachment(file: StoredFile) -> Attachment:
    content = storage.path_of(file.sha256).read_bytes()
    return Attachment(file.original_name, content, media_type_of(content))


def _identity(message: DocumentMessage, version: int, receiver: str) -> str:
    return identity(message.kind, message.sender.code, message.document_id, version, receiver)


def _already_sent(message: DocumentMessage, version: int) -> list[ExchangeMessage]:
    """Return the messages of this document to all its receivers, or nothing if one is missing."""
    wanted = [_identity(message, version, organ.code) for organ in message.receivers]
    found = {
        each.identity: each
        for each in ExchangeMessage.objects.outgoing().filter(identity__in=wanted)
    }
    said = fingerprint(_without_receivers(message))
    if any(each.content_sha != said for each in found.values()):
        raise AnotherContent
    return [found[each] for each in wanted] if len(found) == len(set(wanted)) else []


def _without_receivers(message: DocumentMessage) -> DocumentMessage:
    """What was said, to whomever: a receiver may be added later to the same document."""
    return replace(message, receivers=())


def _store(
    message: DocumentMessage,
    document: OutgoingDocument,
    addressees: Sequence[_Addressee],
    envelope: Held,
    actor: UUID | None,
    case_id: UUID | None,
) -> list[ExchangeMessage]:
    file = envelope.row()
    file.save(force_insert=True)
    concerns = _concerned(document)
    sent = []
    for each in addressees:
        wanted = _identity(message, document.version, each.code)
        known = ExchangeMessage.objects.outgoing().filter(identity=wanted).first()
        if known is None:
            known = _row(message, document, each, file)
            known.case_id, known.actor = case_id, actor
            known.concerns = concerns.get(each.partner.pk)
            known.save(force_insert=True)
            _send_later(known, document)
        sent.append(known)
    return sent


def _row(
    message: DocumentMessage, document: OutgoingDocument, each: _Addressee, envelope: StoredFile
) -> ExchangeMessage:
    named = (message.kind, message.sender.code, message.document_id, document.version, each.code)
    return ExchangeMessage(
        direction=Direction.OUT,
        kind=MessageKind(message.kind.value),
        plugin=each.partner.plugin,
        parcel_id=parcel_id(*named),
        identity=_identity(message, document.version, each.code),
        content_sha=fingerprint(_without_receivers(message)),
        partner=each.partner,
        sender_code=message.sender.code,
        receiver_code=each.code,
        document_id=message.document_id,
        number=message.code.number,
        notation=message.code.notation,
        subject=message.subject,
        promulgated_on=message.promulgated_on,
        header=header_json(message),
        envelope=envelope,
        transport_state=TransportState.PENDING,
    )


def _send_later(message: ExchangeMessage, document: OutgoingDocument) -> None:
    ExchangeAttachment.objects.bulk_create(
        ExchangeAttachment(
            message=message,
            place=place,
            file=file,
            name=file.original_name,
            media_type=file.media_type,
        )
        for place, file in enumerate(document.files)
    )
    enqueue(
        kind=SEND,
        key=f"{SEND}:{message.parcel_id}",
        payload={"message": str(message.pk)},
    )
    record(
        subject_id=message.pk,
        verb="exchange.dispatched",
        actor=message.actor,
        payload={
            "document": message.document_id,
            "kind": message.kind,
            "receiver": message.receiver_code,
            "sha256": message.envelope.sha256 if message.envelope else "",
        },
    )


def _concerned(document: OutgoingDocument) -> dict[Any, ExchangeMessage]:
    """Return, for each receiver, the message of ours that this one recalls or changes."""
    spoken_of = ExchangeMessage.objects.outgoing().filter(document_id__in=document.targets)
    by_partner = {each.partner_id: each for each in spoken_of.order_by("created_at")}
    if document.kind != Kind.NEW:
        for each in by_partner.values():
            each.overtaken_by = MessageKind(document.kind.value)
            each.save(update_fields=["overtaken_by"])
    return by_partner


def _envelope_name(document: OutgoingDocument) -> str:
    return f"{str(document.code).replace('/', '-')}.edxml"
