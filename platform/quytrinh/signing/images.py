"""The images of handwriting and seals: PNG files, one directory an agency."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings


def image_of(agency: str, holder: str) -> bytes:
    """Return the image of a holder, empty when there is none."""
    path = path_of(agency, holder)
    return path.read_bytes() if path.is_file() else b""


def path_of(agency: str, holder: str) -> Path:
    """Where the image of a holder lies; a name can never leave the directory."""
    return Path(settings.SIGNATURE_IMAGES) / _stem(agency) / f"{_stem(holder)}.png"


def _stem(name: str) -> str:
    return "".join(c if c.isalnum() or c == "-" else "_" for c in name)
