"""Breaking text into lines."""

from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from quytrinh.compiler.text_measure import text_width, wrap


@given(st.text(max_size=120), st.integers(30, 200))
def test_no_line_is_too_wide_and_no_letter_is_lost(text: str, width: int) -> None:
    lines = wrap(text, 13, width)
    assert all(text_width(line, 13) <= width for line in lines)
    whole = unicodedata.normalize("NFC", text)
    assert "".join("".join(lines).split()) == "".join(whole.split())


def test_lines_are_of_about_equal_length() -> None:
    assert wrap("Vào sổ, lưu hồ sơ", 13, 120) == ("Vào sổ,", "lưu hồ sơ")


def test_diacritics_do_not_add_width() -> None:
    assert text_width("Ế", 13) == text_width("E", 13)
    assert text_width(unicodedata.normalize("NFD", "Ế"), 13) == text_width("E", 13)
