"""What a signature looks like: lines of text in our own font, and an image."""

from __future__ import annotations

import io
import unicodedata
from dataclasses import dataclass, field

from PIL import Image
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.content import ResourceType
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.layout import BoxConstraints
from pyhanko.pdf_utils.writer import BasePdfFileWriter
from pyhanko.stamp import BaseStamp, BaseStampStyle

from quytrinh.signing.pdf.truetype import Subset, serif

_MOST_DOTS_PER_INCH = 200
_LEVELS = 16  # of transparency: a seal's edge needs no more, and it packs far better
LEADING = 1.2

Colour = tuple[float, float, float]


@dataclass(frozen=True)
class Drawing:
    """What to draw in a box: a PNG behind, text before it. `size` is that of the letters.

    With `centres`, the lines are pieces of one line, each centred at its distance from the left.
    """

    lines: tuple[str, ...] = ()
    centres: tuple[float, ...] = ()
    image: bytes = b""
    size: float = 10
    colour: Colour = (0, 0, 0)
    image_colour: Colour | None = None


@dataclass(frozen=True)
class DrawingStyle(BaseStampStyle):
    """Lets pyHanko make our appearance where it would make one of its own."""

    border_width: int = 0
    drawing: Drawing = field(default_factory=Drawing)

    def create_stamp(
        self, writer: BasePdfFileWriter, box: BoxConstraints, text_params: dict[str, object]
    ) -> DrawingStamp:
        return DrawingStamp(writer, self, box)


class DrawingStamp(BaseStamp):
    """A drawing in one file: its font and its image become objects of that file."""

    def _render_inner_content(self) -> list[bytes]:
        drawing: Drawing = self.style.drawing
        commands = []
        if drawing.image:
            commands.append(self._image(drawing))
        if drawing.lines:
            commands.append(self._text(drawing))
        return commands

    def _image(self, drawing: Drawing) -> bytes:
        reference, proportion = embed_image(
            self._ensure_writer,
            drawing.image,
            self.box.width,
            self.box.height,
            drawing.image_colour,
        )
        self.set_resource(ResourceType.XOBJECT, pdf_name("/Im"), reference)
        width = min(self.box.width, self.box.height * proportion)
        height = width / proportion
        left, bottom = (self.box.width - width) / 2, (self.box.height - height) / 2
        return b"q %.3f 0 0 %.3f %.3f %.3f cm /Im Do Q" % (width, height, left, bottom)

    def _text(self, drawing: Drawing) -> bytes:
        lines = [unicodedata.normalize("NFC", line) for line in drawing.lines]
        subset = serif().subset("".join(lines))
        self.set_resource(
            ResourceType.FONT, pdf_name("/F"), embed_font(self._ensure_writer, subset)
        )
        rows = 1 if drawing.centres else len(lines)
        size = fitting_size(lines, drawing.size, self.box.width, self.box.height / rows)
        top = (self.box.height + rows * size * LEADING) / 2 - size
        commands = [b"BT /F %.2f Tf %.3f %.3f %.3f rg" % (size, *drawing.colour)]
        for index, line in enumerate(lines):
            if drawing.centres:
                left = drawing.centres[index] - serif().width(line) * size / 2000
                bottom = top
            else:
                left, bottom = 0.0, top - index * size * LEADING
            codes = "".join(f"{subset.glyph_of[c]:04x}" for c in line).encode()
            commands.append(b"1 0 0 1 %.2f %.2f Tm <%s> Tj" % (left, bottom, codes))
        commands.append(b"ET")
        return b" ".join(commands)


def fitting_size(lines: list[str], size: float, width: float, height: float) -> float:
    """Return the size wanted, or the largest in which the widest line fits a row of the box."""
    widest = max(serif().width(line) for line in lines) / 1000
    return min(size, width / widest if widest else size, height / LEADING)


def embed_font(writer: BasePdfFileWriter, subset: Subset) -> generic.IndirectObject:
    """Write a subset into a file, with a map back to text: signed text can be read and found."""
    name = pdf_name("/QTSERI+LiberationSerif")
    file = generic.StreamObject(
        {pdf_name("/Length1"): generic.NumberObject(len(subset.data))}, stream_data=subset.data
    )
    file.compress()
    face = serif()
    descriptor = _dictionary(
        {
            "/Type": pdf_name("/FontDescriptor"),
            "/FontName": name,
            "/Flags": generic.NumberObject(4),
            "/FontBBox": _numbers(face.box),
            "/ItalicAngle": generic.NumberObject(0),
            "/Ascent": generic.NumberObject(face.ascent),
            "/Descent": generic.NumberObject(face.descent),
            "/CapHeight": generic.NumberObject(662),
            "/StemV": generic.NumberObject(80),
            "/FontFile2": writer.add_object(file),
        }
    )
    widths = generic.ArrayObject([generic.NumberObject(0), _numbers(subset.widths)])
    system = _dictionary(
        {
            "/Registry": generic.pdf_string("Adobe"),
            "/Ordering": generic.pdf_string("Identity"),
            "/Supplement": generic.NumberObject(0),
        }
    )
    descendant = _dictionary(
        {
            "/Type": pdf_name("/Font"),
            "/Subtype": pdf_name("/CIDFontType2"),
            "/BaseFont": name,
            "/CIDSystemInfo": system,
            "/CIDToGIDMap": pdf_name("/Identity"),
            "/FontDescriptor": writer.add_object(descriptor),
            "/W": widths,
        }
    )
    characters = generic.StreamObject(stream_data=_character_names(subset))
    characters.compress()
    font = _dictionary(
        {
            "/Type": pdf_name("/Font"),
            "/Subtype": pdf_name("/Type0"),
            "/BaseFont": name,
            "/Encoding": pdf_name("/Identity-H"),
            "/DescendantFonts": generic.ArrayObject([writer.add_object(descendant)]),
            "/ToUnicode": writer.add_object(characters),
        }
    )
    return writer.add_object(font)


def _dictionary(entries: dict[str, generic.PdfObject]) -> generic.DictionaryObject:
    return generic.DictionaryObject({pdf_name(key): value for key, value in entries.items()})


def _numbers(values: tuple[int, ...]) -> generic.ArrayObject:
    return generic.ArrayObject([generic.NumberObject(value) for value in values])


def _character_names(subset: Subset) -> bytes:
    names = {glyph: ord(character) for character, glyph in subset.glyph_of.items()}
    pairs = [f"<{glyph:04x}> <{code:04x}>" for glyph, code in sorted(names.items())]
    blocks = [pairs[start : start + 100] for start in range(0, len(pairs), 100)]
    text = "/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n"
    text += "/CMapName /QT def /CMapType 2 def\n"
    text += "1 begincodespacerange <0000> <ffff> endcodespacerange\n"
    for block in blocks:
        text += f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar\n"
    return (text + "endcmap CMapName currentdict /CMap defineresource pop end end").encode()


def embed_image(
    writer: BasePdfFileWriter, png: bytes, width: float, height: float, colour: Colour | None
) -> tuple[generic.IndirectObject, float]:
    """Write a transparent PNG into a file, no finer than print needs; return its proportion."""
    image = Image.open(io.BytesIO(png)).convert("RGBA")
    proportion = image.width / image.height
    most = round(max(width, height) / 72 * _MOST_DOTS_PER_INCH)
    image.thumbnail((most, most))
    alpha = image.getchannel("A").point(lambda value: round(value / 255 * (_LEVELS - 1)) * 17)
    if colour is None:
        # what cannot be seen is made uniform: it packs to nothing
        opaque = Image.new("RGB", image.size)
        opaque.paste(image.convert("RGB"), mask=alpha.point(lambda value: 255 if value else 0))
    else:
        opaque = Image.new("RGB", image.size, tuple(round(255 * part) for part in colour))
    mask = _image_stream(alpha, "/DeviceGray")
    stream = _image_stream(opaque, "/DeviceRGB")
    stream[pdf_name("/SMask")] = writer.add_object(mask)
    return writer.add_object(stream), proportion


def _image_stream(image: Image.Image, space: str) -> generic.StreamObject:
    stream = generic.StreamObject(
        _dictionary(
            {
                "/Type": pdf_name("/XObject"),
                "/Subtype": pdf_name("/Image"),
                "/Width": generic.NumberObject(image.width),
                "/Height": generic.NumberObject(image.height),
                "/BitsPerComponent": generic.NumberObject(8),
                "/ColorSpace": pdf_name(space),
            }
        ),
        stream_data=image.tobytes(),
    )
    stream.compress()
    return stream
