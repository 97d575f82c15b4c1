"""What is said of a document of ours comes back to the case that sent it.

Called by the exchange in the transaction that takes the word in (RuntimeConfig.ready).
"""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from quytrinh.exchange import statuses
from quytrinh.exchange.choices import Direction
from quytrinh.exchange.events import Alarm
from quytrinh.exchange.models import ExchangeMessage, ExchangeStatus
from quytrinh.runtime.actions.overtaking import ask_back
from quytrinh.runtime.actions.step import step_of
from quytrinh.runtime.exceptions import NotFoundForYou
from quytrinh.runtime.models import CaseViewer

# What the sender's people must know of at once; the rest they read on the page of the case.
_TOLD = {statuses.REFUSED, statuses.AGREE_BACK, statuses.DENY_BACK}


def take_status(message: ExchangeMessage, status: ExchangeStatus) -> None:
    """Write a status into the case that sent the document; a sender's request is answered."""
    if message.direction == Direction.IN:
        ask_back(message, status.description)
        return
    receiver = message.partner.name if message.partner else message.receiver_code
    reason = statuses.words_beyond(status.code, status.description)
    text = ""
    if status.code in _TOLD:
        text = f"{receiver}: {statuses.TITLES[status.code]}. {reason}".rstrip(". ")
    said = {"status": status.code, "receiver": receiver, "reason": reason, "who": status.staff}
    _tell(message, "exchange.status", text, said)


def take_alarm(alarm: Alarm) -> None:
    """Write what went wrong into the case it concerns; the clerk has it in any case."""
    if alarm.message is not None:
        said = {"code": alarm.code, "reason": alarm.text}
        _tell(alarm.message, "exchange.alarm", alarm.text, said)


def _tell(message: ExchangeMessage, verb: str, text: str, said: dict[str, Any]) -> None:
    # A document may have been sent without a case, by a command.
    if message.case_id is None:
        return
    with suppress(NotFoundForYou), step_of(case_id=message.case_id, actor=None) as work:
        work.record(verb, **said)
        work.touched_keys.update(CaseViewer.objects.keys_of(work.case.pk))
        if text:
            work.inform(work.concerned(), text)
