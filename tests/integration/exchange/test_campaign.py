"""kill -9 at each point between sending and the receipt; each message delivered a hundred times."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from quytrinh.background import dispatch as dispatcher
from quytrinh.exchange.models import ExchangeMessage
from quytrinh_exchange_local import LocalAxis
from tests.integration.exchange.conftest import CODE_B, Office, Offices
from tests.integration.exchange.test_crashes import POINTS
from tests.support.campaign import figure
from tests.support.processes import kill_oneself, killed, side_by_side

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite serves one process"),
]

TIMES = figure(25)
DELIVERIES = figure(100)
DELIVERERS = 4
RECOVERY = 30  # seconds


@contextmanager
def doomed(place: Any, name: str, when: str) -> Iterator[None]:
    """Have this process killed before or after its next call of something; children only."""
    real = getattr(place, name)

    def last(*arguments: Any, **named: Any) -> Any:
        if when == "after":
            real(*arguments, **named)
        kill_oneself()

    setattr(place, name, last)
    yield


def go_on(offices: Offices) -> None:
    """What a restarted server does until nothing is due."""
    dispatcher.release_leases_of_the_dead()
    while True:
        for office in (offices.a, offices.b):
            office.make_due()
        if not dispatcher.run_due():
            return


def sends(offices: Offices, number: str, *, until: tuple[Any, str, str]) -> Callable[[], None]:
    """Return what the doomed process does: send a document, and all that follows."""

    def work() -> None:
        with doomed(*until):
            offices.a.send(offices.a.document(number), CODE_B)
            go_on(offices)

    return work


def sent(office: Office, number: str) -> list[ExchangeMessage]:
    """The messages of one document; its identity ends in its number."""
    return [each for each in office.messages() if f",{number}/" in each.document_id]


@pytest.mark.parametrize(("place", "name", "when"), POINTS)
def test_killed_at_a_point_it_happens_once_and_soon(
    offices: Offices, places: Path, place: Any, name: str, when: str
) -> None:
    longest = 0.0
    for time_ in range(1, TIMES + 1):
        number = str(time_)
        assert killed(sends(offices, number, until=(place, name, when)))
        began = time.monotonic()
        if not sent(offices.a, number):
            # Nothing of the step was kept: the person sends again.
            offices.a.send(offices.a.document(number), CODE_B)
        go_on(offices)
        longest = max(longest, time.monotonic() - began)

        [out], [arrived] = sent(offices.a, number), sent(offices.b, number)
        assert (out.transport_state, out.business_status) == ("delivered", "01")
        assert offices.a.statuses(out) == offices.b.statuses(arrived) == ["01"]
    assert longest < RECOVERY
    assert list((places / "axis").rglob("*.edxml")) == []
    for office in (offices.a, offices.b):
        assert {state for _, state in office.outbox()} == {"done"}
    print(f"{name} {when}: killed {TIMES} times, recovered in {longest:.1f} s")  # noqa: T201


def test_every_message_delivered_a_hundred_times_is_applied_once(
    offices: Offices, monkeypatch: pytest.MonkeyPatch
) -> None:
    brought: list[tuple[Office, str, bytes]] = []
    fetch = LocalAxis.fetch

    def remembered(axis: Any, parcel: Any, *rest: Any, **named: Any) -> bytes:
        content = fetch(axis, parcel, *rest, **named)
        office = next(each for each in (offices.a, offices.b) if each.code == parcel.receiver)
        brought.append((office, parcel.sender, content))
        return content

    monkeypatch.setattr(LocalAxis, "fetch", remembered)
    offices.a.send(offices.a.document(), CODE_B)
    offices.work_off()
    assert {office.code for office, *_ in brought} == {offices.a.code, offices.b.code}
    before = [known(each) for each in (offices.a, offices.b)]

    def deliver(number: int) -> int:
        times = DELIVERIES // DELIVERERS + (number < DELIVERIES % DELIVERERS)
        for _ in range(times):
            for office, sender, content in brought:
                office.receive(content, sender)
        return times

    assert sum(side_by_side(DELIVERERS, deliver)) == DELIVERIES
    offices.work_off()
    assert [known(each) for each in (offices.a, offices.b)] == before
    print(f"{len(brought)} messages delivered {DELIVERIES} times: applied once")  # noqa: T201


def known(office: Office) -> dict[str, Any]:
    """What an agency has of messages, statuses and record."""
    return {
        "messages": [(each.document_id, each.business_status) for each in office.messages()],
        "statuses": [office.statuses(each) for each in office.messages()],
        "outbox": office.outbox(),
        "received": len(office.journal("exchange.received")),
    }
