"""The sender's side of a recall: a clerk asks a receiver to give a document back (status 13)."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from quytrinh.exchange import statuses
from quytrinh.exchange.actions import ask_back
from quytrinh.exchange.models import ExchangeMessage
from quytrinh.exchange.querysets import BRINGING
from quytrinh.organization.directory import PersonView
from quytrinh.runtime.actions.step import step_of
from quytrinh.runtime.exceptions import ActionNotAllowed, FormInvalid, NotFoundForYou
from quytrinh.runtime.models import Case


def ask_document_back(*, case_id: UUID, message_id: UUID, actor: PersonView, reason: str) -> None:
    """Ask one receiver of a case's document to give it back; what it answers comes by status.

    Asked again before the answer, nothing changes. Raises NotFoundForYou, ActionNotAllowed,
    FormInvalid (the receiver must be told why: QCVN 102:2016, status 13).
    """
    with transaction.atomic():
        visible = Case.objects.visible_to(actor).filter(pk=case_id).exists()
        sent = ExchangeMessage.objects.outgoing().filter(case_id=case_id, kind__in=BRINGING)
        if not visible or not sent.filter(pk=message_id).exists():
            raise NotFoundForYou
    if not actor.is_clerk:
        raise ActionNotAllowed(_("Chỉ văn thư đề nghị nơi nhận trả lại văn bản đã gửi."))
    if not reason.strip():
        raise FormInvalid({"reason": [_("Hãy ghi lý do lấy lại văn bản: nơi nhận cần biết.")]})
    with transaction.atomic():
        # The message before the case, as when a recall comes in.
        message = sent.select_for_update(of=("self",)).get(pk=message_id)
        known = set(message.statuses.values_list("code", flat=True))
        if statuses.ASK_BACK in known:
            return
        if not statuses.may_follow(statuses.ASK_BACK, known):
            title = statuses.TITLES[statuses.furthest(known)]
            text = _("Nơi nhận đã báo “%(status)s” nên không đề nghị lấy lại được nữa.")
            raise ActionNotAllowed(text % {"status": title})
        ask_back(message_id=message_id, reason=reason.strip(), actor=actor.id)
        with step_of(case_id=case_id, actor=actor.id) as work:
            receiver = message.partner.name if message.partner else message.receiver_code
            work.record("exchange.asked_back", receiver=receiver, reason=reason.strip())
