"""The map of obligations: whole, and true of the tests it names."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "scripts"))

import coverage_of_law as coverage


def test_every_obligation_is_mapped_and_every_test_named_is_there() -> None:
    found = coverage.lines()
    assert len(found) == 184
    assert list(coverage.faults(found)) == []


def test_the_sums_say_how_far_each_line_is() -> None:
    told = coverage.sums(coverage.lines())
    assert told.startswith("184 lines: proved ")
    assert "rule 56, platform 85, setting 21, plugin 13, organisational 9" in told


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"tests": ("tests/unit/test_house.py::test_nobody_wrote_this",)}, "không có kiểm thử"),
        ({"kind": "hope"}, "loại lạ"),
        ({"kind": "rule", "rules": ()}, "không quy tắc nào"),
        ({"kind": "platform", "by": "", "document": ""}, "không nói nằm ở đâu"),
        ({"document": "docs/khong-co.md"}, "không có tài liệu"),
    ],
)
def test_a_wrong_line_is_told(change: dict[str, object], fault: str) -> None:
    line = coverage.lines()[0]
    known = {name: getattr(line, name) for name in line.__slots__}
    wrong = coverage.Line(**{**known, **change})  # type: ignore[arg-type]
    assert any(fault in told for told in coverage.faults([wrong]))


def test_a_line_that_is_missing_or_unknown_is_told() -> None:
    found = coverage.lines()
    assert "IN-01: không có trong bản đồ" in list(coverage.faults(found[1:]))
