"""Opening registers, as the agency declares them, and closing what was printed of them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from datetime import date
from typing import Any

from quytrinh.documents.models import Register, RegisterEntry
from quytrinh.language.manifest import RegisterDeclaration


def open_registers(*, declared: Iterable[RegisterDeclaration]) -> tuple[str, ...]:
    """Open the registers that the agency lacks; return their keys. One that is open stays."""
    known = set(Register.objects.values_list("key", flat=True))
    missing = [each for each in declared if each.key not in known]
    Register.objects.bulk_create(
        Register(
            key=each.key,
            name=each.name,
            book=each.book,
            pattern=each.pattern,
            pattern_untyped=each.pattern_untyped,
            agency_symbol=each.agency,
            unit_symbols=dict(each.units),
        )
        for each in missing
    )
    return tuple(each.key for each in missing)


def closing_of(register: Register, first: date, last: date) -> dict[str, Any]:
    """Return which lines of these days a register has, void ones too, and their digest.

    A line that is changed after its sheet was printed and bound no longer gives the digest.
    """
    lines = RegisterEntry.objects.filter(series__register=register, date__range=(first, last))
    rows = [
        [each.series.year, each.number, each.state, each.code, f"{each.date}", each.subject]
        for each in lines.select_related("series").order_by("series__year", "number")
    ]
    written = json.dumps(rows, ensure_ascii=False).encode()
    return {
        "register": register.key,
        "name": register.name,
        "from": first.isoformat(),
        "to": last.isoformat(),
        "lines": len(rows),
        "sha256": hashlib.sha256(written).hexdigest(),
    }
