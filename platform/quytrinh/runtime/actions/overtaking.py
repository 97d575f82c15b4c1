"""Recall, update, replacement of a document that an agency has received (QCVN 102:2016).

Before the clerk has accepted a document nobody has relied on it, so the case follows its sender at
once: it is cancelled, or begins anew. Later people are told, and a recall is theirs to answer
(Nghị định 30/2020, Điều 18 khoản 4).
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from viewflow.workflow.status import PROCESS

from quytrinh.documents.actions import MACHINE
from quytrinh.exchange import statuses
from quytrinh.exchange.actions import case_values, main_facts, report, take_versions
from quytrinh.exchange.actions.alarms import sound
from quytrinh.exchange.actions.report import note_asked_back
from quytrinh.exchange.choices import MessageKind
from quytrinh.exchange.events import Alarm
from quytrinh.exchange.models import AgencyCode, ExchangeMessage
from quytrinh.organization.directory import PersonView
from quytrinh.runtime.actions.checking import check_later
from quytrinh.runtime.actions.entry import keep
from quytrinh.runtime.actions.message import slots_of
from quytrinh.runtime.actions.start import enter
from quytrinh.runtime.actions.step import step_of
from quytrinh.runtime.exceptions import ActionNotAllowed, FormInvalid, NotFoundForYou
from quytrinh.runtime.facts import record_of
from quytrinh.runtime.models import Case, CaseViewer
from quytrinh.runtime.scopes import TOP, Scope
from quytrinh.runtime.unit_of_work import UnitOfWork

RECALLED, REPLACED = "recalled", "replaced"


def recall(message: ExchangeMessage) -> None:
    """Do what a recall asks of the document it names."""
    original = _spoken_of(message)
    if original is None:
        return
    reason = message.header["business"]["reason"]
    note_asked_back(original, reason)
    ask_back(original, reason)


def ask_back(original: ExchangeMessage, reason: str) -> None:
    """Give a document back at once if nobody has worked on it, else ask the clerk."""
    if original.case_id is None:
        if original.business_status == statuses.ARRIVED:
            _agree(original, None)
        return
    with step_of(case_id=original.case_id, actor=None) as work:
        if _is_untouched(work.case, original):
            _cancel(work, RECALLED, _("Nơi gửi đã thu hồi văn bản: %(reason)s"), reason)
            _agree(original, None)
            return
        work.record("exchange.recall_asked", reason=reason)
        text = _("Nơi gửi đề nghị lấy lại văn bản: %(reason)s")
        work.inform(work.concerned(), text % {"reason": reason})


def answer_recall(*, case_id: UUID, actor: PersonView, agree: bool, reason: str = "") -> None:
    """Agree to give a document back, which cancels its case, or refuse with a reason.

    Raises NotFoundForYou, ActionNotAllowed, FormInvalid.
    """
    with transaction.atomic():
        if not Case.objects.visible_to(actor).filter(pk=case_id).exists():
            raise NotFoundForYou
    if not actor.is_clerk:
        raise ActionNotAllowed(_("Chỉ văn thư trả lời đề nghị lấy lại văn bản."))
    if not (agree or reason.strip()):
        raise FormInvalid({"reason": [_("Từ chối thì phải ghi rõ lý do.")]})
    with transaction.atomic():
        # The message before the case, as when a recall comes in.
        original = ExchangeMessage.objects.asked_back_of_case(case_id)
        if original is None:
            raise ActionNotAllowed(_("Nơi gửi không đề nghị lấy lại văn bản này."))
        with step_of(case_id=case_id, actor=actor.id) as work:
            if agree:
                _cancel(work, RECALLED, _("Văn bản đã trả lại nơi gửi: %(reason)s"), reason)
                _agree(original, actor.id)
            else:
                work.record("exchange.recall_denied", reason=reason)
                report(
                    message_id=original.pk,
                    code=statuses.DENY_BACK,
                    reason=reason,
                    actor=actor.id,
                )


def update(message: ExchangeMessage) -> None:
    """Make what a message brings the newest versions of the case's documents.

    A case nobody has worked on begins anew, so that its procedure sees the new versions.
    """
    original = _spoken_of(message)
    if original is None or original.case_id is None:
        return  # an update of a document that waits is taken with it
    reason = message.header["business"]["reason"]
    if _drops_us(message):
        note_asked_back(original, reason)
        ask_back(original, reason)
        return
    with step_of(case_id=original.case_id, actor=None) as work:
        case = work.case
        held = {slot: [UUID(each) for each in ids] for slot, ids in case.slots.items()}
        case.slots = slots_of(take_versions(message=message, case_id=case.pk, slots=held))
        keep(
            Scope(case),
            _news(case, original, message),
            {},
            actor=MACHINE,
            facts=main_facts(message),
        )
        work.record("exchange.updated", document=message.document_id, reason=reason)
        text = _("Nơi gửi đã cập nhật văn bản: %(reason)s")
        work.inform(work.concerned(), text % {"reason": reason})
        if _is_untouched(case, original):
            work.cancel_within(TOP, reason="updated")
            case.steps, case.blocks = {}, {}
            enter(work)
    check_later(case_id=original.case_id, message_id=message.pk)


def replace(message: ExchangeMessage, successor: Case) -> None:
    """Tell the case of a replaced document which case the new document began.

    The new document is registered by itself (Nghị định 30/2020, Điều 22).
    """
    original = message.concerns
    if original is None or original.case_id is None:
        return
    values = {"document": "/".join((message.number, message.notation)), "case": successor.code}
    text = _("Văn bản được thay thế bằng %(document)s, hồ sơ %(case)s") % values
    with step_of(case_id=original.case_id, actor=None) as work:
        known_by = work.concerned()
        if _is_untouched(work.case, original):
            _cancel(work, REPLACED, "%(reason)s", text)
        else:
            work.record("exchange.replaced", reason=text)
            work.inform(known_by, text)
    CaseViewer.objects.bulk_create(
        [CaseViewer(case=successor, key=key) for key in known_by], ignore_conflicts=True
    )


def _spoken_of(message: ExchangeMessage) -> ExchangeMessage | None:
    """Return the document that a message speaks of, and show the message on its case."""
    original = message.concerns
    if original is None:
        text = _("Nơi gửi nói về văn bản “%(id)s” mà cơ quan chưa nhận.")
        sound(Alarm("unknown_document", text % {"id": message.document_id}, message))
        return None
    message.case_id = original.case_id
    message.save(update_fields=["case_id"])
    return original


def _is_untouched(case: Case, original: ExchangeMessage) -> bool:
    """Tell whether nobody has accepted the document or done anything in its open case."""
    accepted = original.business_status not in ("", statuses.ARRIVED)
    return case.finished is None and not accepted and not _is_worked_on(case)


def _is_worked_on(case: Case) -> bool:
    """Tell whether a step was completed by a decision, at the top or in any branch."""
    branches = (branch for block in case.blocks.values() for branch in block["branches"].values())
    memories = [case.steps, *(branch.get("steps", {}) for branch in branches)]
    return any("action" in done for steps in memories for done in steps.values())


def _cancel(work: UnitOfWork, outcome: str, text: str, reason: str) -> None:
    """Close a case whose document is gone; whoever had it is told."""
    known_by = work.concerned()
    work.cancel_within(TOP, reason=outcome)
    case = work.case
    case.status, case.outcome = PROCESS.CANCELED, outcome
    case.finished = case.finished or work.now
    work.record("case.withdrawn", outcome=outcome, reason=reason)
    work.inform(known_by, text % {"reason": reason})


def _agree(original: ExchangeMessage, actor: UUID | None) -> None:
    original.overtaken_by = MessageKind.RECALL
    original.save(update_fields=["overtaken_by"])
    report(message_id=original.pk, code=statuses.AGREE_BACK, actor=actor)


def _news(case: Case, original: ExchangeMessage, message: ExchangeMessage) -> dict[str, Any]:
    """Return the fields a sender has changed, but none that people here have changed since."""
    said = [case_values(original)]
    said += [case_values(each) for each in original.spoken_of_by.exclude(pk=message.pk)]
    held = record_of(case)
    return {
        name: value
        for name, value in case_values(message).items()
        if name != "received_at" and any(held.get(name) == each.get(name) for each in said)
    }


def _drops_us(message: ExchangeMessage) -> bool:
    """Tell whether an update takes this agency out of the list of receivers."""
    changes = (message.header["business"]["update"] or {}).get("receivers", ())
    dropped = [each["organ_code"] for each in changes if not each["added"]]
    return AgencyCode.objects.filter(partner__is_self=True, value__in=dropped).exists()
