"""A normal form as text: pleasant to read, and read again the same."""

from __future__ import annotations

import pytest

from quytrinh.compiler.text import definition_text
from quytrinh.compiler.yaml_style import scalar
from quytrinh.language.source import MapNode, Word, read_source
from tests.unit.compiler.test_differences import canonical


def test_shorthands_are_used_and_short_things_stand_on_one_line() -> None:
    text = """
quytrinh: 1
flow: thu
name: Thử
basis: noi-quy
roles: {doer: {name: Người làm, who: [{creator: true}]}}
steps:
  - {id: work, by: doer, due: {in: 2d}, cite: ["noi-quy:6.2"], reports: {done: "03"}}
  - id: both
    parallel:
      one: {steps: [{id: a, by: doer, actions: {done: {label: Xong, comment: required}}}]}
      two: {steps: [{id: b, by: doer, verbs: {extend: {allowed: false}}}]}
    join: all
  - {end: done}
"""
    assert definition_text(canonical(text)) == (
        """quytrinh: 1
flow: thu
name: Thử
basis: noi-quy
roles:
  doer: {name: Người làm, who: {creator: true}}
steps:
  - {id: work, by: doer, due: 2d, reports: "03", cite: ["6.2"]}
  - id: both
    join: all
    parallel:
      one:
        steps:
          - {id: a, by: doer, actions: {done: {label: Xong, comment: required}}}
      two:
        steps:
          - {id: b, by: doer, verbs: {extend: false}}
  - {end: done}
"""
    )


@pytest.mark.parametrize(
    "text",
    [
        *("a: b", "a:", "- a", "#x", "a #b", "!a", "'a'", '"', "a, b", "{}", "3", "3.0", "no", "~"),
        *(
            "08:00",
            "a\nb",
            "a\tb",
            "\\",
            "''",
            "%",
            "@",
            "`",
            "&a",
            "*a",
            "|",
            ">",
            "=",
            "ễ",
            "? a",
        ),
        *("\N{NO-BREAK SPACE}a", "a\N{ZERO WIDTH JOINER}b", "𠀀", "--- a", "...", "case.x == 'a'"),
    ],
)
def test_any_text_is_read_as_it_was(text: str) -> None:
    root = read_source(f"a: {{b: {scalar(text)}}}\n", file="x").root
    assert isinstance(root, MapNode)
    inner = root.get("a")
    assert isinstance(inner, MapNode)
    found = inner.get("b")
    assert isinstance(found, Word) and found.text == text.strip()
