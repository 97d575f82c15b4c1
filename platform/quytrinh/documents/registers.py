"""Opening registers, as the agency declares them."""

from __future__ import annotations

from collections.abc import Iterable

from quytrinh.documents.models import Register
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
