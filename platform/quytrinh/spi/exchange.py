"""The protocol of an exchange plugin: how edXML files travel between agencies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol, runtime_checkable

from quytrinh.spi.steps import Availability

EXCHANGE_GROUP = "quytrinh.exchange"


class ParcelKind(StrEnum):
    """What a file is, as axes tell them apart: a document, or the status of one."""

    DOCUMENT = "edoc"
    STATUS = "status"


@dataclass(frozen=True, slots=True)
class Parcel:
    """One file on its way to one agency. `id` names it for ever; a repeat has the same id."""

    id: str
    sender: str
    receiver: str
    kind: ParcelKind = ParcelKind.DOCUMENT


class DeliveryState(StrEnum):
    """The state of transport, which says nothing about what the receiver does with the document."""

    WAITING = "waiting"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Delivery:
    """How far a parcel is; `reason` says why it failed, in Vietnamese."""

    state: DeliveryState
    reason: str = ""


@dataclass(frozen=True, slots=True)
class AgencyOnAxis:
    """An agency that can be written to: its code now, and codes it had before."""

    code: str
    name: str
    former_codes: tuple[str, ...] = ()


class ExchangeFailed(Exception):
    """The axis could not do what was asked; `retryable` tells whether trying again may help."""

    def __init__(self, message: str, *, retryable: bool = True) -> None:
        super().__init__(message)
        self.message = message
        self.retryable = retryable


@runtime_checkable
class Exchange(Protocol):
    """An axis one is connected to. The key words are those of RFC 2119.

    * `send` MUST be idempotent by the parcel's id: the same parcel with the same bytes again, at
      any time, MUST deliver once only and MUST NOT fail for being a repeat. The same id with
      other bytes MUST raise `ExchangeFailed` with `retryable` false.
    * `send` MUST return only when the parcel can no longer be lost.
    * `waiting` MUST list a parcel until it is acknowledged, and only to its receiver.
    * `fetch` MUST give exactly the bytes that were sent.
    * `acknowledge` MUST be idempotent; the first answer for a parcel stands.
    * `delivery_of` tells the sender what the receiver acknowledged.
    * Every method MUST raise nothing but `ExchangeFailed`, in particular for a parcel that the
      axis does not know, and MUST NOT keep state between agencies in memory.
    """

    def register(self, agency: AgencyOnAxis) -> None: ...

    def agencies(self) -> Sequence[AgencyOnAxis]: ...

    def send(self, parcel: Parcel, content: bytes) -> None: ...

    def waiting(self, receiver: str) -> Sequence[Parcel]: ...

    def fetch(self, parcel: Parcel) -> bytes: ...

    def acknowledge(self, parcel: Parcel, delivery: Delivery) -> None: ...

    def delivery_of(self, parcel: Parcel) -> Delivery: ...


@runtime_checkable
class ExchangePlugin(Protocol):
    """A kind of axis. `options` is the JSON Schema of what `connect` is given by the settings."""

    name: str
    title: str
    interface: int
    options: Mapping[str, Any]

    def availability(self, options: Mapping[str, Any]) -> Availability:
        """Say at once whether it can work with these options; MUST NOT raise."""
        ...

    def connect(self, options: Mapping[str, Any]) -> Exchange: ...
