"""Page images and page texts of PDF files, made by a child process and kept in a cache."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from quytrinh.documents import storage
from quytrinh.documents.exceptions import NoSuchPage, RenderingFailed
from quytrinh.documents.models import StoredFile
from quytrinh.tenancy.context import current_tenant_id
from quytrinh.tenancy.ids import uuid7

MOST_PAGES = 300
WIDTHS = (820, 1640)
_SECONDS = 30
# Run as a file, never imported: no code that reads a PDF is loaded into our own process.
_WORKER = Path(__file__).with_name("render_worker.py")
_REFUSED = 3
# A page full of images asks for many at once; each child may use a core and much memory.
_children = threading.BoundedSemaphore(2)


def _ask_child(verb: str, path: Path, *numbers: int) -> bytes:
    """Let a child process do one thing with one file; raise RenderingFailed when it cannot."""
    command = [
        sys.executable,
        "-I",
        str(_WORKER),
        verb,
        str(path),
        *(str(number) for number in numbers),
    ]
    with _children:
        try:
            child = subprocess.run(  # noqa: S603 - our own worker, a path of our own making
                command, capture_output=True, timeout=_SECONDS, env={}, check=False
            )
        except subprocess.TimeoutExpired as error:
            raise RenderingFailed("too_costly") from error
    if child.returncode == _REFUSED:
        raise RenderingFailed(child.stderr.decode("ascii", "replace"))
    if child.returncode:
        # killed by a limit, out of memory, or crashed by the file
        raise RenderingFailed("too_costly")
    return child.stdout


@dataclass(frozen=True, slots=True)
class Inspected:
    """A PDF that can be shown: its pages, and the texts at the head of the first one."""

    pages: int
    header: tuple[str, ...]


def inspect(path: Path) -> Inspected:
    """Look into a PDF; raise RenderingFailed when it cannot be shown."""
    found = json.loads(_ask_child("inspect", path, MOST_PAGES))
    return Inspected(found["pages"], tuple(found["header"]))


def _checked(file: StoredFile, page: int) -> Path:
    if not 1 <= page <= file.pages:
        raise NoSuchPage
    return storage.path_of(file.sha256)


def page_image(file: StoredFile, page: int, width: int) -> bytes:
    """Return a page, counted from 1, as WebP in one of WIDTHS; drawn once, then kept."""
    source = _checked(file, page)
    cached = _cache_of(file) / f"{width}-{page}.webp"
    if cached.exists():
        return cached.read_bytes()
    image = _ask_child("page", source, page - 1, width)
    _remember(cached, image)
    return image


def page_text(file: StoredFile, page: int) -> str:
    """Return the text layer of a page, for those who do not see its image."""
    source = _checked(file, page)
    cached = _cache_of(file) / f"{page}.txt"
    if cached.exists():
        return cached.read_text("utf-8")
    text = _ask_child("text", source, page - 1)
    _remember(cached, text)
    return text.decode("utf-8")


def _cache_of(file: StoredFile) -> Path:
    return Path(settings.CACHE_ROOT) / str(current_tenant_id()) / file.sha256


def _remember(cached: Path, content: bytes) -> None:
    """Two requests may draw the same page at once; each file is whole when it gets its name."""
    cached.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    partial = cached.with_name(f"{uuid7()}.partial")
    partial.write_bytes(content)
    partial.rename(cached)
