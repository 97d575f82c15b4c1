"""Does a page still look as it did when it was signed? Objects may lie, pictures do not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import pypdfium2
from PIL import Image, ImageChops

_WIDTH = 620
_TALLEST = 1600
# Rendering is repeatable, yet other objects nearby may shift a shade at an edge.
_SHADE = 40
_SPECKS = 12
# Within a field signed later new ink may appear, but none may vanish: that would cover text.
_INK, _PAPER = 110, 190

Box = tuple[float, float, float, float]


class Pictures:
    """The pages of one revision of a file, drawn when they are asked for."""

    def __init__(self, data: bytes) -> None:
        self._document = pypdfium2.PdfDocument(data)
        self._document.init_forms()
        self._drawn: dict[int, Image.Image] = {}

    def __len__(self) -> int:
        return len(self._document)

    def page(self, index: int) -> Image.Image:
        if index not in self._drawn:
            page = self._document[index]
            width, height = page.get_size()
            scale = min(_WIDTH / width, _TALLEST / height)
            image: Image.Image = page.render(scale=scale, may_draw_forms=True).to_pil()
            self._drawn[index] = image.convert("RGB")
        return self._drawn[index]

    def box_on(self, index: int, box: Box) -> tuple[int, int, int, int]:
        """Return where a box of the page lies on its picture, a little wider."""
        page = self._document[index]
        left, bottom, right, top = page.get_cropbox()
        corners = [
            _turned(x - left, y - bottom, right - left, top - bottom, page.get_rotation())
            for x, y in ((box[0], box[1]), (box[2], box[3]))
        ]
        width, height = page.get_size()
        image = self.page(index)
        across = sorted(x * image.width / width for x, _ in corners)
        down = sorted(y * image.height / height for _, y in corners)
        return int(across[0]) - 2, int(down[0]) - 2, int(across[1]) + 3, int(down[1]) + 3


def _turned(x: float, y: float, width: float, height: float, rotation: int) -> tuple[float, float]:
    """Return a point of a page, from the top left corner as the page is seen."""
    seen = {
        0: (x, height - y),
        90: (y, x),
        180: (width - x, y),
        270: (height - y, width - x),
    }
    return seen[rotation]


def looks_changed(
    signed: Pictures,
    final: Pictures,
    pages: Iterable[int],
    later_fields: Mapping[int, Sequence[Box]],
) -> bool:
    """Compare pages of two revisions, but for the places of fields signed in between."""
    if len(signed) != len(final):
        return True
    return any(_differs(signed, final, index, later_fields.get(index, ())) for index in pages)


def _differs(signed: Pictures, final: Pictures, index: int, boxes: Sequence[Box]) -> bool:
    before, after = signed.page(index), final.page(index)
    if before.size != after.size:
        return True
    difference = ImageChops.difference(before, after).convert("L")
    marked = difference.point(lambda value: 255 if value > _SHADE else 0)
    for box in boxes:
        place = final.box_on(index, box)
        if _ink_vanished(before.crop(place), after.crop(place)):
            return True
        marked.paste(0, place)
    return _white(marked) > _SPECKS


def _ink_vanished(before: Image.Image, after: Image.Image) -> bool:
    ink = before.convert("L").point(lambda value: 255 if value < _INK else 0)
    paper = after.convert("L").point(lambda value: 255 if value > _PAPER else 0)
    return _white(ImageChops.multiply(ink, paper)) > _SPECKS


def _white(image: Image.Image) -> int:
    return image.histogram()[255]
