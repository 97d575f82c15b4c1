"""Statuses in their lawful order, and types by their names."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quytrinh.exchange import statuses
from quytrinh.exchange.document_types import NAMES, name_of, symbol_of

CODES = sorted(statuses.TITLES)


@pytest.mark.parametrize(
    ("known", "code", "lawful"),
    [
        ((), "01", True),
        ((), "03", False),
        (("01",), "02", True),
        (("01",), "03", True),
        (("01", "02"), "03", False),
        (("01", "03"), "02", False),
        (("01", "03"), "06", True),
        (("01", "03", "05"), "04", False),
        (("01", "03", "06"), "05", False),
        (("01",), "13", True),
        (("01", "02"), "13", False),
        (("01",), "15", False),
        (("01", "13"), "15", True),
        (("01", "13", "15"), "16", False),
        (("01",), "99", False),
    ],
)
def test_what_may_follow(known: tuple[str, ...], code: str, lawful: bool) -> None:
    assert statuses.may_follow(code, known) is lawful


def test_acceptance_is_told_before_what_rests_on_it() -> None:
    assert statuses.lead_to("05", {"01"}) == ("03", "05")
    assert statuses.lead_to("05", {"01", "03"}) == ("05",)
    assert statuses.lead_to("05", {"01", "02"}) == ()


@given(st.lists(st.sampled_from(CODES)))
def test_what_may_follow_never_contradicts(codes: list[str]) -> None:
    known: set[str] = set()
    for code in codes:
        for step in statuses.lead_to(code, known):
            assert not statuses.contradicts(step, known)
            known.add(step)
    assert not {"02", "03"} <= known
    assert statuses.furthest(known) in {*known, ""}


def test_others_statuses_may_come_in_any_order() -> None:
    known: set[str] = set()
    for code in ("06", "03", "05", "01", "04"):
        assert not statuses.contradicts(code, known)
        known.add(code)
    assert statuses.furthest(known) == "06"
    assert statuses.contradicts("02", known)


def test_types_are_known_by_name() -> None:
    assert symbol_of("CÔNG  VĂN") == "CV"
    assert symbol_of("Bản thoả thuận") == "BTT"
    assert symbol_of("Văn bản điện tử mới") == ""
    assert name_of("QĐ") == "Quyết định"
    assert name_of("Lời chúc") == "Lời chúc"
    assert all(symbol_of(name) == symbol for symbol, name in NAMES.items())
