"""Names of files as people send them."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quytrinh.documents.actions import file_name


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        ("Phiếu trình.pdf", "Phiếu trình.pdf"),
        (unicodedata.normalize("NFD", "Phiếu trình.pdf"), "Phiếu trình.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\Users\\an\\to-trinh.PDF", "to-trinh.PDF"),
        ("a\r\nb\x00.pdf", "ab.pdf"),
        ("", "van-ban.pdf"),
        (".pdf", "pdf.pdf"),
    ],
)
def test_a_name_is_its_last_part_composed_and_printable(given_name: str, kept: str) -> None:
    assert file_name(given_name) == kept


@given(st.text(max_size=500))
def test_any_name_is_made_safe(given_name: str) -> None:
    name = file_name(given_name)
    assert 0 < len(name) <= 200
    assert not {"/", "\\", "\0", "\n", "\r"} & set(name)
    assert "." in name
