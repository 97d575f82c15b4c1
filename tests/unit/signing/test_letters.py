"""Our font: every Vietnamese letter, measures in thousandths, small subsets."""

from __future__ import annotations

import struct
import unicodedata

import pytest

from quytrinh.signing.pdf.appearance import fitting_size
from quytrinh.signing.pdf.truetype import serif

_PLAIN = "aăâeêioôơuưy"
_TONES = "\u0300\u0301\u0303\u0309\u0323"


def vietnamese_letters() -> str:
    """All 134 letters with diacritics, in both cases."""
    lower = set("ăâêôơưđ")
    lower |= {unicodedata.normalize("NFC", c + tone) for c in _PLAIN for tone in _TONES}
    return "".join(sorted(lower | {c.upper() for c in lower}))


def test_every_vietnamese_letter_is_there() -> None:
    letters = vietnamese_letters()
    assert len(letters) == 134
    assert [c for c in letters + "₫–“”…" if not serif().has(c)] == []


def test_widths_are_thousandths_whatever_the_units_of_the_font() -> None:
    # the measures of Times New Roman: a digit is half as wide as its size
    assert serif().units_per_em != 1000
    assert serif().width("0") == 500
    assert serif().width("00") == 1000


def test_a_subset_is_a_font_with_the_same_widths() -> None:
    subset = serif().subset("Số 866, ngày Ẫ")
    tables = struct.unpack_from(">H", subset.data, 4)[0]
    assert tables == 6
    for character in "Số 866, ngày Ẫ":
        assert subset.widths[subset.glyph_of[character]] == serif().width(character)


def test_a_subset_is_small() -> None:
    assert len(serif().subset("ngày 22 tháng 11 năm 2026").data) < 8000


def test_parts_of_composite_letters_come_along() -> None:
    plain, composite = serif().subset("i"), serif().subset("í")
    assert len(composite.widths) > len(plain.widths)


@pytest.mark.parametrize(("width", "expected"), [(1000, 13), (25, 10)])
def test_letters_shrink_to_fit(width: float, expected: float) -> None:
    assert fitting_size(["00000"], 13, width, 100) == pytest.approx(expected)
