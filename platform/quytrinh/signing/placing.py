"""Where the marks of a layout go on the pages of a file, and what they show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise

from quytrinh.signing.inspection import Box, Inspection, Phrase
from quytrinh.signing.layout import Layout, Mark
from quytrinh.signing.pdf.appearance import Drawing
from quytrinh.signing.pdf.fields import Place
from quytrinh.signing.pdf.truetype import serif

_POINTS = 72 / 25.4  # in a millimetre
_LINE = 1.3  # height of a line's box, in sizes of its letters
_BELOW = 0.25  # how much of it lies below the line that letters stand on
_SMALLEST = 8 * _POINTS  # a signature is never squeezed below this height


@dataclass(frozen=True, slots=True)
class Values:
    """What texts and anchors may name. `images` are PNG files by their use: person, seal."""

    title: str = ""
    name: str = ""
    organisation: str = ""
    number: str = ""
    notation: str = ""
    day: str = ""
    month: str = ""
    year: str = ""
    signed_at: str = ""
    images: Mapping[str, bytes] = field(default_factory=dict)

    def texts(self) -> dict[str, str]:
        names = ("title", "name", "organisation", "number", "notation", "day", "month", "year")
        return {each: getattr(self, each) for each in (*names, "signed_at")}


@dataclass(frozen=True, slots=True)
class Placed:
    """A mark with its place, whether a field or printed, and its drawing."""

    place: Place
    drawing: Drawing


def phrases_of(layout: Layout, values: Values) -> tuple[str, ...]:
    """Return what has to be looked for in a file."""
    wanted = [values.title, values.name]
    for mark in layout.marks.values():
        wanted += [*mark.anchor.after, *mark.anchor.gaps]
    return tuple(dict.fromkeys(phrase for phrase in wanted if phrase))


def place(layout: Layout, mark_id: str, inspection: Inspection, values: Values) -> Placed:
    """Place one mark; a field that the file has already keeps the place it has."""
    mark = layout.marks[mark_id]
    existing = inspection.fields.get(mark.field)
    anchored = _anchored(layout, mark, inspection, values)
    if anchored is not None:
        page, box, centres = anchored
        lines = mark.text
    else:
        page, box, centres = _otherwise(mark, inspection)
        lines = mark.text_otherwise or mark.text
    if existing is not None:
        page, box = existing.page, existing.box
    drawing = Drawing(
        lines=tuple(line.format(**values.texts()) for line in lines),
        centres=centres,
        image=values.images.get(mark.image, b""),
        size=mark.text_size,
        image_colour=mark.image_colour,
    )
    if mark.image and not drawing.image:
        drawing = _without_image(drawing, values, mark.image)
    return Placed(Place(mark.field, page, box, mark.label, mark.locks), drawing)


def _without_image(drawing: Drawing, values: Values, image: str) -> Drawing:
    """Whoever has no image signs by name, in the colour that the image would have."""
    name = values.name if image == "person" else ""
    lines = (name or values.organisation, values.signed_at)
    colour = drawing.image_colour or (0, 0, 0)
    return Drawing(lines=tuple(filter(None, lines)), size=drawing.size, colour=colour)


_Found = tuple[int, Box, tuple[float, ...]]


def _anchored(layout: Layout, mark: Mark, inspection: Inspection, values: Values) -> _Found | None:
    anchor, page = mark.anchor, inspection.page(mark.page)
    if anchor.between:
        return _between(mark, inspection, values)
    if anchor.over:
        return _over(layout, mark, inspection, values)
    if anchor.after:
        return _after(mark, inspection, page.index)
    if anchor.gaps:
        return _gaps(mark, inspection, page.index)
    return None


def _on(inspection: Inspection, phrase: str, page: int) -> list[Phrase]:
    """Return where a phrase stands on a page, from its top."""
    found = [each for each in inspection.phrases.get(phrase, ()) if each.page == page]
    return sorted(found, key=lambda each: (-each.box[1], each.box[0]))


def _between(mark: Mark, inspection: Inspection, values: Values) -> _Found | None:
    """Centre the mark above the name of the signer, below the title if it stands there."""
    page = inspection.page(mark.page)
    names = _on(inspection, values.name, page.index) if values.name else []
    if not names:
        return None
    name = names[-1].box
    width, height = (each * _POINTS for each in mark.size)
    centre, floor = (name[0] + name[2]) / 2, name[3]
    titles = [
        each.box
        for each in (_on(inspection, values.title, page.index) if values.title else [])
        if each.box[1] > floor and each.box[0] < name[2] + width and each.box[2] > name[0] - width
    ]
    ceiling = min((box[1] for box in titles), default=floor + height)
    room = max(ceiling - floor, _SMALLEST)
    height = min(height, room)
    middle = floor + room / 2
    box = (centre - width / 2, middle - height / 2, centre + width / 2, middle + height / 2)
    return page.index, box, ()


def _over(layout: Layout, mark: Mark, inspection: Inspection, values: Values) -> _Found | None:
    """Put the mark over a share of another one, on its left or on its right."""
    under = place(layout, mark.anchor.over, inspection, values).place
    width, height = (each * _POINTS for each in mark.size)
    left, bottom, right, top = under.box
    shared = (right - left) * mark.anchor.share
    edge = left + shared - width if mark.anchor.side == "left" else right - shared
    middle = (bottom + top) / 2
    return under.page, (edge, middle - height / 2, edge + width, middle + height / 2), ()


def _after(mark: Mark, inspection: Inspection, page: int) -> _Found | None:
    """Write behind a phrase, on its line."""
    for phrase in mark.anchor.after:
        for found in _on(inspection, phrase, page):
            start = found.box[2] + 5
            width = mark.size[0] * _POINTS
            box = _line_box(mark, start, start + width, found.box[1])
            return page, box, ()
    return None


def _gaps(mark: Mark, inspection: Inspection, page: int) -> _Found | None:
    """Fill the gaps between words that stand on one line, in their order."""
    for first in _on(inspection, mark.anchor.gaps[0], page):
        line = [first.box]
        for phrase in mark.anchor.gaps[1:]:
            following = [
                each.box
                for each in _on(inspection, phrase, page)
                if abs(each.box[1] - first.box[1]) < 3 and each.box[0] > line[-1][2]
            ]
            if not following:
                break
            line.append(min(following))
        else:
            start = line[0][2]
            centres = tuple((before[2] + after[0]) / 2 - start for before, after in pairwise(line))
            return page, _line_box(mark, start, line[-1][0], first.box[1]), centres
    return None


def _line_box(mark: Mark, left: float, right: float, line: float) -> Box:
    bottom = line - _BELOW * mark.text_size
    return left, bottom, right, bottom + _LINE * mark.text_size


def _otherwise(mark: Mark, inspection: Inspection) -> _Found:
    """Use the place that the layout gives for pages without the anchor."""
    page = inspection.page(mark.page)
    left, bottom, right, top = page.box
    width, height = (each * _POINTS for each in mark.size)
    if mark.text_otherwise:
        longest = max(serif().width(line) for line in mark.text_otherwise) / 1000
        width = max(width, longest * mark.text_size)
    given = {side: each * _POINTS for side, each in mark.otherwise.items()}
    start = left + given["left"] if "left" in given else right - given["right"] - width
    floor = bottom + given["bottom"] if "bottom" in given else top - given["top"] - height
    return page.index, (start, floor, start + width, floor + height), ()
