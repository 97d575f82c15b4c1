"""A TrueType font: measures of its letters, and subsets small enough to travel in a signature.

A subset keeps outlines only: hinting is dropped, glyphs are renumbered. Widths are given in
thousandths of the font size whatever the font's own units are, which is what PDF wants.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_FONT = Path(__file__).parent.parent / "fonts" / "LiberationSerif-Regular.ttf"
_MORE_COMPONENTS, _INSTRUCTIONS = 0x20, 0x100
_WORDS, _SCALE, _XY_SCALE, _TWO_BY_TWO = 0x01, 0x08, 0x40, 0x80
_KEPT_TABLES = ("head", "hhea", "maxp")


@dataclass(frozen=True, slots=True)
class Subset:
    """A font file with some glyphs; `glyph_of` numbers them, `widths` measure them."""

    data: bytes
    glyph_of: dict[str, int]
    widths: tuple[int, ...]


class TrueTypeFont:
    """A font file, read once."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._tables = _directory(data)
        self.units_per_em: int = struct.unpack_from(">H", self._table("head"), 18)[0]
        self._glyphs: int = struct.unpack_from(">H", self._table("maxp"), 4)[0]
        self._offsets = self._glyph_offsets()
        self._metrics: int = struct.unpack_from(">H", self._table("hhea"), 34)[0]
        self.ascent = self._thousandths(struct.unpack_from(">h", self._table("hhea"), 4)[0])
        self.descent = self._thousandths(struct.unpack_from(">h", self._table("hhea"), 6)[0])
        box = struct.unpack_from(">4h", self._table("head"), 36)
        self.box = tuple(self._thousandths(each) for each in box)
        self._characters = _character_map(self._table("cmap"))

    def has(self, character: str) -> bool:
        return ord(character) in self._characters

    def width(self, text: str) -> int:
        """Return the width of a text in thousandths of the font size."""
        return sum(self._advance(self._characters.get(ord(c), 0)) for c in text)

    def subset(self, characters: Iterable[str]) -> Subset:
        """Return the font with these characters only; what it lacks becomes its empty box."""
        wanted = sorted(set(characters))
        order = [0]
        glyph_of = {}
        for character in wanted:
            glyph = self._characters.get(ord(character), 0)
            if glyph not in order:
                order.append(glyph)
            glyph_of[character] = order.index(glyph)
        self._add_components(order)
        outlines = [self._renumbered(glyph, order) for glyph in order]
        metrics = b"".join(self._metric(glyph) for glyph in order)
        widths = tuple(self._thousandths(self._raw_advance(glyph)) for glyph in order)
        return Subset(self._file(outlines, metrics), glyph_of, widths)

    def _table(self, tag: str) -> bytes:
        start, length = self._tables[tag]
        return self._data[start : start + length]

    def _thousandths(self, units: int) -> int:
        return round(units * 1000 / self.units_per_em)

    def _glyph_offsets(self) -> tuple[int, ...]:
        long_offsets: int = struct.unpack_from(">h", self._table("head"), 50)[0]
        count = self._glyphs + 1
        if long_offsets:
            return struct.unpack_from(f">{count}I", self._table("loca"))
        return tuple(2 * each for each in struct.unpack_from(f">{count}H", self._table("loca")))

    def _raw_advance(self, glyph: int) -> int:
        advance: int = struct.unpack(">Hh", self._metric(glyph))[0]
        return advance

    def _advance(self, glyph: int) -> int:
        return self._thousandths(self._raw_advance(glyph))

    def _metric(self, glyph: int) -> bytes:
        """Return the advance and the left bearing; the last glyphs may share one advance."""
        table = self._table("hmtx")
        if glyph < self._metrics:
            return table[4 * glyph : 4 * glyph + 4]
        last = 4 * (self._metrics - 1)
        bearing = 4 * self._metrics + 2 * (glyph - self._metrics)
        return table[last : last + 2] + table[bearing : bearing + 2]

    def _outline(self, glyph: int) -> bytes:
        start = self._tables["glyf"][0]
        return self._data[start + self._offsets[glyph] : start + self._offsets[glyph + 1]]

    def _add_components(self, order: list[int]) -> None:
        """Add the glyphs that glyphs are put together from, such as the accents of letters."""
        for glyph in order:  # grows while it is walked
            for _, component in _components(self._outline(glyph)):
                if component not in order:
                    order.append(component)

    def _renumbered(self, glyph: int, order: list[int]) -> bytes:
        outline = bytearray(_without_instructions(self._outline(glyph)))
        for place, component in _components(bytes(outline)):
            struct.pack_into(">H", outline, place, order.index(component))
        return bytes(outline) + b"\0" * (-len(outline) % 4)

    def _file(self, outlines: list[bytes], metrics: bytes) -> bytes:
        tables = {tag: bytearray(self._table(tag)) for tag in _KEPT_TABLES}
        struct.pack_into(">h", tables["head"], 50, 1)  # long offsets
        struct.pack_into(">H", tables["hhea"], 34, len(outlines))
        struct.pack_into(">H", tables["maxp"], 4, len(outlines))
        places = [0]
        for outline in outlines:
            places.append(places[-1] + len(outline))
        return _file(
            {
                **{tag: bytes(table) for tag, table in tables.items()},
                "glyf": b"".join(outlines),
                "hmtx": metrics,
                "loca": struct.pack(f">{len(places)}I", *places),
            }
        )


@cache
def serif() -> TrueTypeFont:
    """Return the serif face: the measures of Times New Roman, and every Vietnamese letter."""
    return TrueTypeFont(_FONT.read_bytes())


def _directory(data: bytes) -> dict[str, tuple[int, int]]:
    count: int = struct.unpack_from(">H", data, 4)[0]
    found = {}
    for index in range(count):
        tag, _, start, length = struct.unpack_from(">4sIII", data, 12 + 16 * index)
        found[tag.decode("ascii")] = (start, length)
    return found


def _character_map(table: bytes) -> dict[int, int]:
    """Read the format 4 subtable for Windows Unicode, which every font has."""
    count: int = struct.unpack_from(">H", table, 2)[0]
    for index in range(count):
        platform, encoding, start = struct.unpack_from(">HHI", table, 4 + 8 * index)
        if (platform, encoding) == (3, 1) and struct.unpack_from(">H", table, start)[0] == 4:
            return _format_4(table[start:])
    raise ValueError("the font has no Unicode character map")


def _format_4(table: bytes) -> dict[int, int]:
    doubled: int = struct.unpack_from(">H", table, 6)[0]
    count = doubled // 2
    ends = struct.unpack_from(f">{count}H", table, 14)
    starts = struct.unpack_from(f">{count}H", table, 16 + doubled)
    deltas = struct.unpack_from(f">{count}H", table, 16 + 2 * doubled)
    ranges_at = 16 + 3 * doubled
    ranges = struct.unpack_from(f">{count}H", table, ranges_at)
    found: dict[int, int] = {}
    for index, (start, end) in enumerate(zip(starts, ends, strict=True)):
        for code in range(start, min(end, 0xFFFE) + 1):
            glyph = code
            if ranges[index]:
                place = ranges_at + 2 * index + ranges[index] + 2 * (code - start)
                glyph = struct.unpack_from(">H", table, place)[0]
                if glyph == 0:
                    continue
            found[code] = (glyph + deltas[index]) & 0xFFFF
    return found


def _components(outline: bytes) -> list[tuple[int, int]]:
    """Return where a composite glyph names its parts, and the parts; none for a simple one."""
    if not outline or struct.unpack_from(">h", outline)[0] >= 0:
        return []
    found, place = [], 10
    while True:
        flags, glyph = struct.unpack_from(">HH", outline, place)
        found.append((place + 2, glyph))
        place += 8 if flags & _WORDS else 6
        place += 2 * bool(flags & _SCALE) + 4 * bool(flags & _XY_SCALE)
        place += 8 * bool(flags & _TWO_BY_TWO)
        if not flags & _MORE_COMPONENTS:
            return found


def _without_instructions(outline: bytes) -> bytes:
    """Drop the hinting of a glyph: its program's functions are not in the subset."""
    if not outline:
        return outline
    contours: int = struct.unpack_from(">h", outline)[0]
    if contours < 0:
        kept = bytearray(outline)
        for place, _ in _components(outline):
            flags: int = struct.unpack_from(">H", kept, place - 2)[0]
            struct.pack_into(">H", kept, place - 2, flags & ~_INSTRUCTIONS)
        return bytes(kept)
    place = 10 + 2 * contours
    length: int = struct.unpack_from(">H", outline, place)[0]
    return outline[:place] + b"\0\0" + outline[place + 2 + length :]


def _file(tables: dict[str, bytes]) -> bytes:
    """Write a font file. The sums of its tables are left out: PDF readers ignore them."""
    power = 1 << (len(tables).bit_length() - 1)
    header = struct.pack(
        ">IHHHH",
        0x00010000,
        len(tables),
        power * 16,
        power.bit_length() - 1,
        (len(tables) - power) * 16,
    )
    start = len(header) + 16 * len(tables)
    directory, bodies = b"", b""
    for tag, body in sorted(tables.items()):
        directory += struct.pack(">4sIII", tag.encode(), 0, start + len(bodies), len(body))
        bodies += body + b"\0" * (-len(body) % 4)
    return header + directory + bodies
