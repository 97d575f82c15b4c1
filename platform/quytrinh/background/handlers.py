"""Who does what kind of message: rooms register their handlers in AppConfig.ready()."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from quytrinh.background.exceptions import UnknownKind
from quytrinh.background.message import Message

Handle = Callable[[Message], None]
GiveUp = Callable[[Message, str], None]
Revive = Callable[[Mapping[str, Any]], None]


@dataclass(frozen=True, slots=True)
class Handler:
    """What to do with a kind of message, when it can never be done, and when it is tried again."""

    handle: Handle
    give_up: GiveUp | None = None
    revive: Revive | None = None

    @property
    def may_be_retried(self) -> bool:
        """Whether a dead message can live again: what giving up changed must be put back."""
        return self.give_up is None or self.revive is not None


_handlers: dict[str, Handler] = {}


def register(
    kind: str, handle: Handle, *, give_up: GiveUp | None = None, revive: Revive | None = None
) -> None:
    """Name the handler of a kind; another one for the same kind is a mistake.

    `handle` may run twice for one message, even at the same time; its effect must happen once.
    It SHALL either open a transaction, call `message.complete()` in it and write its effect
    there, or have an effect that is the same when repeated. Returning without `complete()` marks
    the message done afterwards. Raising means a later attempt; `Permanent` means none.
    `give_up(message, reason)` runs in the transaction that declares the message dead;
    `revive(payload)` takes that back, in the transaction that lets an administrator try again.
    """
    handler = Handler(handle, give_up, revive)
    if _handlers.setdefault(kind, handler) != handler:
        raise ValueError(f"{kind} already has a handler: {_handlers[kind]!r}")


def handler_of(kind: str) -> Handler:
    """Return the handler of a kind."""
    try:
        return _handlers[kind]
    except KeyError:
        raise UnknownKind(f"no handler is registered for {kind!r}") from None


def may_be_retried(kind: str) -> bool:
    """Tell whether a dead message of a kind can live again; one nobody handles cannot."""
    return kind in _handlers and _handlers[kind].may_be_retried


@contextmanager
def registered_temporarily(
    kind: str, handle: Handle, *, give_up: GiveUp | None = None
) -> Iterator[None]:
    """Register a handler for the length of a test."""
    register(kind, handle, give_up=give_up)
    try:
        yield
    finally:
        del _handlers[kind]
