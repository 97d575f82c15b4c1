"""The adapter over CEL: types, columns, one spelling, and errors that never count as false."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quytrinh.language.expression_check import Checker
from quytrinh.language.expressions import ExpressionError, evaluate, holds
from quytrinh.language.fields import field_types, typed_values

CHECKER = Checker(
    {
        "case.area": "double",
        "case.copies": "int",
        "case.name": "string",
        "case.on": "timestamp",
        "case.tags": "list<string>",
        "docs.main": "record",
        "docs.annexes": "list<record>",
        "steps.review.action": "string",
        "now": "timestamp",
    }
)
NORMAL = [
    ("case.area > 10", "case.area > 10.0", "bool"),
    ("10<case.area", "10.0 < case.area", "bool"),
    ("case.area > -3", "case.area > -3.0", "bool"),
    ("-3 < case.area*2", "-3.0 < case.area * 2.0", "bool"),
    ("case.area - 1 > 2 - -3", "case.area - 1.0 > 2.0 - -3.0", "bool"),
    ("case.copies>1", "case.copies > 1", "bool"),
    ("has( case.area )&&case.area>=5", "has(case.area) && case.area >= 5.0", "bool"),
    ("!has(docs.main)", "!has(docs.main)", "bool"),
    ("has(docs.main.number) && docs.main.number == 3", None, "bool"),
    ('case.name == "a"', "case.name == 'a'", "bool"),
    ('case.name == "it\'s"', None, "bool"),
    ("case.name == 'Trình'", None, "bool"),
    ("case.name in ['a',  'b']", "case.name in ['a', 'b']", "bool"),
    ("case.tags.exists(t, t == 'x')", None, "bool"),
    ("case.on < now - duration('24h')", None, "bool"),
    ("case.on < timestamp('2026-01-31T00:00:00Z')", None, "bool"),
    ("steps.review.action == 'approve' // trùng", "steps.review.action == 'approve'", "bool"),
    ("case.copies == 1 ? 'a' : 'b'", None, "string"),
    ("size(docs.annexes) > 0", None, "bool"),
    ("case.area > (1 + 2.0)", "case.area > (1.0 + 2.0)", "bool"),
    ("case.area > (1 + 2)", None, None),
    ("1 / 0 == 1", None, "bool"),
]
FAULTS = [
    ("case.nme == 'a'", "unknown", 0, "case.nme"),
    ("case.area > 1.0 && has(case.nme)", "unknown", 23, "case.nme"),
    ("case.name == 'đ' && case.zz", "unknown", 20, "case.zz"),
    ("case.name == 'a'\n  && nam == 'b'", "unknown", 22, "nam"),
    ("case.name > 1", "type", 10, ""),
    ("case.area == case.copies", "type", 10, ""),
    ("case.copies + 1", None, 0, ""),
    ("case.name.matches('(')", "syntax", 18, ""),
    ("case.area.part == 1", "type", 9, ""),
    ("has(now)", "type", 4, ""),
    ("case.name == '😀' && case.zz", "unknown", 20, "case.zz"),
    ("case.name &&", "syntax", 10, ""),
    ("case.name = 'a'", "syntax", 10, ""),
    ("chữ == 'a'", "syntax", 2, ""),
    ("", "syntax", 0, ""),
    ("   ", "syntax", 0, ""),
    ("'unclosed", "syntax", 0, ""),
    ("(" * 300, "syntax", 0, ""),
    ("[" * 300, "syntax", 0, ""),
    ("1 + " * 200 + "1", "size", 0, ""),
    ("case.name == '" + "x" * 1000 + "'", "size", 0, ""),
    ("[1].all(a, [1].all(b, [1].all(c, c > 0)))", "size", 29, ""),
]


@pytest.mark.parametrize(("text", "normal", "kind"), NORMAL, ids=[each[0] for each in NORMAL])
def test_right_expressions_have_one_spelling(
    text: str, normal: str | None, kind: str | None
) -> None:
    checked = CHECKER.check(text)
    if kind is None:
        assert [each.kind for each in checked.problems] == ["type"]
        return
    assert checked.problems == ()
    assert checked.text == (normal or text)
    assert checked.type == kind
    assert CHECKER.check(checked.text) == checked


@pytest.mark.parametrize(
    ("text", "kind", "offset", "name"), FAULTS, ids=[each[0][:40] for each in FAULTS]
)
def test_faults_have_a_kind_and_a_place(
    text: str, kind: str | None, offset: int, name: str
) -> None:
    checked = CHECKER.check(text)
    if kind is None:
        assert checked.type == "int"
        return
    assert checked.text == ""
    problem = checked.problems[0]
    assert problem.kind == kind
    assert problem.name == name
    if len(text) < 100:
        assert problem.offset == offset


@given(st.text(alphabet="case.arenm()[]{}'\"&|!<>=+-*/?:, 0129\\\n\tđ", max_size=60))
def test_any_text_gives_a_verdict(text: str) -> None:
    checked = CHECKER.check(text)
    assert bool(checked.text) != bool(checked.problems)


RECORD: dict[str, Any] = {
    "case": {"area": 12.5, "name": "a", "copies": 2, "note": None},
    "docs": {"main": {"number": 3}},
    "steps": {"review": {"action": "approve"}},
    "now": datetime(2026, 1, 31, tzinfo=UTC),
}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("case.area >= 5.0", True),
        ("case.area * 2.0 == 25.0", True),
        ("has(case.note)", False),
        ("has(case.missing) && case.missing > 5.0", False),
        ("docs.main.number == 3", True),
        ("has(docs.reply)", False),
        ("steps.review.action == 'approve'", True),
        ("now > timestamp('2026-01-01T00:00:00Z')", True),
        ("case.name", "a"),
    ],
)
def test_evaluation(text: str, value: object) -> None:
    assert evaluate(text, RECORD) == value


@pytest.mark.parametrize(
    "text",
    [
        "case.missing > 5.0",
        "case.note == 'x'",
        "docs.reply.number == 1",
        "steps.gone.action == 'x'",
        "1 / 0 == 1",
        "case.name > 1",
        "no such thing",
        "event.x",
        "[1,2,3,4,5,6,7,8,9,10].all(a, [1,2,3,4,5,6,7,8,9,10].all(b, a / (b - b) == 1))",
    ],
)
def test_what_cannot_be_evaluated_is_an_error_and_never_false(text: str) -> None:
    with pytest.raises(ExpressionError):
        holds(text, RECORD)


def test_a_condition_must_be_a_truth_value() -> None:
    with pytest.raises(ExpressionError):
        holds("case.copies", RECORD)


def test_no_behaviour_gets_into_a_record() -> None:
    with pytest.raises(ExpressionError):
        evaluate("case.x", {"case": {"x": object()}})


def test_missing_now_is_an_error_where_it_is_needed() -> None:
    assert holds("case.a", {"case": {"a": True}})
    with pytest.raises(ExpressionError):
        holds("now > timestamp('2026-01-01T00:00:00Z')", {"case": {}})


def test_a_costly_expression_is_stopped() -> None:
    lists = {"case": {"a": list(range(500))}}
    with pytest.raises(ExpressionError):
        holds("case.a.all(x, case.a.all(y, x + y >= 0))", lists)


def test_stored_values_become_typed() -> None:
    form = {
        "schema": {
            "properties": [
                {"id": "cost", "type": "number"},
                {"id": "on", "type": "string", "format": "date"},
                {"id": "costs", "type": "array", "items": {"type": "number"}},
                {"id": "copies", "type": "integer"},
                {"id": "file", "type": "string", "x-slot": "main"},
            ]
        }
    }
    types = field_types(form)
    assert types == {
        "cost": "double",
        "on": "timestamp",
        "costs": "list<double>",
        "copies": "int",
    }
    stored = {"cost": 5, "on": "2026-01-31", "costs": [1, 2.5], "copies": 2, "empty": None}
    typed = typed_values(stored, types)
    assert typed == {
        "cost": 5.0,
        "on": datetime(2026, 1, 31, tzinfo=UTC),
        "costs": [1.0, 2.5],
        "copies": 2,
    }
    assert isinstance(typed["cost"], float)
    assert holds("case.cost * 2.0 == 10.0 && case.costs[0] / 2.0 == 0.5", {"case": typed})


def test_list_that_was_never_filled_is_empty() -> None:
    case = typed_values({}, {"helpers": "list<person>", "title": "string"})
    record = {"case": case, "results": {"ask": []}}
    assert holds("size(case.helpers) == 0 && !has(case.helpers)", record)
    assert holds("!has(results.ask) && !results.ask.exists(r, r.lead)", record)
    filled = {"case": typed_values({"helpers": ["a"]}, {"helpers": "list<person>"})}
    assert holds("has(case.helpers) && case.helpers[0] == 'a'", filled)
    with pytest.raises(ExpressionError):
        holds("case.title == 'x'", record)


def test_dates_are_instants_wherever_they_stand() -> None:
    record = {
        "case": {"on": datetime(2026, 1, 31, tzinfo=UTC), "late": None},
        "steps": {"review": {"at": datetime(2026, 2, 1, tzinfo=UTC)}},
        "docs": {"annexes": [{"signed_at": datetime(2026, 2, 1, tzinfo=UTC)}]},
        "now": datetime(2026, 3, 1, tzinfo=UTC),
    }
    assert holds("has(case.on) && case.on < steps.review.at && steps.review.at < now", record)
    assert holds("!has(case.late) && case.on.getFullYear() == 2026", record)
    assert holds("size(docs.annexes) == 1", record)
    with pytest.raises(ExpressionError):
        holds("case.late < now", record)


def test_plain_values_of_other_types() -> None:
    typed = typed_values({"id": UUID(int=1), "day": date(2026, 1, 31), "pair": (1, 2)}, {})
    assert typed == {
        "id": str(UUID(int=1)),
        "day": datetime(2026, 1, 31, tzinfo=UTC),
        "pair": [1, 2],
    }
