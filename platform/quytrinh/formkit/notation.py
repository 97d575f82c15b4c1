"""Numbers and dates as people here write them, and as they are stored."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

# 1.234.567,89: dots between thousands, a comma before the fraction; both may be left out.
_NUMBER = re.compile(r"([+-]?)(\d{1,3}(?:\.\d{3})+|\d+)(?:,(\d+))?")
_DATE = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
_EXACT = 2**53


class NotANumber(ValueError):
    """The text is not a number as written here."""


class NotADate(ValueError):
    """The text is not a day of the calendar."""


def read_number(text: str) -> int | float:
    """``1.234.567,89`` as 1234567.89; a whole number stays whole."""
    found = _NUMBER.fullmatch("".join(text.split()))
    if found is None:
        raise NotANumber(text)
    sign, whole, fraction = found.groups()
    value = Decimal(f"{sign}{whole.replace('.', '')}.{fraction or '0'}")
    if value == value.to_integral_value() and abs(value) < _EXACT:
        return int(value)
    number = float(value)
    if number in (float("inf"), float("-inf")):
        raise NotANumber(text)
    return number


def read_date(text: str) -> str:
    """``5/9/2026`` as ``2026-09-05``; raise NotADate for a day that does not exist."""
    found = _DATE.fullmatch("".join(text.split()))
    if found is None:
        raise NotADate(text)
    day, month, year = (int(part) for part in found.groups())
    try:
        return date(year, month, day).isoformat()
    except ValueError as error:
        raise NotADate(text) from error


def write_date(value: str) -> str:
    """``2026-09-05`` as ``05/09/2026``."""
    return date.fromisoformat(value).strftime("%d/%m/%Y")
