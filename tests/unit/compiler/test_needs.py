"""What a step takes for granted: read further on, unguarded, and given by nothing on the way."""

from __future__ import annotations

from quytrinh.compiler.check import check_flow
from quytrinh.compiler.needs import needs_of
from tests.support.language import fake_registry, golden_forms

FORMS, REGISTRY = golden_forms(), fake_registry()
HEAD = """
quytrinh: 1
flow: thu
name: Thử
document: internal
roles:
  drafter: {name: Người soạn, who: {creator: true}}
  viewer: {name: Người xem, who: {performer_of: first}}
start: {by: drafter, form: phieu-trinh}
steps:
"""
CHOICE = """  - id: way
    choose:
      - {when: "case.content == 'x'", to: last}
      - {else: done}
"""
END = "  - {end: done}\n"


def human(step: str, by: str = "drafter", more: str = "") -> str:
    return f"  - {{id: {step}, by: {by}, {more}actions: {{ok: {{label: Xong}}}}}}\n"


def needs(*steps: str) -> dict[str, tuple[str, ...]]:
    """What each step of a flow without errors needs."""
    text = HEAD + "".join(steps) + END
    result = check_flow(text, file="x.yaml", forms=FORMS, registry=REGISTRY)
    assert result.ok and result.flow is not None, result.diagnostics
    return needs_of(result.flow, FORMS, REGISTRY)


def test_field_read_further_on_is_needed_up_to_where_it_is_read() -> None:
    found = needs(human("first"), human("second", "viewer"), CHOICE, human("last"))
    assert "case.content" in found["first"]
    assert "case.content" in found["way"]
    assert found["last"] == ()


def test_field_entered_on_the_way_is_not_needed_before() -> None:
    again = human("second", "viewer", "form: phieu-trinh, ")
    found = needs(human("first"), again, CHOICE, human("last"))
    assert "case.content" not in found["first"]
    assert "case.content" in found["way"]


def test_step_is_needed_from_where_it_is_done_to_where_its_performer_is_asked_for() -> None:
    found = needs(human("first"), human("between"), human("second", "viewer"), human("last"))
    assert found["first"] == ()
    assert found["between"] == ("steps.first",)
    assert found["second"] == ("steps.first",)
    assert found["last"] == ()


def test_what_is_asked_for_before_it_is_read_is_not_needed() -> None:
    guarded = CHOICE.replace("case.content == 'x'", "has(case.estimated_cost)")
    found = needs(human("first"), human("second", "viewer"), guarded, human("last"))
    assert set(found["second"]) == {"steps.first"}
