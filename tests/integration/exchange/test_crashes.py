"""Stopped anywhere between sending and the receipt: nothing is lost, nothing happens twice."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from quytrinh.background import dispatch as dispatcher
from quytrinh.exchange import events, tasks
from quytrinh.exchange.actions import report
from quytrinh.spi import ExchangeFailed
from quytrinh_exchange_local import LocalAxis
from tests.integration.exchange.conftest import CODE_B, Offices

pytestmark = pytest.mark.django_db(transaction=True)


# The package gives its actions the names of their modules.
dispatching = import_module("quytrinh.exchange.actions.dispatch")
receiving = import_module("quytrinh.exchange.actions.receive")


class Killed(BaseException):
    """As the process ending here: no handler of ours catches it."""


# Where a process is killed: an attribute, and whether before or after it does its work.
POINTS = [
    (dispatching, "write", "before"),
    (dispatching, "keep_bytes", "after"),
    (dispatching, "_send_later", "after"),
    (LocalAxis, "send", "before"),
    (LocalAxis, "send", "after"),
    (tasks, "_wake", "before"),
    (tasks, "_wake", "after"),
    (LocalAxis, "fetch", "after"),
    (receiving, "keep", "before"),
    (receiving, "keep_bytes", "after"),
    (receiving, "tell_arrival", "after"),
    (LocalAxis, "acknowledge", "before"),
    (LocalAxis, "acknowledge", "after"),
    (LocalAxis, "delivery_of", "after"),
]


@pytest.fixture
def kill_at(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., None]]:
    """Have the first call of something end the process."""

    def arm(place: Any, name: str, when: str) -> None:
        real, killed = getattr(place, name), []

        def doomed(*arguments: Any, **named: Any) -> Any:
            if killed:
                return real(*arguments, **named)
            killed.append(True)
            if when == "after":
                real(*arguments, **named)
            raise Killed

        monkeypatch.setattr(place, name, doomed)

    yield arm


def work_on(offices: Offices) -> None:
    """Go on after a crash as a new process does, until nothing is due."""
    for _ in range(20):
        for office in (offices.a, offices.b):
            office.make_due()
        dispatcher.release_leases_of_the_dead()
        try:
            if not dispatcher.run_due():
                return
        except Killed:
            continue
    raise AssertionError("the outbox never came to rest")


@pytest.mark.parametrize(("place", "name", "when"), POINTS)
def test_killed_once_everything_happens_once(
    offices: Offices, told: list, kill_at, places: Path, place: Any, name: str, when: str
) -> None:
    document = offices.a.document()
    kill_at(place, name, when)
    try:
        offices.a.send(document, CODE_B)
    except Killed:
        offices.a.send(document, CODE_B)  # the step that sends is repeated with the same document
    work_on(offices)

    [sent], [arrived] = offices.a.messages(), offices.b.messages()
    assert (sent.transport_state, sent.business_status) == ("delivered", "01")
    assert offices.a.statuses(sent) == offices.b.statuses(arrived) == ["01"]
    # Callbacks of a transaction that was rolled back may run again; what they wrote was taken back.
    assert {kind for kind, *_ in told} == {"message", "status"}
    assert list((places / "axis").rglob("*.edxml")) == []
    for office in (offices.a, offices.b):
        assert {state for _, state in office.outbox()} == {"done"}


def test_an_axis_that_is_down_delays_and_loses_nothing(
    offices: Offices, monkeypatch: pytest.MonkeyPatch
) -> None:
    offices.a.send(offices.a.document(), CODE_B)
    with monkeypatch.context() as down:

        def refuse(*arguments: Any) -> None:
            raise ExchangeFailed("trục tạm ngừng")

        down.setattr(LocalAxis, "send", refuse)
        assert offices.work_off() == 0
        assert offices.a.messages()[0].transport_state == "pending"
    offices.a.make_due()
    offices.work_off()
    assert len(offices.b.messages()) == 1


def test_what_can_never_be_sent_is_told(
    offices: Offices, told: list, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*arguments: Any) -> None:
        raise ExchangeFailed("nơi nhận bị khóa", retryable=False)

    monkeypatch.setattr(LocalAxis, "send", refuse)
    offices.a.send(offices.a.document(), CODE_B)
    offices.work_off()
    [sent] = offices.a.messages()
    assert (sent.transport_state, sent.business_status) == ("failed", "")
    assert "nơi nhận bị khóa" in sent.transport_error
    assert told == [("alarm", "not_delivered")]


def test_a_receiver_that_cannot_read_it_says_so_to_the_sender(
    offices: Offices, told: list, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(LocalAxis, "fetch", lambda self, parcel: b"<html/>")
    offices.a.send(offices.a.document(), CODE_B)
    offices.work_off()
    [sent] = offices.a.messages()
    assert (sent.transport_state, sent.business_status) == ("failed", "")
    assert "edXML" in sent.transport_error
    assert offices.b.messages() == []
    assert ("alarm", "not_edxml") in told and ("alarm", "not_delivered") in told


def test_a_changed_envelope_is_never_sent(offices: Offices, places: Path) -> None:
    [sent] = offices.a.send(offices.a.document(), CODE_B)
    [path] = [p for p in (places / "files").rglob("*") if p.name == sent.envelope.sha256]
    path.write_bytes(path.read_bytes() + b" ")
    offices.work_off()
    assert offices.a.messages()[0].transport_state == "failed"
    assert offices.b.messages() == []


def test_what_nobody_told_of_is_found_by_asking(offices: Offices, monkeypatch) -> None:
    with monkeypatch.context() as quiet:
        quiet.setattr(tasks, "_wake", lambda *arguments: None)
        offices.a.send(offices.a.document(), CODE_B)
        offices.work_off()
    assert offices.b.messages() == []
    assert offices.b.do(tasks.poll, plugin="local") == 1
    offices.work_off()
    assert len(offices.b.messages()) == 1
    assert offices.b.do(tasks.poll, plugin="local") == 0


def test_a_callback_that_fails_leaves_nothing_and_is_tried_again(
    offices: Offices, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(message: Any) -> None:
        raise RuntimeError("không mở được hồ sơ")

    events.register(on_message=fail)
    offices.a.send(offices.a.document(), CODE_B)
    offices.work_off()
    assert offices.b.messages() == []
    events.forget(fail)
    offices.b.make_due()
    offices.work_off()
    [arrived] = offices.b.messages()
    offices.b.do(report, message_id=arrived.pk, code="03")
