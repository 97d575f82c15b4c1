"""The local axis: what every exchange plugin must do, and what survives a crash."""

from __future__ import annotations

import threading
from pathlib import Path
from uuid import uuid4

import pytest

from quytrinh.spi import AgencyOnAxis, Delivery, DeliveryState, ExchangeFailed, Parcel
from quytrinh.spi.conformance_exchange import exchange_plugin_problems, exchange_problems
from quytrinh_exchange_local import LocalAxis, LocalExchange


@pytest.fixture
def axis(tmp_path: Path) -> LocalAxis:
    axis = LocalExchange().connect({"folder": str(tmp_path / "axis")})
    axis.register(AgencyOnAxis("X02", "Cơ quan B"))
    return axis


@pytest.fixture
def parcel() -> Parcel:
    return Parcel(str(uuid4()), "X01", "X02")


def test_it_conforms(axis: LocalAxis, tmp_path: Path) -> None:
    assert exchange_plugin_problems(LocalExchange(), {"folder": str(tmp_path)}) == []
    assert exchange_problems(axis) == []


def test_it_says_when_it_cannot_work(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert not LocalExchange().availability({}).usable
    assert LocalExchange().availability({"folder": str(tmp_path / "file" / "axis")}).reason


def test_a_crash_before_the_bytes_are_there_is_healed_by_the_repeat(
    axis: LocalAxis, parcel: Parcel, tmp_path: Path
) -> None:
    axis.send(parcel, b"<edXML/>")
    next(tmp_path.rglob("*.edxml")).unlink()  # as if only the description had been written
    assert axis.waiting("X02") == []
    axis.send(parcel, b"<edXML/>")
    assert axis.waiting("X02") == [parcel]


def test_a_crash_before_the_bytes_are_removed_leaves_nothing_waiting(
    axis: LocalAxis, parcel: Parcel, tmp_path: Path
) -> None:
    axis.send(parcel, b"<edXML/>")
    path = next(tmp_path.rglob("*.edxml"))
    axis.acknowledge(parcel, Delivery(DeliveryState.DONE))
    path.write_bytes(b"<edXML/>")
    assert axis.waiting("X02") == []
    axis.acknowledge(parcel, Delivery(DeliveryState.DONE))
    assert not path.exists()


def test_many_may_send_at_once(axis: LocalAxis, parcel: Parcel) -> None:
    threads = [threading.Thread(target=axis.send, args=(parcel, b"<edXML/>")) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert axis.waiting("X02") == [parcel]


def test_strange_codes_are_files_of_their_own(axis: LocalAxis, tmp_path: Path) -> None:
    codes = ["../../x", "..", "H41/../H42", "mã định danh", "null", "000.00.00.H41"]
    for code in codes:
        axis.register(AgencyOnAxis(code, code))
    assert {agency.code for agency in axis.agencies()} == {"X02", *codes}
    folder = tmp_path / "axis" / "agencies"
    assert {path.parent for path in tmp_path.rglob("*.json")} == {folder}


def test_a_full_disk_is_told_as_a_failure_that_may_pass(
    axis: LocalAxis, parcel: Parcel, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*arguments: object, **options: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "open", full)
    with pytest.raises(ExchangeFailed) as failed:
        axis.send(parcel, b"<edXML/>")
    assert failed.value.retryable
