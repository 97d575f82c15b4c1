"""Numbers and dates as written here."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quytrinh.formkit.notation import (
    NotADate,
    NotANumber,
    read_date,
    read_number,
    write_date,
)
from quytrinh.language.numbers import write_number


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1.234.567,89", 1234567.89),
        ("1234567,89", 1234567.89),
        ("500.000.000", 500_000_000),
        ("-3", -3),
        ("1 000", 1000),
        ("0,50", 0.5),
        ("007", 7),
    ],
)
def test_numbers_are_read(text: str, value: float) -> None:
    assert read_number(text) == value
    assert type(read_number(text)) is type(value)


@pytest.mark.parametrize(
    "text", ["", "abc", "1.23", "1,234,567", "1e9", "inf", "1.", ",5", "12.3456"]
)
def test_other_texts_are_not_numbers(text: str) -> None:
    with pytest.raises(NotANumber):
        read_number(text)


def test_a_number_beyond_every_measure_is_refused() -> None:
    with pytest.raises(NotANumber):
        read_number("9" * 400)


@given(st.integers(-(2**52), 2**52) | st.floats(-1e15, 1e15, allow_nan=False))
def test_what_is_written_is_read_back(value: float) -> None:
    assert read_number(write_number(value)) == value


def test_numbers_are_written_with_dots_and_a_comma() -> None:
    assert write_number(1234567.89) == "1.234.567,89"
    assert write_number(500_000_000) == "500.000.000"


@pytest.mark.parametrize("text", ["05/09/2026", "5/9/2026", "5-9-2026", " 05.09.2026 "])
def test_dates_are_read(text: str) -> None:
    assert read_date(text) == "2026-09-05"


@pytest.mark.parametrize("text", ["", "2026-09-05", "31/02/2026", "5/9/26", "nay", "00/01/2026"])
def test_other_texts_are_not_dates(text: str) -> None:
    with pytest.raises(NotADate):
        read_date(text)


@given(st.dates(min_value=date(1000, 1, 1)))
def test_a_date_written_is_read_back(day: date) -> None:
    assert read_date(write_date(day.isoformat())) == day.isoformat()
