"""What every exchange plugin must do, as checks anyone can run: each returns what is wrong.

assert exchange_plugin_problems(MyAxis(), options) == []
assert exchange_problems(MyAxis().connect(options)) == []
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any
from uuid import uuid4

from quytrinh.spi.conformance_steps import (
    availability_problems,
    documented,
    schema_problems,
)
from quytrinh.spi.exchange import (
    AgencyOnAxis,
    Delivery,
    DeliveryState,
    Exchange,
    ExchangeFailed,
    ExchangePlugin,
    Parcel,
    ParcelKind,
)


def exchange_plugin_problems(plugin: ExchangePlugin, options: Mapping[str, Any]) -> list[str]:
    """Return what is wrong with an exchange plugin, without connecting it."""
    if not isinstance(plugin, ExchangePlugin):
        return ["not an object of the ExchangePlugin protocol"]
    problems = [*documented(plugin), *schema_problems(plugin.options, "options")]
    problems += availability_problems(lambda: plugin.availability(options))
    if plugin.interface < 1:
        problems.append("the interface number starts at 1")
    return problems


def exchange_problems(exchange: Exchange) -> list[str]:
    """Send parcels between two agencies of the trial's own and return what is wrong."""
    if not isinstance(exchange, Exchange):
        return ["not an object of the Exchange protocol"]
    return [problem for check in _EXCHANGE_CHECKS for problem in check(exchange)]


# Each check uses agencies and parcels of its own, so the order does not matter


def _new_pair(exchange: Exchange) -> tuple[str, str]:
    sender, receiver = f"T{uuid4().hex[:8]}.A", f"T{uuid4().hex[:8]}.B"
    for code in (sender, receiver):
        exchange.register(AgencyOnAxis(code, f"Cơ quan thử {code}"))
    return sender, receiver


def _new_parcel(exchange: Exchange, kind: ParcelKind = ParcelKind.DOCUMENT) -> Parcel:
    sender, receiver = _new_pair(exchange)
    return Parcel(str(uuid4()), sender, receiver, kind)


def _delivers_the_bytes(exchange: Exchange) -> Iterator[str]:
    for kind in ParcelKind:
        parcel, content = _new_parcel(exchange, kind), bytes(range(256)) * 40
        exchange.send(parcel, content)
        if list(exchange.waiting(parcel.receiver)) != [parcel]:
            yield f"a sent {kind} parcel does not wait for its receiver"
        if exchange.waiting(parcel.sender):
            yield "a parcel waits for another than its receiver"
        if exchange.fetch(parcel) != content:
            yield "fetch does not give the bytes that were sent"
        if exchange.delivery_of(parcel).state != DeliveryState.WAITING:
            yield "a parcel that nobody acknowledged does not wait"


def _delivers_once(exchange: Exchange) -> Iterator[str]:
    parcel = _new_parcel(exchange)
    for _ in range(3):
        exchange.send(parcel, b"<edXML/>")
    if len(exchange.waiting(parcel.receiver)) != 1:
        yield "a parcel sent again waits twice"
    exchange.acknowledge(parcel, Delivery(DeliveryState.DONE))
    exchange.send(parcel, b"<edXML/>")
    if exchange.waiting(parcel.receiver):
        yield "a parcel sent again after it was acknowledged is delivered again"


def _keeps_ids_apart(exchange: Exchange) -> Iterator[str]:
    parcel = _new_parcel(exchange)
    exchange.send(parcel, b"<edXML/>")
    if not _fails_for_good(lambda: exchange.send(parcel, b"<other/>")):
        yield "the same id with other bytes is not refused for good"
    if exchange.fetch(parcel) != b"<edXML/>":
        yield "other bytes under the same id replaced the first"


def _remembers_the_first_answer(exchange: Exchange) -> Iterator[str]:
    for delivery in (
        Delivery(DeliveryState.DONE),
        Delivery(DeliveryState.FAILED, "Gói tin không đọc được"),
    ):
        parcel = _new_parcel(exchange)
        exchange.send(parcel, b"<edXML/>")
        exchange.acknowledge(parcel, delivery)
        exchange.acknowledge(parcel, Delivery(DeliveryState.FAILED, "lần sau"))
        if exchange.delivery_of(parcel) != delivery:
            yield "the sender is not told the first answer of the receiver"
        if exchange.waiting(parcel.receiver):
            yield "an acknowledged parcel still waits"


def _knows_its_agencies(exchange: Exchange) -> Iterator[str]:
    pair = set(_new_pair(exchange))
    _new_pair(exchange)
    if not pair <= {agency.code for agency in exchange.agencies()}:
        yield "a registered agency is not listed"


def _refuses_the_unknown(exchange: Exchange) -> Iterator[str]:
    parcel = _new_parcel(exchange)
    asked: tuple[Callable[[], object], ...] = (
        lambda: exchange.fetch(parcel),
        lambda: exchange.delivery_of(parcel),
        lambda: exchange.acknowledge(parcel, Delivery(DeliveryState.DONE)),
    )
    if not all(_fails(each) for each in asked):
        yield "an unknown parcel does not raise ExchangeFailed"
    for code in ("../..", ".", "", "a/b", "\x00", "mã lạ" * 60):
        strange = Parcel(str(uuid4()), parcel.sender, code)
        if not _fails(lambda strange=strange: exchange.send(strange, b"<edXML/>")):  # type: ignore[misc]
            yield f"a receiver nobody registered ({code!r}) is not refused"


def _fails(ask: Callable[[], object]) -> bool:
    try:
        ask()
    except ExchangeFailed:
        return True
    except Exception:  # noqa: BLE001 - only ExchangeFailed may leave a plugin
        return False
    return False


def _fails_for_good(ask: Callable[[], object]) -> bool:
    try:
        ask()
    except ExchangeFailed as failure:
        return not failure.retryable
    return False


_EXCHANGE_CHECKS: tuple[Callable[[Exchange], Iterator[str]], ...] = (
    _delivers_the_bytes,
    _delivers_once,
    _keeps_ids_apart,
    _remembers_the_first_answer,
    _knows_its_agencies,
    _refuses_the_unknown,
)
