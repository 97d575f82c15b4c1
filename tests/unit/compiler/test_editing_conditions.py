"""Conditions without code: what the builder writes it reads back, and it says what it cannot."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quytrinh.compiler.editing.conditions import (
    RELATIONS,
    Condition,
    FieldTest,
    read_condition,
    write_condition,
)

TYPES = {"cost": "double", "count": "int", "kind": "string", "must": "bool", "subject": "string"}
VALUES = {
    "cost": st.integers(0, 10**9).map(str),
    "count": st.integers(0, 999).map(str),
    "kind": st.text("abcđêơ 123", min_size=1, max_size=9),
    "subject": st.text("abcđêơ", min_size=1, max_size=9),
    "must": st.sampled_from(["true", "false"]),
}


@st.composite
def a_test(draw: st.DrawFn) -> FieldTest:
    name = draw(st.sampled_from(sorted(TYPES)))
    operator = draw(
        st.sampled_from(
            ["==", "!=", "has", "!has"] if name == "must" else [*RELATIONS, "has", "!has"]
        )
    )
    return FieldTest(name, operator, "" if "has" in operator else draw(VALUES[name]))


@given(
    joiner=st.sampled_from(["&&", "||"]),
    chosen=st.lists(a_test(), min_size=2, max_size=4, unique_by=lambda each: each.field),
)
def test_what_is_written_is_read_back(joiner: str, chosen: list[FieldTest]) -> None:
    condition = Condition(joiner, tuple(chosen))  # type: ignore[arg-type]
    assert read_condition(write_condition(condition, TYPES)) == condition


def test_a_field_that_may_be_missing_is_asked_for_first() -> None:
    condition = Condition("&&", (FieldTest("cost", ">", "30.000.000"),))
    assert write_condition(condition, TYPES) == "has(case.cost) && case.cost > 30000000"


@pytest.mark.parametrize(
    "text",
    ["size(case.units) > 2", "case.a > case.b", "steps.x.times > 1", "a || b && c", "@", "("],
)
def test_what_says_more_is_left_to_the_text(text: str) -> None:
    assert read_condition(text) is None
