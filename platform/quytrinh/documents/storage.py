"""The store of bytes: a directory an agency, a file a content, named by its SHA-256.

A file is complete before it gets its name, and its name is on the disk before a row refers to
it. A crash in between leaves bytes that no row knows, never a row without bytes.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from quytrinh.tenancy.context import current_tenant_id
from quytrinh.tenancy.ids import uuid7


class TooLarge(Exception):
    """More bytes came than the limit allows."""


@dataclass(frozen=True, slots=True)
class Blob:
    """Bytes that have arrived but have no name yet."""

    path: Path
    sha256: str
    size: int


def _root() -> Path:
    return Path(settings.MEDIA_ROOT) / str(current_tenant_id())


def path_of(sha256: str) -> Path:
    """Where the bytes of this digest lie in the agency at work."""
    return _root() / "sha256" / sha256[:2] / sha256[2:4] / sha256


@contextmanager
def incoming(chunks: Iterable[bytes], *, limit: int) -> Iterator[Blob]:
    """Write a stream to a nameless file, which is gone after the block unless `keep` named it.

    Raises TooLarge as soon as there is more than `limit`.
    """
    path = _root() / "incoming" / str(uuid7())
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        yield _write(path, chunks, limit)
    finally:
        path.unlink(missing_ok=True)


def _write(path: Path, chunks: Iterable[bytes], limit: int) -> Blob:
    digest, size = hashlib.sha256(), 0
    with path.open("xb") as file:
        for chunk in chunks:
            size += len(chunk)
            if size > limit:
                raise TooLarge
            digest.update(chunk)
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())
    return Blob(path, digest.hexdigest(), size)


def keep(blob: Blob) -> None:
    """Give the bytes their name; the same content twice is one file."""
    path = path_of(blob.sha256)
    _make_directories(path.parent)
    blob.path.rename(path)
    _sync_directory(path.parent)


def _make_directories(directory: Path) -> None:
    """Make a directory and its parents so that they outlive a power failure."""
    if directory.is_dir():
        return
    _make_directories(directory.parent)
    directory.mkdir(mode=0o700, exist_ok=True)
    _sync_directory(directory.parent)


def _sync_directory(directory: Path) -> None:
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
