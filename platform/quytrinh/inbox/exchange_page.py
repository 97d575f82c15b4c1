"""What of the exchange waits for a person: documents no procedure took, and alarms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from quytrinh.exchange.models import ExchangeAlarm, ExchangeMessage
from quytrinh.organization.directory import PersonView
from quytrinh.runtime.models import Case

MOST_SHOWN = 50


@dataclass(frozen=True, slots=True)
class WaitingDocument:
    """A document that has arrived and that no case has taken over, and why."""

    sender: str
    sender_code: str
    number: str
    date: date | None
    subject: str
    received_at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class AlarmRow:
    """Something that went wrong; `case_id` where its case may be opened by who looks."""

    id: UUID
    text: str
    raised_at: datetime
    number: str
    case_id: UUID | None


@dataclass(frozen=True, slots=True)
class ExchangePage:
    """What the template shows."""

    waiting: list[WaitingDocument]
    alarms: list[AlarmRow]


def exchange_page(person: PersonView) -> ExchangePage:
    """Return what waits, oldest first, and the alarms nobody has looked at, latest first."""
    about = ExchangeMessage.objects.only("id", "number", "notation", "case_id")
    alarms = ExchangeAlarm.objects.unseen().prefetch_related(Prefetch("message", about))
    found = list(alarms[:MOST_SHOWN])
    return ExchangePage(_waiting(), _alarms(found, person))


def has_news() -> bool:
    """Tell whether the page has anything on it."""
    return ExchangeAlarm.objects.unseen().exists() or ExchangeMessage.objects.waiting().exists()


def _waiting() -> list[WaitingDocument]:
    messages = list(ExchangeMessage.objects.waiting()[:MOST_SHOWN])
    failed = ExchangeAlarm.objects.filter(message__in=messages, code="no_case")
    reasons = {each.message_id: each.text for each in failed}
    nobody = _("Cơ quan chưa ban hành quy trình tiếp nhận văn bản liên thông.")
    return [_document(message, reasons.get(message.pk, nobody)) for message in messages]


def _document(message: ExchangeMessage, reason: str) -> WaitingDocument:
    return WaitingDocument(
        sender=message.header["sender"]["name"],
        sender_code=message.sender_code,
        number=_number(message),
        date=message.promulgated_on,
        subject=message.subject or _("(chưa có trích yếu)"),
        received_at=message.created_at,
        reason=reason,
    )


def _alarms(alarms: Sequence[ExchangeAlarm], person: PersonView) -> list[AlarmRow]:
    cases = {alarm.message.case_id for alarm in alarms if alarm.message} - {None}
    visible = set(Case.objects.visible_to(person).filter(pk__in=cases).values_list("pk", flat=True))
    return [
        AlarmRow(
            id=alarm.pk,
            text=alarm.text,
            raised_at=alarm.raised_at,
            number=_number(alarm.message) if alarm.message else "",
            case_id=alarm.message.case_id
            if alarm.message and alarm.message.case_id in visible
            else None,
        )
        for alarm in alarms
    ]


def _number(message: ExchangeMessage) -> str:
    return "/".join(part for part in (message.number, message.notation) if part)
