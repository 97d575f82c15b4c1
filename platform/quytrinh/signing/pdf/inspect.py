"""Looking into a file that is to be signed: its fields, and where some phrases stand.

Runs in a child process, as everything that first opens a file of someone else.
"""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Iterator, Sequence

import pypdfium2
from pyhanko.pdf_utils import generic, misc
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import enumerate_sig_fields

from quytrinh.signing.inspection import Box, Field, Inspection, Page, Phrase
from quytrinh.signing.pdf import structure


def inspect(data: bytes, phrases: Sequence[str]) -> Inspection:
    """Say what the signing of a file needs to know."""
    try:
        reader = PdfFileReader(io.BytesIO(data), strict=False)
        if reader.encrypted:
            return Inspection(problem="encrypted")
        active = structure.has_active_content(reader)
        pages = _page_numbers(reader)
        fields = {
            name: _field(reference.get_object(), value is not None, pages)
            for name, value, reference in enumerate_sig_fields(reader)
        }
        document = pypdfium2.PdfDocument(data)
        first, last = _page(document, 0), _page(document, len(document) - 1)
        found = {phrase: tuple(_find(document, phrase)) for phrase in phrases}
    except (misc.PdfError, pypdfium2.PdfiumError, ValueError, KeyError, TypeError, OSError):
        return Inspection(problem="broken")
    return Inspection("", active, first, last, found, fields)


def _page_numbers(reader: PdfFileReader) -> dict[generic.Reference, int]:
    count = int(reader.root["/Pages"]["/Count"])
    return {reader.find_page_for_modification(index)[0].reference: index for index in range(count)}


def _field(
    widget: generic.DictionaryObject, signed: bool, pages: dict[generic.Reference, int]
) -> Field:
    box = [float(each) for each in widget.get("/Rect", (0, 0, 0, 0))]
    page = pages.get(widget.raw_get("/P").reference, 0) if "/P" in widget else 0
    return Field(page, (box[0], box[1], box[2], box[3]), signed)


def _page(document: pypdfium2.PdfDocument, index: int) -> Page:
    left, bottom, right, top = document[index].get_cropbox()
    return Page(index, (left, bottom, right, top))


def _find(document: pypdfium2.PdfDocument, phrase: str) -> Iterator[Phrase]:
    """Find a phrase on the first and on the last page, however its accents are written."""
    forms = dict.fromkeys(unicodedata.normalize(form, phrase) for form in ("NFC", "NFD"))
    for index in sorted({0, len(document) - 1}):
        text = document[index].get_textpage()
        for form in forms:
            search = text.search(form, match_case=True)
            while (hit := search.get_next()) is not None:
                yield Phrase(index, _hit_box(text, *hit))


def _hit_box(text: pypdfium2.PdfTextPage, start: int, count: int) -> Box:
    boxes = [text.get_charbox(start + offset) for offset in range(count)]
    # the first letter stands on the line; later ones may reach below it
    return boxes[0][0], boxes[0][1], boxes[-1][2], max(box[3] for box in boxes)
