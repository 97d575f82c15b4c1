"""Parcels as files: written whole, named last, gone once they are acknowledged.

agencies/<code>.json            who can be written to
mail/<receiver>/<id>.json       a parcel: from whom, of what kind, the digest of its bytes
mail/<receiver>/<id>.edxml      its bytes, until it is acknowledged
mail/<receiver>/<id>.ack        what the receiver answered
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import uuid4

from quytrinh.spi import (
    AgencyOnAxis,
    Delivery,
    DeliveryState,
    ExchangeFailed,
    Parcel,
    ParcelKind,
)

_ID = re.compile(r"[0-9a-zA-Z-]{8,64}")
_LONGEST_NAME = 200


class LocalAxis:
    """The axis in one folder. Several processes may use it at once."""

    def __init__(self, folder: Path) -> None:
        self._agencies, self._mail = folder / "agencies", folder / "mail"

    def register(self, agency: AgencyOnAxis) -> None:
        """Let an agency be written to."""
        with _failing_politely():
            about = {
                "code": agency.code,
                "name": agency.name,
                "former_codes": list(agency.former_codes),
            }
            _write(self._agencies / f"{_name(agency.code)}.json", _json(about))

    def agencies(self) -> Sequence[AgencyOnAxis]:
        """Return who can be written to, by code."""
        with _failing_politely():
            known = [_read_json(path) for path in sorted(self._agencies.glob("*.json"))]
        return [
            AgencyOnAxis(each["code"], each["name"], tuple(each["former_codes"])) for each in known
        ]

    def send(self, parcel: Parcel, content: bytes) -> None:
        """Put a parcel into its receiver's folder, once."""
        with _failing_politely():
            if not (self._agencies / f"{_name(parcel.receiver)}.json").exists():
                raise ExchangeFailed(
                    f"Trục nội bộ không có nơi nhận mang mã “{parcel.receiver}”", retryable=False
                )
            about, digest = self._about(parcel), hashlib.sha256(content).hexdigest()
            known = _read_json(about) if about.exists() else None
            if known and known["sha256"] != digest:
                raise ExchangeFailed("Mã gói tin đã dùng cho một nội dung khác", retryable=False)
            if known is None:
                _write(about, _json(_described(parcel, digest)))
            if not about.with_suffix(".ack").exists():
                _write(about.with_suffix(".edxml"), content)

    def waiting(self, receiver: str) -> Sequence[Parcel]:
        """Return the parcels that an agency has not acknowledged, by id."""
        with _failing_politely():
            folder = self._mail / _name(receiver)
            paths = sorted(folder.glob("*.edxml"))
            return [
                _parcel(_read_json(path.with_suffix(".json")))
                for path in paths
                if not path.with_suffix(".ack").exists()
            ]

    def fetch(self, parcel: Parcel) -> bytes:
        """Return the bytes of a parcel."""
        with _failing_politely():
            path = self._known(parcel).with_suffix(".edxml")
            if not path.exists():
                raise ExchangeFailed("Gói tin không còn trên trục", retryable=False)
            return path.read_bytes()

    def acknowledge(self, parcel: Parcel, delivery: Delivery) -> None:
        """Take the receiver's first answer; then the bytes are no longer needed."""
        with _failing_politely():
            about = self._known(parcel)
            answer = about.with_suffix(".ack")
            if not answer.exists():
                _write(answer, _json({"state": delivery.state.value, "reason": delivery.reason}))
            about.with_suffix(".edxml").unlink(missing_ok=True)

    def delivery_of(self, parcel: Parcel) -> Delivery:
        """Return what the receiver answered."""
        with _failing_politely():
            answer = self._known(parcel).with_suffix(".ack")
            if not answer.exists():
                return Delivery(DeliveryState.WAITING)
            said = _read_json(answer)
            return Delivery(DeliveryState(said["state"]), said["reason"])

    def _about(self, parcel: Parcel) -> Path:
        if not _ID.fullmatch(parcel.id):
            raise ExchangeFailed("Mã gói tin không hợp lệ", retryable=False)
        return self._mail / _name(parcel.receiver) / f"{parcel.id}.json"

    def _known(self, parcel: Parcel) -> Path:
        about = self._about(parcel)
        if not about.exists():
            raise ExchangeFailed("Trục nội bộ không có gói tin này", retryable=False)
        return about


def _name(code: str) -> str:
    """A file name for a code, whatever is in it: never a dot first, never a separator."""
    name = "c-" + quote(code, safe="")
    if not code or len(name) > _LONGEST_NAME:
        raise ExchangeFailed("Mã định danh không hợp lệ", retryable=False)
    return name


def _described(parcel: Parcel, digest: str) -> dict[str, str]:
    return {
        "id": parcel.id,
        "sender": parcel.sender,
        "receiver": parcel.receiver,
        "kind": parcel.kind.value,
        "sha256": digest,
    }


def _parcel(about: Mapping[str, Any]) -> Parcel:
    return Parcel(about["id"], about["sender"], about["receiver"], ParcelKind(about["kind"]))


def _json(value: Mapping[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()


def _read_json(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(path.read_bytes())
    return content


@contextmanager
def _failing_politely() -> Iterator[None]:
    """Nothing but ExchangeFailed leaves a plugin: a full disk may be emptied, so try again."""
    try:
        yield
    except (OSError, ValueError, KeyError) as error:
        raise ExchangeFailed(f"Trục nội bộ: {type(error).__name__}") from error


def _write(path: Path, content: bytes) -> None:
    """Write a file whole or not at all; its name outlives a power failure."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    partial = path.with_name(f".{uuid4()}.partial")
    try:
        with partial.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        partial.rename(path)
    finally:
        partial.unlink(missing_ok=True)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
