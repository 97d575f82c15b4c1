"""Lengths of time as minutes, to compare deadlines with each other; the clock itself is runtime's.

A day of work counts eight hours, a week five days: enough for a warning, never for a deadline.
"""

from __future__ import annotations

from quytrinh.language.source import Word

NATURAL = "natural"
_WORKING = {"m": 1, "h": 60, "d": 480, "w": 2400, "y": 120_000}
_NATURAL = {"m": 1, "h": 60, "d": 1440, "w": 10_080, "y": 525_600}


def minutes(period: Word | None, calendar: Word | None) -> int | None:
    """The minutes of a period on its calendar; None for a word such as `same_day`."""
    text = period.text if period else ""
    if len(text) < 2 or not text[:-1].isdigit():
        return None
    units = _NATURAL if calendar and calendar.text == NATURAL else _WORKING
    return int(text[:-1]) * units[text[-1]] if text[-1] in units else None


def in_words(total: int, calendar: Word | None) -> str:
    """`1 ngày 4 giờ`."""
    units = _NATURAL if calendar and calendar.text == NATURAL else _WORKING
    said = []
    for unit, name in (("d", "ngày"), ("h", "giờ"), ("m", "phút")):
        count, total = divmod(total, units[unit])
        if count:
            said.append(f"{count} {name}")
    return " ".join(said) or "0 phút"
