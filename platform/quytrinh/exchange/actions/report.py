"""Telling the other side what becomes of a document: each status once, in a lawful order."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from quytrinh.background.actions import enqueue
from quytrinh.exchange import statuses
from quytrinh.exchange.actions.addresses import own_organ
from quytrinh.exchange.choices import Direction
from quytrinh.exchange.edxml import ResponseFor, Staff, StatusMessage, write
from quytrinh.exchange.exceptions import ReasonMissing, UnlawfulStatus
from quytrinh.exchange.identity import parcel_id
from quytrinh.exchange.models import ExchangeMessage, ExchangeStatus
from quytrinh.journal.actions import record
from quytrinh.organization.directory import directory

REPORT = "exchange.report"


def report(
    *,
    message_id: UUID,
    code: str,
    reason: str = "",
    actor: UUID | None = None,
    staff: Staff | None = None,
) -> ExchangeStatus:
    """Tell the sender of a document what became of it; telling again what was told changes nothing.

    Statuses that must have come before, as 03 before 05, are told first. Raises UnlawfulStatus,
    ReasonMissing (02 and 16 need one). May be called within a transaction, such as a step's.
    """
    with transaction.atomic():
        message = ExchangeMessage.objects.select_for_update(of=("self",)).get(pk=message_id)
        return _report(message, code, reason, actor, staff or staff_of(actor))


def staff_of(actor: UUID | None) -> Staff | None:
    """Return the person the other side may ask; nobody when the machine has acted."""
    if actor is None:
        return None
    people = directory()
    name = people.name_of(actor)
    return Staff(department=people.position_name_of(actor), name=name) if name else None


def report_for_case(
    *, case_id: UUID, code: str, reason: str = "", actor: UUID | None = None
) -> ExchangeStatus | None:
    """Tell the sender of the document with which a case began; None if it did not come by an axis.

    A status that is already passed is passed over: a flow may come by a step twice.
    """
    with transaction.atomic():
        message = ExchangeMessage.objects.incoming_of_case(case_id)
        if message is None:
            return None
        known = set(message.statuses.values_list("code", flat=True))
        behind = _place(code) >= 0 and _place(code) <= _place(statuses.furthest(known))
        if behind and code != statuses.REFUSED:
            return None
        return report(message_id=message.pk, code=code, reason=reason, actor=actor)


def ask_back(
    *, message_id: UUID, reason: str, actor: UUID | None = None, staff: Staff | None = None
) -> ExchangeStatus:
    """Ask the receiver of a document of ours to give it back (status 13)."""
    return report(
        message_id=message_id, code=statuses.ASK_BACK, reason=reason, actor=actor, staff=staff
    )


def note_asked_back(message: ExchangeMessage, reason: str) -> None:
    """Note that a message of its own recalls a document: it is answered as status 13 is."""
    ExchangeStatus.objects.get_or_create(
        message=message,
        code=statuses.ASK_BACK,
        defaults={"description": reason, "is_ours": False, "at": timezone.now()},
    )


def tell_arrival(message: ExchangeMessage) -> None:
    """Tell the sender that a document has arrived (01), in the transaction that took it in."""
    _tell(message, statuses.ARRIVED, "", None, None)


def tell_exclusion(message: ExchangeMessage, reason: str) -> None:
    """Tell the sender that a document was refused at the gate."""
    _tell(message, statuses.REFUSED, reason, None, None)


def _report(
    message: ExchangeMessage, code: str, reason: str, actor: UUID | None, staff: Staff | None
) -> ExchangeStatus:
    known = {status.code: status for status in message.statuses.all()}
    if code in known:
        return known[code]
    if code in statuses.NEED_REASON and not reason.strip():
        raise ReasonMissing
    from_sender = code in statuses.FROM_SENDER
    if from_sender is (message.direction == Direction.IN):
        raise UnlawfulStatus(code)
    steps = statuses.lead_to(code, known)
    if not steps:
        raise UnlawfulStatus(code)
    for step in steps:
        told = _tell(message, step, reason if step == code else "", actor, staff)
    return told


def told_by(staff: Staff | None) -> str:
    """Return how a person who told a status is named."""
    return ", ".join(part for part in (staff.name, staff.department) if part) if staff else ""


def _place(code: str) -> int:
    return statuses.PROGRESS.index(code) if code in statuses.PROGRESS else -1


def _tell(
    message: ExchangeMessage, code: str, reason: str, actor: UUID | None, staff: Staff | None
) -> ExchangeStatus:
    """Write the status and the file that tells it; the outbox carries it."""
    status = ExchangeStatus(
        message=message,
        code=code,
        description=reason.strip() or str(statuses.TITLES[code]),
        staff=told_by(staff),
        is_ours=True,
        actor=actor,
        at=timezone.now().replace(microsecond=0),
    )
    status.save(force_insert=True)
    known = set(message.statuses.values_list("code", flat=True))
    message.business_status = statuses.furthest(known)
    message.save(update_fields=["business_status"])
    record(
        subject_id=message.pk,
        verb="exchange.reported",
        actor=actor,
        payload={"code": code, "reason": reason},
    )
    _send_later(message, status, staff)
    return status


def _send_later(message: ExchangeMessage, status: ExchangeStatus, staff: Staff | None) -> None:
    """Pin the bytes: a repeat must send the same ones, whatever the agency is called by then."""
    own = own_organ()
    other = message.sender_code if message.direction == Direction.IN else message.receiver_code
    said = StatusMessage(
        sender=own,
        response_for=ResponseFor(
            organ_code=other,
            code="/".join(part for part in (message.number, message.notation) if part),
            promulgated_on=message.promulgated_on,
            document_id=message.document_id,
        ),
        status=status.code,
        description=status.description,
        staff=staff,
        at=status.at,
    )
    parcel = parcel_id("status", own.code, other, message.document_id, message.pk, status.code)
    enqueue(
        kind=REPORT,
        key=f"{REPORT}:{parcel}",
        payload={
            "plugin": message.plugin,
            "parcel": {"id": parcel, "sender": own.code, "receiver": other},
            "edxml": write(said).decode(),
        },
    )
