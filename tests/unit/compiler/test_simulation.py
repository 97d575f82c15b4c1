"""A case lived on paper: the story follows the sentences of flows/README.md."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quytrinh.compiler.canonical import canonical_flow, digest
from quytrinh.compiler.check import check_flow
from quytrinh.compiler.naming import Phrases
from quytrinh.compiler.plan import Plan
from quytrinh.compiler.planning import build_plan
from quytrinh.compiler.simulation import Simulation, Story
from quytrinh.compiler.simulation_choice import Chooser, Undecidable
from quytrinh.deadlines.calendar import ZONE
from quytrinh.deadlines.calendars import build_calendars
from quytrinh.deadlines.paper import PaperClock
from tests.support.language import GOLDEN, fake_registry, golden_flows, golden_forms

# A Monday morning.
START = datetime(2026, 11, 23, 8, 0, tzinfo=ZONE)
FORMS, REGISTRY, FLOWS = golden_forms(), fake_registry(), golden_flows()
HEAD = """
quytrinh: 1
flow: thu
name: Thử
roles:
  doer: {name: Người làm, who: {creator: true}}
  boss: {name: Lãnh đạo, who: {position: giam-doc}}
steps:
  - {id: draft, name: Soạn, by: doer, due: 2h}
"""
REVIEW = """
  - id: review
    name: Duyệt
    by: boss
    due: {in: 1d, by_urgency: {flash: 1h}}
    on_late: {action: accept}
    actions:
      accept: {label: Đồng ý}
      fix:    {label: Sửa, return_to: draft, then: back_here}
      again:  {label: Làm lại, return_to: draft, at_most: 1}
  - {end: done, name: Đã duyệt}
"""
BLOCKS = """
  - id: opinions
    name: Lấy ý kiến
    parallel:
      a: {name: Phòng A, steps: [{id: say_a, name: Góp ý A, by: doer}]}
      b: {name: Phòng B, steps: [{id: say_b, name: Góp ý B, by: boss, due: 3d}]}
    join: any
    due: 1d
  - {id: pause, name: Chờ dân, wait: {for: 5d}}
  - {end: done, name: Xong}
"""
CALL = """
  - {id: print, name: In ấn, call: con-in-an, outcomes: {cancelled: {return_to: draft}}}
  - {end: done}
"""


def plan_of(text: str) -> Plan:
    result = check_flow(text, file="x.yaml", forms=FORMS, registry=REGISTRY, flows=FLOWS)
    assert result.flow is not None
    canonical = canonical_flow(result.flow, FORMS, REGISTRY)
    return build_plan(canonical, digest(canonical))


def live(text: str, urgency: str = "", **choices: Any) -> Story:
    plan = plan_of(text)
    clock = PaperClock(build_calendars(), urgency)
    chooser = Chooser(plan, **choices)
    phrases = Phrases.of(plan, registry=REGISTRY)
    return Simulation(phrases, clock=clock, chooser=chooser, start=START, urgency=urgency).run()


def told(story: Story) -> list[str]:
    return [f"{line.at:%d %H:%M} {line.text}" for line in story.lines]


def test_straight_way_is_told_with_people_and_deadlines() -> None:
    assert told(live(HEAD + REVIEW)) == [
        "23 08:00 Hồ sơ bắt đầu theo quy trình “Thử”.",
        "23 08:00 Việc “Soạn” đến Người làm; hạn 10:00 23/11/2026.",
        "23 08:30 Người làm chọn “Hoàn thành” ở “Soạn”.",
        "23 08:30 Việc “Duyệt” đến Lãnh đạo; hạn 17:00 24/11/2026.",
        "23 09:00 Lãnh đạo chọn “Đồng ý” ở “Duyệt”.",
        "23 09:00 Hồ sơ kết thúc: Đã duyệt.",
    ]


def test_scripted_return_comes_straight_back() -> None:
    story = live(HEAD + REVIEW, script={"review": ["fix", "accept"]})
    texts = [line.text for line in story.lines]
    assert "“Duyệt” trả lại “Soạn”." in texts
    assert "“Soạn” đã sửa xong, về thẳng “Duyệt”." in texts
    assert story.outcome == "done"


def test_silence_does_what_the_flow_says_at_the_due_instant_of_the_urgency() -> None:
    story = live(HEAD + REVIEW, "flash", script={"review": ["late"]})
    assert "23 09:30 Im lặng quá hạn ở “Duyệt”: coi như “Đồng ý”." in told(story)


def test_action_is_not_offered_more_often_than_at_most() -> None:
    with pytest.raises(Undecidable, match="`accept`, `fix`"):
        live(HEAD + REVIEW, script={"review": ["again", "again"]})


def test_early_join_releases_the_other_branch_and_a_date_is_waited_for() -> None:
    lines = told(live(HEAD + BLOCKS, script={"say_b": ["late"]}))
    assert "23 08:30 [Phòng A] Việc “Góp ý A” đến Người làm; hạn 17:00 24/11/2026." in lines
    assert "23 09:00 “Lấy ý kiến” xong; thôi việc ở nhánh Phòng B." in lines
    assert lines[-1] == "30 17:00 Hồ sơ kết thúc: Xong."


def test_conditions_are_decided_by_data_or_by_the_script() -> None:
    text = (
        HEAD + "  - {id: more, name: Thêm, by: boss, when: case.urgency == 'flash'}\n  - {end: d}\n"
    )
    skipped = "Bỏ qua “Thêm”: điều kiện không thỏa."
    assert skipped in [each.text for each in live(text, values={"urgency": "normal"}).lines]
    assert skipped not in [each.text for each in live(text, values={"urgency": "flash"}).lines]
    assert skipped in [each.text for each in live(text, script={"more?": ["no"]}).lines]


def test_sub_case_goes_on_by_an_end_that_is_not_named_or_by_one_that_is() -> None:
    text = HEAD + CALL
    ended = "Hồ sơ con ở “In ấn” kết thúc."
    assert ended in [each.text for each in live(text).lines]
    returned = live(text, script={"print": ["cancelled", "finished"]})
    assert "“In ấn” trả lại “Soạn”." in [each.text for each in returned.lines]


@pytest.mark.parametrize("path", sorted((GOLDEN / "ok").glob("*.yaml")), ids=lambda each: each.stem)
@settings(max_examples=20)
@given(seed=st.integers(0, 10_000))
def test_every_golden_flow_ends_whatever_is_decided(path: Any, seed: int) -> None:
    result = check_flow(path.read_bytes(), file="x", forms=FORMS, registry=REGISTRY, flows=FLOWS)
    assert result.ok
    assert live(path.read_text(), seed=seed).outcome is not None
