"""What went wrong in the exchange: kept for the clerk, and told to the rooms above."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from quytrinh.exchange import events
from quytrinh.exchange.events import Alarm
from quytrinh.exchange.models import ExchangeAlarm

_LONGEST_TEXT = 300


def sound(alarm: Alarm) -> None:
    """Keep an alarm until a clerk has seen it; runs in the caller's transaction."""
    ExchangeAlarm(code=alarm.code, text=alarm.text[:_LONGEST_TEXT], message=alarm.message).save(
        force_insert=True
    )
    events.alarm(alarm)


def see_alarm(*, alarm_id: UUID, actor: UUID) -> None:
    """Note that a clerk has looked at an alarm; the first one counts."""
    with transaction.atomic():
        unseen = ExchangeAlarm.objects.unseen().filter(pk=alarm_id)
        unseen.update(seen_at=timezone.now(), seen_by=actor)
