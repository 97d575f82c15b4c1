"""The bytes of an attachment as its sender meant them, whatever its names and types claim."""

from __future__ import annotations

import base64
import binascii
import io
import re
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import PurePosixPath

from django.utils.translation import gettext as _

PDF = "application/pdf"
ZIP = "application/zip"
PLAIN = "text/plain"
UNKNOWN = "application/octet-stream"
_OFFICE = "application/vnd.openxmlformats-officedocument."
_MEMBER = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}(\.\w{1,10})?")
_WHOLE_ARCHIVES = {".zip", ".docx", ".xlsx", ".pptx", ".odt", ".ods"}
_MOST_RATIO = 100
_SMALL = 1024 * 1024  # below this a good ratio harms nobody
_CHUNK = 256 * 1024
_MAGIC = (
    (b"%PDF-", PDF),
    (b"PK\x03\x04", ZIP),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"\xd0\xcf\x11\xe0", "application/msword"),
    (b"{\\rtf", "application/rtf"),
)
_OFFICE_PARTS = (
    (b"word/", _OFFICE + "wordprocessingml.document"),
    (b"xl/", _OFFICE + "spreadsheetml.sheet"),
    (b"ppt/", _OFFICE + "presentationml.presentation"),
)


class Faulty(Exception):
    """The bytes of an attachment cannot be had; the message says why."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """Bytes and what they are by themselves."""

    content: bytes
    media_type: str


def decode(encoded: bytes, name: str, *, most_bytes: int) -> Decoded:
    """Return the file of an attachment; raise Faulty when there is none to be had."""
    try:
        content = base64.b64decode(b"".join(encoded.split()), validate=True)
    except (binascii.Error, ValueError) as error:
        raise Faulty(_("Nội dung tệp không được mã hóa base64.")) from error
    if len(content) > most_bytes:
        raise _too_large(most_bytes)
    if media_type_of(content) == ZIP:
        content = _unwrapped(content, name, most_bytes)
    return Decoded(content, media_type_of(content))


def media_type_of(content: bytes) -> str:
    """Tell what bytes are by their beginning; what senders say lies both ways."""
    for magic, media_type in _MAGIC:
        if content.startswith(magic):
            return _archive_type(content) if media_type == ZIP else media_type
    if b"\x00" in content[:_CHUNK]:
        return UNKNOWN
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return UNKNOWN
    return PLAIN


def _archive_type(content: bytes) -> str:
    if b"[Content_Types].xml" not in content:
        return ZIP
    return next((kind for part, kind in _OFFICE_PARTS if part in content), ZIP)


def _unwrapped(content: bytes, name: str, most_bytes: int) -> bytes:
    """Return the one file some systems wrap in an archive; any other archive is the file."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
            if len(members) != 1 or not _is_wrapping(members[0].filename, name):
                return content
            return _inflate(archive, members[0], most_bytes)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError) as error:
        raise Faulty(_("Tệp nén bị hỏng hoặc bị cắt, không mở được.")) from error
    except (zlib.error, ValueError, LookupError, OverflowError) as error:
        raise Faulty(_("Tệp nén bị hỏng hoặc bị cắt, không mở được.")) from error


def _is_wrapping(member: str, name: str) -> bool:
    if not _MEMBER.fullmatch(member):
        return False
    outer, inner = PurePosixPath(name).suffix.lower(), PurePosixPath(member).suffix.lower()
    return outer not in _WHOLE_ARCHIVES or outer == inner


def _inflate(archive: zipfile.ZipFile, member: zipfile.ZipInfo, most_bytes: int) -> bytes:
    """Read a member, believing nothing it says about its size."""
    most = min(most_bytes, max(member.compress_size * _MOST_RATIO, _SMALL))
    parts, size = [], 0
    with archive.open(member) as stream:
        while part := stream.read(_CHUNK):
            size += len(part)
            if size > most:
                raise Faulty(_("Tệp nén phình ra quá lớn so với kích thước gửi đến."))
            parts.append(part)
    return b"".join(parts)


def _too_large(most_bytes: int) -> Faulty:
    limit = most_bytes // (1024 * 1024)
    return Faulty(_("Tệp lớn quá %(limit)s MB.") % {"limit": limit})
