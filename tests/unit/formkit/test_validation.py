"""Values against a form definition."""

from __future__ import annotations

import time
from typing import Any

import pytest

from quytrinh.formkit.definition import slots_of
from quytrinh.formkit.validation import validate
from tests.support.forms import EVERYTHING

_GOOD = {"subject": "Xin mua máy", "urgency": "urgent"}


def _check(**values: Any) -> dict[str, list[str]]:
    return validate(EVERYTHING, {**_GOOD, **values}, filled_slots={"main"})


def test_good_values_pass() -> None:
    good = {
        "estimated_cost": 12.5,
        "copies": 3,
        "deadline": "2026-09-05",
        "notation": "QD",
        "secret": False,
        "units": ["a", "b"],
        "receivers": ["Sở A"],
        "content": None,
    }
    assert _check(**good) == {}


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("subject", "a" * 21, "Tối đa 20 ký tự"),
        ("subject", None, "Bắt buộc nhập"),
        ("subject", "", "Bắt buộc nhập"),
        ("urgency", "flash", "Chọn một giá trị trong danh sách"),
        ("estimated_cost", "abc", "Phải là số, ví dụ 1.234.567,89"),
        ("estimated_cost", -1, "Không nhỏ hơn 0"),
        ("estimated_cost", 2_000_000_000, "Không lớn hơn 1.000.000.000"),
        ("copies", 1.5, "Phải là số nguyên"),
        ("deadline", "2026-02-31", "Phải là ngày có thật, viết dạng 05/09/2026"),
        ("notation", "qđ", "Không đúng dạng quy định"),
        ("units", ["a", "b", "c"], "Tối đa 2 mục"),
        ("units", ["a", "z"], "Mục 2: Chọn một giá trị trong danh sách"),
        ("receivers", ["ngắn", "quá dài"], "Mục 2: Tối đa 5 ký tự"),
    ],
)
def test_each_fault_is_told_on_its_field(field: str, value: Any, message: str) -> None:
    assert _check(**{field: value}) == {field: [message]}


def test_all_faults_are_told_at_once() -> None:
    errors = validate(EVERYTHING, {"estimated_cost": "x"})
    assert list(errors) == ["subject", "urgency", "estimated_cost", "main"]
    assert errors["main"] == ["Phải chọn tệp"]


def test_an_incomplete_form_may_lack_fields_but_not_hold_wrong_ones() -> None:
    assert validate(EVERYTHING, {}, complete=False) == {}
    assert list(validate(EVERYTHING, {"copies": "x"}, complete=False)) == ["copies"]


def test_a_pattern_cannot_hang_the_server() -> None:
    form = {
        "schema": {
            "properties": [{"id": "a", "type": "string", "title": "A", "pattern": "^(a+)+$"}]
        }
    }
    began = time.monotonic()
    assert validate(form, {"a": "a" * 5000 + "!"}) == {"a": ["Không đúng dạng quy định"]}
    assert time.monotonic() - began < 1


def test_slots_name_their_fields() -> None:
    assert slots_of(EVERYTHING) == {"main": "main"}
