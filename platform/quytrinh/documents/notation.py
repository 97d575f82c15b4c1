"""How a number is written: by the agency's own pattern, which is data (Nghị định 30, Phụ lục I)."""

from __future__ import annotations

import re
from datetime import date

from quytrinh.documents.models import Register

# The number goes by itself; what joins it to the rest belongs to neither.
_NUMBER = re.compile(r"[/-]?\{number\}[/-]?")
# An official letter (công văn) has no abbreviation of its type.
OFFICIAL_LETTER = "CV"


def write_code(
    register: Register, *, number: int, day: date, type: str, unit: str
) -> tuple[str, str]:
    """Return the code as written on the document, and its notation (ký hiệu) alone."""
    typed = type not in ("", OFFICIAL_LETTER)
    pattern = register.pattern if typed else register.pattern_untyped or register.pattern
    values = {
        "number": f"{number:02d}",
        "year": str(day.year),
        "type": type if typed else "",
        "agency": register.agency_symbol,
        "unit": register.unit_symbols.get(unit, ""),
    }
    return _fill(pattern, values), _fill(_NUMBER.sub("", pattern), values)


def _fill(pattern: str, values: dict[str, str]) -> str:
    """Put the values in; the joints of a part that is empty go with it."""
    written = re.sub(r"\{(\w+)\}", lambda found: values[found[1]], pattern)
    return re.sub(r"([/-])[/-]+", r"\1", written).strip("/-")
