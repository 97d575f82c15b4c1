"""Taking files in: first their bytes, then, with the step, the rows."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath, PureWindowsPath
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from quytrinh.documents import gate, gatekeeping, rendering, storage
from quytrinh.documents.exceptions import RenderingFailed, UploadRefused
from quytrinh.documents.gate import Place
from quytrinh.documents.models import Document, DocumentVersion, StoredFile

PDF = "application/pdf"
_MAGIC = b"%PDF-"
_LONGEST_NAME = 200
# Who brings a document that no person brought.
MACHINE = UUID(int=0)
FACTS = ("type", "subject", "urgency", "sender", "number", "notation", "code", "date")


@dataclass(frozen=True, slots=True)
class ReceivedUpload:
    """A checked file whose bytes are stored but which no row refers to yet."""

    sha256: str
    size: int
    pages: int
    name: str
    actor: UUID


def receive_upload(
    *, upload: UploadedFile, actor: UUID, case_id: UUID | None = None
) -> ReceivedUpload:
    """Check a PDF and store its bytes; raise UploadRefused, with nothing stored, for others.

    A document that is kept out (DocumentExcluded, an UploadRefused) never gets a name in the store.

    Opening the file takes its time: call this outside a transaction.
    """
    limit, name = settings.UPLOAD_MAX_BYTES, upload.name or ""
    excluded = gatekeeping.exclusions()
    gatekeeping.refuse(Place.UPLOAD, gate.in_title(name, excluded), actor=actor, case_id=case_id)
    try:
        with storage.incoming(upload.chunks(), limit=limit) as blob:
            inspected = _check(blob)
            stamped = gate.in_header(inspected.header, excluded)
            gatekeeping.refuse(Place.UPLOAD, stamped, actor=actor, case_id=case_id)
            storage.keep(blob)
    except storage.TooLarge as error:
        raise UploadRefused("too_large", limit=limit // (1024 * 1024)) from error
    return ReceivedUpload(blob.sha256, blob.size, inspected.pages, file_name(name), actor)


def _check(blob: storage.Blob) -> rendering.Inspected:
    """Look into a PDF; the name and the media type of an upload prove nothing."""
    if blob.size == 0:
        raise UploadRefused("empty")
    with blob.path.open("rb") as file:
        if file.read(len(_MAGIC)) != _MAGIC:
            raise UploadRefused("not_pdf")
    try:
        return rendering.inspect(blob.path)
    except RenderingFailed as error:
        raise UploadRefused(error.code, limit=rendering.MOST_PAGES) from error


def file_name(given: str) -> str:
    """The last part of a name as sent, composed, printable and not too long."""
    last = PureWindowsPath(PurePosixPath(given).name).name
    composed = unicodedata.normalize("NFC", last)
    printable = "".join(c for c in composed if unicodedata.category(c)[0] != "C").strip()
    stem, dot, extension = printable.rpartition(".")
    if not dot or not stem:
        return f"{printable.strip('.') or 'van-ban'}"[: _LONGEST_NAME - 4] + ".pdf"
    return f"{stem[: _LONGEST_NAME - len(extension) - 1]}.{extension}"[-_LONGEST_NAME:]


def describe(*, document: UUID, facts: Mapping[str, Any]) -> None:
    """Note what the sender of a document says of it: number, notation, code, date, type, sender."""
    known = {name: _fitting(name, facts[name]) for name in FACTS if facts.get(name)}
    if known:
        Document.objects.filter(pk=document).update(**known)


def _fitting(name: str, value: Any) -> Any:
    """Cut a text that another system sent to what is kept of it; its envelope has the whole."""
    longest = Document._meta.get_field(name).max_length
    return value[:longest] if longest else value


def attach(
    *, upload: ReceivedUpload, slot: str, replaces: UUID | None, owner: UUID, actor: UUID
) -> UUID:
    """Make a received file a document of `owner`, or a new version of the one it replaces.

    Returns the document's id. Runs in the transaction of the step that brings the file.
    """
    file = StoredFile(
        sha256=upload.sha256,
        size=upload.size,
        media_type=PDF,
        original_name=upload.name,
        pages=upload.pages,
        created_by=actor,
    )
    file.save()
    return _make_version(file, slot, replaces, owner, actor)


def attach_stored(
    *, file: StoredFile, slot: str, owner: UUID, actor: UUID, replaces: UUID | None = None
) -> UUID:
    """Make a file that is already kept, such as one that came by an axis, a document of `owner`.

    With `replaces` it becomes the next version of that document.
    """
    return _make_version(file, slot, replaces, owner, actor)


def _make_version(
    file: StoredFile, slot: str, replaces: UUID | None, owner: UUID, actor: UUID
) -> UUID:
    if replaces is None:
        document = Document(owner_id=owner, kind=slot)
        document.save()
    else:
        document = Document.objects.get(pk=replaces, owner_id=owner)
    DocumentVersion(
        document=document,
        number=DocumentVersion.objects.next_number(document.pk),
        file=file,
        created_by=actor,
    ).save()
    return document.pk
