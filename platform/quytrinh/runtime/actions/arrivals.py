"""What comes in through the exchange becomes a case, or changes the one it speaks of.

Called by the exchange in the transaction that takes the message in: message and case change
together. A document that no procedure takes waits in the exchange (ExchangeMessage.waiting), is
shown to clerks on the page of exchanged documents, and is offered again every minute.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.db import transaction

from quytrinh.exchange.actions import case_values, main_facts, take_over
from quytrinh.exchange.actions.alarms import sound
from quytrinh.exchange.choices import Direction, MessageKind
from quytrinh.exchange.events import Alarm
from quytrinh.exchange.models import ExchangeAlarm, ExchangeMessage
from quytrinh.runtime.actions.checking import check_later
from quytrinh.runtime.actions.events import deliver_event
from quytrinh.runtime.actions.message import start_from_message
from quytrinh.runtime.actions.overtaking import recall, replace, update
from quytrinh.runtime.exceptions import NobodyReceives, RuntimeFailure
from quytrinh.runtime.models import Case

RECEIVED = "exchange.received"


def take_in(message: ExchangeMessage) -> None:
    """Begin a case on a document that came in, or do to its case what a message asks."""
    if message.kind == MessageKind.RECALL:
        recall(message)
    elif message.kind == MessageKind.UPDATE:
        update(message)
    else:
        case = _begin(message)
        if case is not None and message.kind == MessageKind.REPLACE:
            replace(message, case)
        _tell_those_who_asked(message)


def _tell_those_who_asked(message: ExchangeMessage) -> None:
    """End the waits of cases whose documents this one answers."""
    answered = [each["document_id"] for each in message.header.get("responses_for", ())]
    asked = ExchangeMessage.objects.filter(direction=Direction.OUT, document_id__in=answered)
    for case_id in set(asked.values_list("case_id", flat=True)):
        if case_id is not None:
            deliver_event(case_id=case_id, event=RECEIVED, facts=case_values(message))


def _begin(message: ExchangeMessage) -> Case | None:
    """Return the case that is begun on a document; None when the document has to wait."""

    def hand_over(case_id: UUID) -> Mapping[str, Sequence[UUID]]:
        return take_over(message=message, case_id=case_id)

    try:
        with transaction.atomic():
            case = start_from_message(
                event=RECEIVED,
                key=f"exchange:{message.identity}",
                fields=case_values(message),
                hand_over=hand_over,
                facts=main_facts(message),
            )
            check_later(case_id=case.pk, message_id=message.pk)
            return case
    except NobodyReceives:
        message.case_id = None
    except RuntimeFailure as failure:
        message.case_id = None
        _tell_once(Alarm("no_case", failure.message, message))
    return None


def _tell_once(alarm: Alarm) -> None:
    """A document that waits is offered every minute; why it waits is told once."""
    if not ExchangeAlarm.objects.filter(code=alarm.code, message=alarm.message).exists():
        sound(alarm)
