"""What the exchange tells higher rooms: they register here in AppConfig.ready().

Callbacks run in the transaction that took the message in: when one fails, nothing has arrived and
it is tried again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from quytrinh.exchange.models import ExchangeMessage, ExchangeStatus


@dataclass(frozen=True, slots=True)
class Alarm:
    """Something a clerk must know of: `code` for machines, `text` in Vietnamese."""

    code: str
    text: str
    message: ExchangeMessage | None = None


OnMessage = Callable[[ExchangeMessage], None]
OnStatus = Callable[[ExchangeMessage, ExchangeStatus], None]
OnAlarm = Callable[[Alarm], None]

_on_message: list[OnMessage] = []
_on_status: list[OnStatus] = []
_on_alarm: list[OnAlarm] = []


def register(
    *,
    on_message: OnMessage | None = None,
    on_status: OnStatus | None = None,
    on_alarm: OnAlarm | None = None,
) -> None:
    """Ask to be told of messages received, of statuses received, of what went wrong."""
    if on_message is not None and on_message not in _on_message:
        _on_message.append(on_message)
    if on_status is not None and on_status not in _on_status:
        _on_status.append(on_status)
    if on_alarm is not None and on_alarm not in _on_alarm:
        _on_alarm.append(on_alarm)


def forget(callback: Callable[..., None]) -> None:
    """Undo `register`, for tests."""
    known: list[Any]
    for known in (_on_message, _on_status, _on_alarm):
        if callback in known:
            known.remove(callback)


def message_received(message: ExchangeMessage) -> None:
    """A document, a recall, an update or a replacement came in; `message.kind` says which."""
    for callback in _on_message:
        callback(message)


def status_received(message: ExchangeMessage, status: ExchangeStatus) -> None:
    """The other side told what became of a message of ours, or asks ours back."""
    for callback in _on_status:
        callback(message, status)


def alarm(raised: Alarm) -> None:
    """Something went wrong that a person must look at."""
    for callback in _on_alarm:
        callback(raised)
