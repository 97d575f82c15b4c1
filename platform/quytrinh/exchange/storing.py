"""Files of messages: looked into before they are kept, kept before a row refers to them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from uuid import UUID

from quytrinh.documents import gate, rendering, storage
from quytrinh.documents.actions import PDF, file_name
from quytrinh.documents.exceptions import RenderingFailed
from quytrinh.documents.gate import Exclusion
from quytrinh.documents.models import StoredFile
from quytrinh.exchange.edxml import Attachment

EDXML = "application/xml"
# Who "created" a file that nobody of the agency uploaded.
MACHINE = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Held:
    """A file that has arrived but is not kept yet."""

    blob: storage.Blob
    name: str
    media_type: str
    pages: int
    header: tuple[str, ...] = ()

    def row(self, actor: UUID = MACHINE) -> StoredFile:
        """Return the row that refers to the bytes, not yet saved."""
        return StoredFile(
            sha256=self.blob.sha256,
            size=self.blob.size,
            media_type=self.media_type,
            original_name=self.name,
            pages=self.pages,
            created_by=actor,
        )


@contextmanager
def held(attachments: Iterable[Attachment]) -> Iterator[list[Held | None]]:
    """Hold the files of a message without keeping them; None stands for one that was broken."""
    with ExitStack() as stack:
        yield [
            None if each.fault else _hold(stack, each.content, each.name, each.media_type)
            for each in attachments
        ]


def keep_bytes(content: bytes, name: str, media_type: str = EDXML) -> Held:
    """Keep bytes of our own making, or an envelope."""
    with ExitStack() as stack:
        one = _hold(stack, content, name, media_type)
        storage.keep(one.blob)
        return one


def keep(files: Iterable[Held | None]) -> None:
    """Keep what was held."""
    for each in files:
        if each is not None:
            storage.keep(each.blob)


def stamped(files: Iterable[Held | None], excluded: Iterable[Exclusion]) -> Exclusion | None:
    """Return what keeps one of the files out, by its name or by the head of its first page."""
    known = tuple(excluded)
    for each in files:
        if each is None:
            continue
        if found := gate.in_title(each.name, known) or gate.in_header(each.header, known):
            return found
    return None


def header_of(file: StoredFile) -> tuple[str, ...]:
    """Return the texts at the head of a kept PDF; nothing for what cannot be looked into."""
    if file.media_type != PDF:
        return ()
    try:
        return rendering.inspect(storage.path_of(file.sha256)).header
    except RenderingFailed:
        return ()


def _hold(stack: ExitStack, content: bytes, name: str, media_type: str) -> Held:
    blob = stack.enter_context(storage.incoming([content], limit=len(content)))
    pages = 0
    header: tuple[str, ...] = ()
    if media_type == PDF:
        try:
            inspected = rendering.inspect(blob.path)
            pages, header = inspected.pages, inspected.header
        except RenderingFailed:
            # Encrypted or broken: kept as it came, for whoever verifies it to say so.
            pages = 0
    return Held(blob, file_name(name), media_type, pages, header)
