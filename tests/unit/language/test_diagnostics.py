"""A diagnostic as text and as JSON."""

from __future__ import annotations

from quytrinh.language.diagnostics import Span, did_you_mean, error, finish, warning

TEXT = "một: hai\n\tba: bốn\n"


def test_text_has_place_line_caret_and_hint() -> None:
    span = Span("a.yaml", 1, 6, 1, 9)
    (found,) = finish([error("F011", span, "Giá trị `hai`", "có phải `ba`?")], TEXT)
    assert found.as_text() == (
        "a.yaml:1:6: lỗi F011: Giá trị `hai`\n    một: hai\n         ^^^\n  gợi ý: có phải `ba`?"
    )


def test_caret_stands_right_below_after_a_tab() -> None:
    (found,) = finish([warning("F306", Span("a", 2, 2, 2, 4), "x")], TEXT)
    assert found.as_text().split("\n")[1:] == ["     ba: bốn", "     ^^"]


def test_json_is_complete() -> None:
    found = error("F011", Span("a", 1, 2, 3, 4), "m", "h")
    assert found.as_json() == {
        "code": "F011",
        "severity": "error",
        "message": "m",
        "hint": "h",
        "file": "a",
        "line": 1,
        "column": 2,
        "end_line": 3,
        "end_column": 4,
    }


def test_findings_are_sorted_and_told_once() -> None:
    late, early = Span("a", 2, 1, 2, 2), Span("a", 1, 1, 1, 2)
    found = finish([error("F1", late, "x"), error("F1", early, "x"), error("F1", late, "x")], TEXT)
    assert [each.span.line for each in found] == [1, 2]


def test_a_very_long_line_is_cut() -> None:
    text = "x" * 10_000
    near, far = finish(
        [error("F1", Span("a", 1, 1, 1, 9000), "x"), error("F1", Span("a", 1, 500, 1, 501), "x")],
        text,
    )
    assert max(len(line) for each in (near, far) for line in each.as_text().split("\n")) < 200


def test_hint_names_the_nearest_or_a_few() -> None:
    assert did_you_mean("deu", ["due", "by"]) == "có phải `due`?"
    assert did_you_mean("xyz", ["due", "by"]) == "hiện có: `due`, `by`"
    assert did_you_mean("xyz", []) == ""
