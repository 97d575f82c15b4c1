"""The layout of any plan: nothing cut, nothing run through, no unrelated arrows together."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quytrinh.compiler.framing import (
    BOX_PADDING,
    HEADER_WIDTH,
    LABEL_PADDING,
    NAME_LINE,
    NAME_SIZE,
    SMALL_LINE,
    SMALL_SIZE,
)
from quytrinh.compiler.layout import Arrow, Box, Layout, Rect, layout
from quytrinh.compiler.plan import Plan, PlanDue, PlanRoute, PlanStep
from quytrinh.compiler.text_measure import text_width
from tests.support.plans import action, choice, end, human, plan_of, service, submission_slip

_NAMES = st.text(alphabet="aăâbcdđeêghiklmnoôơpqrstuưvxyẬỄỢƯWM ", min_size=1, max_size=90).filter(
    str.strip
)
_ROLES = {"a": "Chuyên viên", "b": "Trưởng phòng chuyên môn nghiệp vụ", "c": "Lãnh đạo", "d": "X"}


@st.composite
def _steps(draw: st.DrawFn, position: int, count: int) -> PlanStep:
    """A step that leads anywhere, mostly to the next one."""
    following = f"s{position + 1}"
    anywhere = st.sampled_from([following] * 3 + [f"s{other}" for other in range(count)])
    kind = draw(st.sampled_from(["human", "human", "human", "service", "choose"]))
    key = f"s{position}"
    if kind == "service":
        targets = draw(st.lists(anywhere, min_size=1, max_size=3))
        return service(key, {f"o{n}": PlanRoute(to=t) for n, t in enumerate(targets)})
    if kind == "choose":
        targets = draw(st.lists(anywhere, min_size=1, max_size=4))
        return choice(key, *((f"c{n}", t) for n, t in enumerate(targets)), (None, following))
    targets = draw(st.lists(anywhere, min_size=1, max_size=4))
    actions = [action(draw(_NAMES), target) for target in targets]
    for back in draw(st.lists(st.integers(0, position), max_size=3)):
        actions.append(action(draw(_NAMES), back_to=f"s{back}"))
    return human(
        key,
        draw(st.sampled_from(list(_ROLES))),
        *actions,
        name=draw(_NAMES),
        due=PlanDue("2d") if draw(st.booleans()) else None,
        next=following,
        when="true" if draw(st.booleans()) else None,
    )


@st.composite
def _plans(draw: st.DrawFn) -> Plan:
    count = draw(st.integers(1, 14))
    steps = [draw(_steps(position, count + 2)) for position in range(count)]
    return plan_of([*steps, end(f"s{count}", draw(_NAMES)), end(f"s{count + 1}")], _ROLES)


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
    boxes = {box.step.id: box.rect for box in drawn.boxes}
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
    assert all(text_width(line, SMALL_SIZE) <= inside for line in box.due)
    assert len(box.lines) * NAME_LINE + len(box.due) * SMALL_LINE <= box.rect.height
    assert "".join(box.lines).replace(" ", "") == box.step.name.replace(" ", "") or (
        box.step.kind == "choose"
    )


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


@given(_plans())
def test_any_plan_is_drawn_cleanly(plan: Plan) -> None:
    drawn = layout(plan)
    assert {box.step.id for box in drawn.boxes} == {step.id for step in plan.steps}
    _check_arrows(drawn)
    _check_room(drawn)
    for box in drawn.boxes:
        _check_box(box)


def test_steps_stand_in_the_lane_of_their_role_in_order() -> None:
    drawn = layout(submission_slip())
    assert [" ".join(lane.lines) for lane in drawn.lanes] == [
        "Chuyên viên",
        "Trưởng phòng",
        "Lãnh đạo",
        "Văn thư",
        "Hệ thống",
    ]
    rows = {box.step.id: box.rect.middle for box in drawn.boxes}
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
    box = layout(
        plan_of([human("a", "a", action("Xong", "b"), name=word), end("b")], _ROLES)
    ).boxes[0]
    assert "".join(box.lines) == word
    _check_box(box)
