"""What a case has to do with other agencies: where it came from, where it went, what was said.

How far the axis is with a message and what its receiver does with the document are two things
(QCVN 102:2016): they are never put into one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Prefetch

from quytrinh.exchange import statuses
from quytrinh.exchange.choices import Direction, MessageKind, Origin, TransportState
from quytrinh.exchange.models import ExchangeAttachment, ExchangeMessage, ExchangeStatus
from quytrinh.exchange.querysets import BRINGING
from quytrinh.runtime.models import Case


@dataclass(frozen=True, slots=True)
class Word:
    """A business status: what it says, when, by whom, why."""

    code: str
    title: str
    at: datetime
    who: str
    reason: str
    is_ours: bool


@dataclass(frozen=True, slots=True)
class News:
    """What a sender said of a document later: recalled, updated, replaced."""

    kind: str
    title: str
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Arrival:
    """The message with which a case began. `asked_back` is why its sender wants it back."""

    message_id: UUID
    sender: str
    sender_code: str
    origin: str
    origin_title: str
    number: str
    date: date | None
    signer: str
    received_at: datetime
    warnings: tuple[str, ...]
    statuses: tuple[Word, ...]
    news: tuple[News, ...]
    is_asked_back: bool
    asked_back: str


@dataclass(frozen=True, slots=True)
class Shipment:
    """One message to one receiver: its way over the axis, and apart from it its fate there."""

    message_id: UUID
    kind: str
    kind_title: str
    receiver: str
    receiver_code: str
    number: str
    sent_at: datetime
    transport: str
    transport_title: str
    transport_error: str
    statuses: tuple[Word, ...]
    overtaken_title: str

    @property
    def latest(self) -> Word | None:
        """The status that tells how far the document is."""
        furthest = statuses.furthest([each.code for each in self.statuses])
        return next((each for each in self.statuses if each.code == furthest), None)

    @property
    def may_be_asked_back(self) -> bool:
        """Whether its receiver may still be asked to give the document back."""
        known = {each.code for each in self.statuses}
        unasked = statuses.ASK_BACK not in known and self.kind in BRINGING
        return unasked and statuses.may_follow(statuses.ASK_BACK, known)


@dataclass(frozen=True, slots=True)
class Correspondence:
    """Where the documents of a case came from and where they went."""

    arrival: Arrival | None
    shipments: tuple[Shipment, ...]


def of(case: Case) -> Correspondence:
    """Return the correspondence of a case."""
    told = ExchangeStatus.objects.order_by("at", "code")
    broken = ExchangeAttachment.objects.filter(file=None).order_by("place")
    messages = list(
        ExchangeMessage.objects.of_case(case.pk)
        .select_related("partner")
        .prefetch_related(
            Prefetch("statuses", told, to_attr="told"),
            Prefetch("attachments", broken, to_attr="broken"),
        )
    )
    came = [message for message in messages if message.direction == Direction.IN]
    sent = [message for message in messages if message.direction == Direction.OUT]
    return Correspondence(_arrival(came), tuple(_shipment(message) for message in sent))


def _arrival(messages: Sequence[ExchangeMessage]) -> Arrival | None:
    first = next((message for message in messages if message.kind in BRINGING), None)
    if first is None:
        return None
    words = _words(first)
    asked = next((word for word in words if word.code == statuses.ASK_BACK), None)
    header = first.header
    faults = (f"{each.name}: {each.fault}" for each in first.broken)
    return Arrival(
        message_id=first.pk,
        sender=header["sender"]["name"] or (first.partner.name if first.partner else ""),
        sender_code=first.sender_code,
        origin=first.origin,
        origin_title=str(Origin(first.origin).label),
        number=_number(first),
        date=first.promulgated_on,
        signer=", ".join(
            part for part in (header["signer"]["full_name"], header["signer"]["position"]) if part
        ),
        received_at=first.created_at,
        warnings=(*(each["message"] for each in first.warnings), *faults),
        statuses=tuple(word for word in words if word.is_ours),
        news=tuple(_news(message) for message in messages if message is not first),
        is_asked_back=statuses.is_asked_back({word.code for word in words}),
        asked_back=asked.reason if asked else "",
    )


def _news(message: ExchangeMessage) -> News:
    reason = message.header["business"]["reason"]
    title = str(MessageKind(message.kind).label)
    return News(message.kind, title, message.created_at, reason)


def _shipment(message: ExchangeMessage) -> Shipment:
    overtaken = message.overtaken_by
    return Shipment(
        message_id=message.pk,
        kind=message.kind,
        kind_title=str(MessageKind(message.kind).label),
        receiver=message.partner.name if message.partner else message.receiver_code,
        receiver_code=message.receiver_code,
        number=_number(message),
        sent_at=message.created_at,
        transport=message.transport_state,
        transport_title=str(TransportState(message.transport_state).label),
        transport_error=message.transport_error,
        statuses=_words(message),
        overtaken_title=str(MessageKind(overtaken).label) if overtaken else "",
    )


def _words(message: ExchangeMessage) -> tuple[Word, ...]:
    return tuple(
        Word(
            code=each.code,
            title=str(statuses.TITLES.get(each.code, each.code)),
            at=each.at,
            who=each.staff,
            reason=statuses.words_beyond(each.code, each.description),
            is_ours=each.is_ours,
        )
        for each in message.told
    )


def _number(message: ExchangeMessage) -> str:
    return "/".join(part for part in (message.number, message.notation) if part)
