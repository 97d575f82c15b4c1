"""The hash chain of one subject's entries: pure, so that anyone can recompute it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal, Protocol
from uuid import UUID

import rfc8785

from quytrinh.tenancy.ids import uuid7

GENESIS = "0" * 64
# Beyond this a JSON number no longer survives every reader (RFC 8785 rests on IEEE 754 doubles).
LARGEST_EXACT = 2**53 - 1

Reason = Literal["foreign", "gap", "unlinked", "changed", "cut"]


@dataclass(frozen=True, slots=True)
class Head:
    """Where the chain of a subject stands; a subject without entries stands at the genesis."""

    subject_id: UUID
    seq: int = 0
    hash: str = GENESIS


@dataclass(frozen=True, slots=True)
class Entry:
    """Every column of a journal row but the agency, which is local and never hashed."""

    id: UUID
    subject_id: UUID
    seq: int
    at: datetime
    actor: UUID | None
    on_behalf_of: UUID | None
    verb: str
    payload: Mapping[str, Any]
    prev_hash: str
    hash: str


class Chained(Protocol):
    """An entry as stored: a model row or an `Entry`."""

    subject_id: UUID
    seq: int
    at: datetime
    actor: UUID | None
    on_behalf_of: UUID | None
    verb: str
    payload: Any
    prev_hash: str
    hash: str


@dataclass(frozen=True, slots=True)
class Fault:
    """The first entry that does not follow from those before it, and what is wrong there.

    `foreign`: it is another subject's; `gap`: entries before it are gone or it stands out of
    order; `unlinked`: it names another predecessor; `changed`: it is not what was written;
    `cut`: the chain ends before (or after) the place where its end is known to be.
    """

    subject_id: UUID
    seq: int
    reason: Reason


def make_entry(
    head: Head,
    *,
    verb: str,
    at: datetime,
    actor: UUID | None = None,
    on_behalf_of: UUID | None = None,
    payload: Mapping[str, Any] | None = None,
) -> tuple[Entry, Head]:
    """Return the next entry of the chain and where the chain then stands."""
    body = {
        "subject_id": head.subject_id,
        "seq": head.seq + 1,
        "at": at,
        "actor": actor,
        "on_behalf_of": on_behalf_of,
        "verb": verb,
        "payload": storable(payload or {}),
        "prev_hash": head.hash,
    }
    digest = _digest(**body)
    entry = Entry(id=uuid7(), hash=digest, **body)
    return entry, Head(head.subject_id, entry.seq, digest)


def verify(entries: Iterable[Chained], *, head: Head | None = None) -> Fault | None:
    """Return the first fault in one subject's entries, given in order of `seq`, or None.

    A chain cannot know that its end was cut off: give the `head` kept elsewhere to see that too.
    """
    reached: Head | None = None
    for entry in entries:
        reached = reached or Head(entry.subject_id)
        fault = _fault(entry, reached)
        if fault:
            return Fault(entry.subject_id, entry.seq, fault)
        reached = Head(entry.subject_id, entry.seq, entry.hash)
    if head is not None and (reached or Head(head.subject_id)) != head:
        return Fault(head.subject_id, head.seq, "cut")
    return None


def storable(value: Any) -> Any:
    """Return the value as JSON which every database gives back with the same canonical form."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        return value if abs(value) <= LARGEST_EXACT else str(value)
    if isinstance(value, str):
        # PostgreSQL's jsonb has neither NUL nor lone surrogates.
        return value.replace("\0", "\ufffd").encode("utf-8", "replace").decode()
    if isinstance(value, Mapping):
        return {storable(str(key)): storable(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [storable(item) for item in value]
    return str(value)


def _fault(entry: Chained, reached: Head) -> Reason | None:
    if entry.subject_id != reached.subject_id:
        return "foreign"
    if entry.seq != reached.seq + 1:
        return "gap"
    if entry.prev_hash != reached.hash:
        return "unlinked"
    if entry.hash != _digest_of(entry):
        return "changed"
    return None


def _digest_of(entry: Chained) -> str:
    return _digest(
        subject_id=entry.subject_id,
        seq=entry.seq,
        at=entry.at,
        actor=entry.actor,
        on_behalf_of=entry.on_behalf_of,
        verb=entry.verb,
        payload=entry.payload,
        prev_hash=entry.prev_hash,
    )


def _digest(
    *,
    subject_id: UUID,
    seq: int,
    at: datetime,
    actor: UUID | None,
    on_behalf_of: UUID | None,
    verb: str,
    payload: Any,
    prev_hash: str,
) -> str:
    body = {
        "subject_id": str(subject_id),
        "seq": seq,
        "at": at.astimezone(UTC).isoformat(timespec="microseconds"),
        "actor": None if actor is None else str(actor),
        "on_behalf_of": None if on_behalf_of is None else str(on_behalf_of),
        "verb": verb,
        "payload": payload,
        "prev_hash": prev_hash,
    }
    return hashlib.sha256(rfc8785.dumps(body)).hexdigest()
