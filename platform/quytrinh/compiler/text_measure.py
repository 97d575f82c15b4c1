"""How wide a text is, guessed on the safe side, and how to break it into lines."""

from __future__ import annotations

import unicodedata

# Advance widths in ems, at or above those of the sans-serif faces a page may fall back to.
_NARROW, _SPACE, _PLAIN, _CAPITAL, _HORNED, _WIDE = 0.42, 0.36, 0.66, 0.80, 0.92, 1.05
_HORN = "\N{COMBINING HORN}"
_NARROW_LETTERS = frozenset("fijlrtI.,:;'|!()[]/-")
_WIDE_LETTERS = frozenset("mwMW%@&—…")


def _em_width(character: str) -> float:
    """Measure one character; a letter with diacritics is as wide as its base."""
    decomposed = unicodedata.normalize("NFD", character)
    base = decomposed[0]
    if unicodedata.combining(base):
        return 0.0
    if base.isspace():
        return _SPACE
    if base in _NARROW_LETTERS:
        return _NARROW
    if base in _WIDE_LETTERS or ord(base) > 0x2000:
        return _WIDE
    if base.isupper():
        return _HORNED if _HORN in decomposed else _CAPITAL
    return _PLAIN


def text_width(text: str, size: float) -> float:
    """Width of `text` at a font size of `size`, never less than what a browser draws."""
    return sum(_em_width(character) for character in text) * size


def _pieces(word: str, size: float, width: float) -> list[str]:
    """Break a word that is wider than a whole line."""
    pieces, piece = [], ""
    for character in word:
        if piece and text_width(piece + character, size) > width:
            pieces.append(piece)
            piece = ""
        piece += character
    return [*pieces, piece]


def wrap(text: str, size: float, width: float) -> tuple[str, ...]:
    """As few lines of at most `width` as hold the text, of about equal length; none is cut."""
    lines = _fill(text, size, width)
    while len(lines) > 1:
        width *= 0.94
        evener = _fill(text, size, width)
        if len(evener) > len(lines) or " ".join(evener) != " ".join(lines):
            break  # one line more, or a word broken that was whole
        lines = evener
    return lines


def _fill(text: str, size: float, width: float) -> tuple[str, ...]:
    lines: list[str] = []
    line = ""
    for word in unicodedata.normalize("NFC", text).split():
        joined = f"{line} {word}" if line else word
        if text_width(joined, size) <= width:
            line = joined
            continue
        if line:
            lines.append(line)
        *whole, line = _pieces(word, size, width)
        lines.extend(whole)
    return (*lines, line) if line else tuple(lines)
