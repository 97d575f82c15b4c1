"""Places on pages: empty signature fields made before the first signature, and printed text."""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import dataclass

from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.layout import BoxConstraints
from pyhanko.sign import fields

from quytrinh.signing.pdf.appearance import Drawing, DrawingStamp, DrawingStyle

Box = tuple[float, float, float, float]  # left, bottom, right, top in points


class AlreadySigned(Exception):
    """Text cannot be printed onto pages that someone has signed."""


@dataclass(frozen=True, slots=True)
class Place:
    """A field on a page, counted from 0. `locks`: its signature forbids any later change."""

    field: str
    page: int
    box: Box
    label: str = ""
    locks: bool = False


def field_spec(place: Place) -> fields.SigFieldSpec:
    """Say it in pyHanko's words."""
    lock = fields.FieldMDPSpec(fields.FieldMDPAction.ALL) if place.locks else None
    return fields.SigFieldSpec(
        place.field,
        on_page=place.page,
        box=place.box,  # type: ignore[arg-type]  # floats are written as they are
        field_mdp_spec=lock,
        doc_mdp_update_value=fields.MDPPerm.NO_CHANGES if place.locks else None,
        readable_field_name=place.label or None,
    )


def prepare(pdf: bytes, places: Iterable[Place]) -> bytes:
    """Add the empty fields that the file lacks; the same file when it has them all."""
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf), strict=False)
    existing = {name for name, _, _ in fields.enumerate_sig_fields(writer.prev)}
    missing = [place for place in places if place.field not in existing]
    if not missing:
        return pdf
    for place in missing:
        fields.append_signature_field(writer, field_spec(place))
    return _written(writer)


def print_text(pdf: bytes, texts: Iterable[tuple[int, Box, Drawing]]) -> bytes:
    """Print text onto pages, as an addition to the file; refuse if it is signed."""
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf), strict=False)
    if any(True for _ in fields.enumerate_sig_fields(writer.prev, filled_status=True)):
        raise AlreadySigned
    for page, (left, bottom, right, top), drawing in texts:
        box = BoxConstraints(width=right - left, height=top - bottom)
        stamp = DrawingStamp(writer, DrawingStyle(drawing=drawing), box)
        stamp.apply(page, left, bottom)  # type: ignore[arg-type]  # floats are written as they are
    return _written(writer)


def _written(writer: IncrementalPdfFileWriter) -> bytes:
    output = io.BytesIO()
    writer.write(output)
    return output.getvalue()
