"""Numbers in our files, as JSON writes them and exact everywhere; and as people here write them."""

from __future__ import annotations

import re
from decimal import Decimal

# Fifteen digits are exact in a double, which is what a canonical JSON number is.
_INTEGER = re.compile(r"-?(0|[1-9][0-9]{0,14})")
_NUMBER = re.compile(r"-?(0|[1-9][0-9]{0,14})(\.[0-9]{1,15})?")


def read_integer(text: str) -> int:
    """The whole number; ValueError for any other text."""
    if not _INTEGER.fullmatch(text):
        raise ValueError(text)
    return int(text)


def read_number(text: str) -> int | float:
    """The number, whole where it is whole; ValueError for any other text."""
    if not _NUMBER.fullmatch(text):
        raise ValueError(text)
    value = float(text)
    return int(value) if value.is_integer() else value


def read_truth(text: str) -> bool:
    """`true` or `false`; ValueError for any other text."""
    if text not in ("true", "false"):
        raise ValueError(text)
    return text == "true"


def write_number(value: float) -> str:
    """1234567.89 as ``1.234.567,89``."""
    digits = f"{Decimal(repr(value)):,f}"
    whole, _, fraction = digits.partition(".")
    fraction = fraction.rstrip("0")
    whole = whole.replace(",", ".")
    return f"{whole},{fraction}" if fraction else whole
