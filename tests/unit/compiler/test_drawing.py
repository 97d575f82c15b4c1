"""The SVG of a plan."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest

from quytrinh.compiler.drawing import draw
from tests.support.plans import (
    action,
    end,
    handled_by_units,
    human,
    plan_of,
    submission_slip,
)

_SVG = "{http://www.w3.org/2000/svg}"


def _parse(svg: str) -> ET.Element:
    return ET.fromstring(svg)  # noqa: S314 - our own drawing


def _classed(root: ET.Element, name: str) -> list[ET.Element]:
    return [one for one in root.iter() if name in one.get("class", "").split()]


@pytest.mark.parametrize("compact", [False, True])
def test_a_drawing_is_named_described_and_free_of_styles_and_scripts(compact: bool) -> None:
    root = _parse(draw(submission_slip(), title="Sơ đồ", current={"review"}, compact=compact))
    assert root.get("role") == "img"
    ids = {one.get("id"): one.text for one in root.iter() if one.get("id")}
    assert ids[root.get("aria-labelledby")] == "Sơ đồ"
    assert "Đang ở: bước 2 Kiểm tra nội dung." in (ids[root.get("aria-describedby")] or "")
    for one in root.iter():
        assert one.tag not in {f"{_SVG}style", f"{_SVG}script"}
        assert not any(key == "style" or key.startswith("on") for key in one.attrib)


@pytest.mark.parametrize("compact", [False, True])
def test_current_and_passed_steps_are_marked(compact: bool) -> None:
    root = _parse(
        draw(submission_slip(), title="T", current={"review"}, done={"draft"}, compact=compact)
    )
    assert [one.get("data-step") for one in _classed(root, "step-current")] == ["review"]
    assert [one.get("data-step") for one in _classed(root, "step-done")] == ["draft"]
    assert len(_classed(root, "step")) == len(submission_slip().steps)


@pytest.mark.parametrize("compact", [False, True])
def test_every_place_of_a_case_at_several_steps_is_marked(compact: bool) -> None:
    plan = handled_by_units()
    root = _parse(draw(plan, current={"check", "pay"}, done={"assign", "work"}, compact=compact))
    marked = [one.get("data-step") for one in _classed(root, "step-current")]
    assert sorted(marked) == ["check", "pay"]
    assert len(_classed(root, "step")) == len(tuple(plan.all_steps()))
    told = " ".join(root.itertext())
    assert "Đang ở: bước 5 Kiểm tra, bước 6 Kiểm tra." in told


def test_blocks_are_framed_and_say_who_takes_part() -> None:
    root = _parse(draw(handled_by_units(), current={"pay"}))
    frames = {one.get("data-block"): one.get("class") for one in _classed(root, "block")}
    assert frames == {"handle": "block", "both": "block block-current"}
    titles = [" ".join(one.itertext()) for one in _classed(root, "block-title")]
    assert titles[0].startswith("Các đơn vị xử lý — Từng nơi trong “Lĩnh vực”")
    assert "Làm song song: Văn bản; Kinh phí: nếu" in titles[1]
    marks = [" ".join(one.itertext()) for one in _classed(root, "mark-join")]
    assert any("Nơi chủ trì xong là đủ" in text for text in marks)


def test_returns_are_drawn_apart_from_forward_arrows() -> None:
    root = _parse(draw(submission_slip(), title="T"))
    assert len(_classed(root, "edge-return")) == 2
    assert len(_classed(root, "edge")) == 11  # the start leads to the first step


def test_texts_of_the_flow_are_escaped() -> None:
    plan = plan_of([human("a", "a", action("x", "b"), name='<script>&"')], {"a": "<b>"})
    plan = plan_of([*plan.steps, end("b")], {"a": "<b>"})
    svg = draw(plan, title="<i>")
    assert "<script" not in svg and "<b>" not in svg and "<i>" not in svg
    assert "".join(_parse(svg).itertext()).count('<script>&"') == 2


def test_the_full_and_the_small_drawing_share_no_id() -> None:
    pictures = [_parse(draw(submission_slip(), title="T", compact=c)) for c in (False, True)]
    first, second = ({one.get("id") for one in root.iter()} - {None} for root in pictures)
    assert first.isdisjoint(second)
