"""The layout of any plan: nothing cut, nothing run through, no unrelated arrows together."""

from __future__ import annotations

from itertools import combinations, product

import pytest

from quytrinh.compiler.framing import FRAME_PADDING, HEADER_WIDTH
from quytrinh.compiler.layout import Arrow, Box, FrameBand, Layout, Rect, layout
from quytrinh.compiler.plan import Plan
from quytrinh.compiler.sizes import (
    BOX_PADDING,
    LABEL_PADDING,
    NAME_LINE,
    NAME_SIZE,
    SMALL_LINE,
    SMALL_SIZE,
)
from quytrinh.compiler.text_measure import text_width
from tests.support.campaign import figure
from tests.support.plans import action, end, human, plan_of, submission_slip
from tests.support.random_plans import ROLES, RandomPlans


def _segments(arrow: Arrow) -> list[Rect]:
    """The pieces of an arrow as rectangles without width or height."""
    return [
        Rect(min(x, to_x), min(y, to_y), abs(to_x - x), abs(to_y - y))
        for (x, y), (to_x, to_y) in zip(arrow.points, arrow.points[1:], strict=False)
    ]


def _cuts(piece: Rect, box: Rect) -> bool:
    """Whether the piece runs through the inside of the box."""
    return (
        piece.x < box.right - 0.01
        and piece.right > box.x + 0.01
        and piece.y < box.bottom - 0.01
        and piece.bottom > box.y + 0.01
    )


def _covers(one: Rect, other: Rect) -> bool:
    """Whether two pieces lie upon each other for some length."""
    if one.height == other.height == 0 and abs(one.y - other.y) < 1:
        return min(one.right, other.right) - max(one.x, other.x) > 0.01
    if one.width == other.width == 0 and abs(one.x - other.x) < 1:
        return min(one.bottom, other.bottom) - max(one.y, other.y) > 0.01
    return False


def _related(one: Arrow, other: Arrow) -> bool:
    return one.link.source == other.link.source or one.link.target == other.link.target


def _check_arrows(drawn: Layout) -> None:
    boxes = {box.node.id: box.rect for box in drawn.boxes}
    for arrow in drawn.arrows:
        for piece in _segments(arrow):
            assert piece.width == 0 or piece.height == 0
            for step, rect in boxes.items():
                # the arrow of a choice starts on its slanted side, inside the rectangle
                if step != arrow.link.source:
                    assert not _cuts(piece, rect), (arrow.link, step)
    for one, other in combinations(drawn.arrows, 2):
        if not _related(one, other):
            for piece in _segments(one):
                assert not any(_covers(piece, q) for q in _segments(other)), (one, other)


def _check_box(box: Box) -> None:
    inside = box.rect.width - 2 * BOX_PADDING
    assert all(text_width(line, NAME_SIZE) <= inside for line in box.lines)
    assert all(text_width(line, SMALL_SIZE) <= inside for line in box.details)
    assert len(box.lines) * NAME_LINE + len(box.details) * SMALL_LINE <= box.rect.height
    assert "".join(box.lines).replace(" ", "") == box.node.text.replace(" ", "")


def _check_room(drawn: Layout) -> None:
    rects = [box.rect for box in drawn.boxes]
    labels = [arrow.label for arrow in drawn.arrows if arrow.label]
    assert not any(_cuts(one, other) for one, other in combinations(rects, 2))
    for label in labels:
        inside = label.rect.width - 2 * LABEL_PADDING
        assert all(text_width(line, SMALL_SIZE) <= inside + 0.01 for line in label.lines)
        assert not any(_cuts(label.rect, rect) for rect in rects), label
    for one, other in combinations(labels, 2):
        assert not _cuts(one.rect, other.rect), (one, other)
    for rect in [*rects, *(label.rect for label in labels)]:
        assert rect.x > HEADER_WIDTH and rect.right < drawn.width
        assert any(rect.y > lane.rect.y and rect.bottom < lane.rect.bottom for lane in drawn.lanes)


def _edges(frame: FrameBand) -> list[Rect]:
    rect = frame.rect
    return [
        Rect(rect.x, rect.y, rect.width, 0),
        Rect(rect.x, rect.bottom, rect.width, 0),
        Rect(rect.x, rect.y, 0, rect.height),
        Rect(rect.right, rect.y, 0, rect.height),
    ]


def _inside(inner: Rect, outer: Rect) -> bool:
    return (
        outer.x < inner.x
        and inner.right < outer.right
        and outer.y < inner.y
        and inner.bottom < outer.bottom
    )


def _check_frames(drawn: Layout) -> None:
    for frame in drawn.frames:
        for box in drawn.boxes:
            own = box.node.id in frame.nodes
            assert own == _inside(box.rect, frame.rect), (frame.step, box.node.id)
            assert own or not _cuts(box.rect, frame.rect)
        for edge in _edges(frame):
            for arrow in drawn.arrows:
                assert not any(_covers(edge, piece) for piece in _segments(arrow)), arrow.link
        width = max(text_width(line, SMALL_SIZE) for line in frame.lines)
        assert width <= frame.rect.width - 2 * FRAME_PADDING
    for one, other in combinations(drawn.frames, 2):
        # The outer one comes first.
        apart = one.nodes.isdisjoint(other.nodes)
        assert not _cuts(one.rect, other.rect) if apart else _inside(other.rect, one.rect)


def _check_ways_round(drawn: Layout) -> None:
    """An arrow runs through no frame but one of its ends'."""
    for arrow, frame in product(drawn.arrows, drawn.frames):
        if {arrow.link.source, arrow.link.target}.isdisjoint(frame.nodes):
            assert not any(_cuts(piece, frame.rect) for piece in _segments(arrow)), arrow.link


def assert_drawn_cleanly(plan: Plan) -> None:
    """Nothing cut, nothing run through, no unrelated arrows together, every step there."""
    drawn = layout(plan)
    steps = {box.node.id for box in drawn.boxes if box.node.kind not in ("start", "join")}
    assert steps == {step.id for step in plan.all_steps()}
    _check_arrows(drawn)
    _check_room(drawn)
    _check_frames(drawn)
    _check_ways_round(drawn)
    for box in drawn.boxes:
        _check_box(box)


@pytest.mark.parametrize("batch", range(10))
def test_any_plan_is_drawn_cleanly(batch: int) -> None:
    plans = RandomPlans(batch)
    for _ in range(figure(1000) // 10):
        assert_drawn_cleanly(plans.plan())


def test_steps_stand_in_the_lane_of_their_role_in_order() -> None:
    drawn = layout(submission_slip())
    assert [" ".join(lane.lines) for lane in drawn.lanes] == [
        "Chuyên viên",
        "Trưởng phòng",
        "Lãnh đạo",
        "Văn thư",
        "Hệ thống",
    ]
    rows = {box.node.id: box.rect.middle for box in drawn.boxes}
    inside = {
        step: next(
            " ".join(lane.lines) for lane in drawn.lanes if lane.rect.y < y < lane.rect.bottom
        )
        for step, y in rows.items()
    }
    assert inside["stamp"] == "Hệ thống"
    assert inside["route"] == "Trưởng phòng"
    assert inside["refused"] == "Lãnh đạo"


def test_only_ambiguous_forward_arrows_and_returns_carry_a_label() -> None:
    labels = {
        (arrow.link.source, arrow.link.target): arrow.label and " ".join(arrow.label.lines)
        for arrow in layout(submission_slip()).arrows
    }
    assert labels["draft", "review"] is None
    assert labels["review", "draft"] == "Trả lại"
    assert labels["decide", "stamp"] == "Phê duyệt"


def test_forward_arrows_point_to_the_right() -> None:
    for arrow in layout(submission_slip()).arrows:
        assert arrow.link.returns or arrow.points[0][0] < arrow.points[-1][0]


@pytest.mark.parametrize("word", ["W" * 80, "ngh" * 30])
def test_a_word_wider_than_its_box_is_broken_not_cut(word: str) -> None:
    plan = plan_of([human("a", "a", action("Xong", "b"), name=word), end("b")], ROLES)
    box = next(box for box in layout(plan).boxes if box.node.id == "a")
    assert "".join(box.lines) == word
    _check_box(box)
