"""What the objects of a file say apart from its signatures: scripts, bytes behind its end."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.reader import PdfFileReader

# Keys by which a file makes a program act by itself or draws pages other than by their content.
_ACTIVE_KEYS = frozenset({"/JS", "/XFA"})
_ACTIVE_ACTIONS = frozenset({"/JavaScript", "/Launch", "/SubmitForm", "/ImportData"})
_END = b"%%EOF"
_HARMLESS = b"\r\n\t \0"
_MOST_OBJECTS = 200_000


class TooManyObjects(Exception):
    """The file has more objects than anyone should have to look through."""


def has_active_content(reader: PdfFileReader) -> bool:
    """Tell whether the file carries scripts or other things that act by themselves."""
    return any(_is_active(each) for each in _dictionaries(reader.trailer_view, set()))


def _is_active(dictionary: generic.DictionaryObject) -> bool:
    if not _ACTIVE_KEYS.isdisjoint(dictionary):
        return True
    kind = dictionary.raw_get("/S") if "/S" in dictionary else None
    return isinstance(kind, generic.NameObject) and kind in _ACTIVE_ACTIONS


def _dictionaries(start: Any, seen: set[Any]) -> Iterator[generic.DictionaryObject]:
    """Walk over every dictionary that can be reached, without opening the streams."""
    waiting = [start]
    while waiting:
        current = waiting.pop()
        if isinstance(current, generic.IndirectObject):
            if current.reference in seen:
                continue
            seen.add(current.reference)
            if len(seen) > _MOST_OBJECTS:
                raise TooManyObjects
            current = current.get_object()
        if isinstance(current, generic.DictionaryObject):
            yield current
            waiting.extend(current.raw_get(key) for key in current)
        elif isinstance(current, generic.ArrayObject):
            waiting.extend(current.raw_get(index) for index in range(len(current)))


def has_trailing_bytes(data: bytes) -> bool:
    """Tell whether something but white space follows the last end-of-file mark."""
    end = data.rfind(_END)
    return end >= 0 and bool(data[end + len(_END) :].strip(_HARMLESS))


def touched_pages(reader: PdfFileReader, revision: int) -> set[int]:
    """Return the pages, from 0, that draw on an object written after a revision."""
    changed = {
        reference
        for later in range(revision + 1, reader.total_revisions)
        for reference in reader.xrefs.explicit_refs_in_revision(later)
    }
    count = int(reader.root["/Pages"]["/Count"])
    return {index for index in range(count) if _reaches(reader, index, changed)}


def _reaches(reader: PdfFileReader, index: int, changed: set[Any]) -> bool:
    page, inherited = reader.find_page_for_modification(index)
    if page.reference in changed:
        return True
    seen: set[Any] = {page.reference}
    content = page.get_object()
    # neither up to the tree of pages nor, from an annotation, back to the page
    parts = [
        content.raw_get(key) for key in content if key not in ("/Parent", "/B", "/StructParents")
    ]
    walk = _dictionaries(generic.ArrayObject([*parts, *([inherited] if inherited else [])]), seen)
    for dictionary in walk:
        if dictionary.get("/Type") == "/Pages":
            break
    return not seen.isdisjoint(changed)
