"""The picture of a plan as SVG: swimlanes, or a strip of dots where room is scarce.

Colours come from the page's style sheet through the classes; the attributes written here are
what a reader without the style sheet sees (a PDF, a letter).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from html import escape
from typing import Any

from quytrinh.compiler.framing import (
    BADGE_RADIUS,
    HEADER_PADDING,
    HEADER_WIDTH,
    NAME_LINE,
    NAME_SIZE,
    SLANT,
    SMALL_LINE,
    SMALL_SIZE,
)
from quytrinh.compiler.layout import Arrow, Box, Label, LaneBand, Point, Rect, layout
from quytrinh.compiler.plan import Plan
from quytrinh.compiler.strip import draw_strip
from quytrinh.compiler.svg import number, picture, tag, text
from quytrinh.compiler.wording import step_name, step_numbers

_INK, _PAPER, _BORDER, _BAND = "#1f2a44", "#ffffff", "#c3cbdc", "#e4eaf4"
_EDGE, _RETURN, _CURRENT, _DONE = "#44536f", "#a8570a", "#0d4f9e", "#e6f3ea"
_ASCENT = 0.75


def draw(
    plan: Plan,
    *,
    title: str = "",
    current: Collection[str] = (),
    done: Collection[str] = (),
    compact: bool = False,
) -> str:
    """Draw a plan; `current` and `done` are the ids of steps a case stands at and has passed."""
    title = title or f"Sơ đồ: {plan.name}"
    description = _description(plan, current, done)
    if compact:
        return draw_strip(plan, title=title, description=description, current=current, done=done)
    drawn = layout(plan)
    return picture(
        *(_lane(lane, index) for index, lane in enumerate(drawn.lanes)),
        *(_line(arrow) for arrow in drawn.arrows),
        *(_box(box, current, done) for box in drawn.boxes),
        *(_label(arrow, arrow.label) for arrow in drawn.arrows if arrow.label),
        key=f"so-do-{plan.digest[:12]}",
        title=title,
        description=description,
        width=drawn.width,
        height=drawn.height,
        class_="drawing",
    )


def _description(plan: Plan, current: Collection[str], done: Collection[str]) -> str:
    """What the picture tells, in sentences."""
    numbers = step_numbers(plan)
    parts = [f"{len(numbers)} bước."]
    for words, chosen in (("Đang ở", current), ("Đã qua", done)):
        names = [
            f"bước {numbers[step.id]} {step_name(step)}" if step.id in numbers else step_name(step)
            for step in plan.steps
            if step.id in chosen
        ]
        if names:
            parts.append(f"{words}: {', '.join(names)}.")
    return " ".join(parts)


def _lane(lane: LaneBand, index: int) -> str:
    rect = lane.rect
    height = len(lane.lines) * NAME_LINE
    baseline = rect.middle - height / 2 + NAME_LINE * _ASCENT
    box: dict[str, Any] = {"y": rect.y, "height": rect.height, "stroke": _BORDER}
    return tag(
        "g",
        tag("rect", class_="lane-band", x=rect.x, width=rect.width, fill=_PAPER, **box),
        tag("rect", class_="lane-header", x=rect.x, width=HEADER_WIDTH, fill=_BAND, **box),
        text(
            lane.lines,
            rect.x + HEADER_PADDING,
            baseline,
            NAME_LINE,
            class_="lane-name",
            fill=_INK,
            font_size=NAME_SIZE,
            font_weight="600",
        ),
        class_="lane lane-even" if index % 2 else "lane",
    )


def _path(points: tuple[Point, ...]) -> str:
    return "M" + " L".join(f"{number(x)} {number(y)}" for x, y in points)


def _head(points: tuple[Point, ...]) -> str:
    """A triangle at the last point; arrows arrive rightwards or upwards only."""
    x, y = points[-1]
    if points[-2][1] == y:
        corners: tuple[Point, ...] = ((x, y), (x - 9, y - 4.5), (x - 9, y + 4.5))
    else:
        corners = ((x, y), (x - 4.5, y + 9), (x + 4.5, y + 9))
    return f"{_path(corners)} Z"


def _line(arrow: Arrow) -> str:
    returns = arrow.link.returns
    colour = _RETURN if returns else _EDGE
    return tag(
        "g",
        tag(
            "path",
            class_="edge-line",
            # from the head, so that the dashes of arrows sharing their last part coincide
            d=_path(arrow.points[::-1]),
            fill="none",
            stroke=colour,
            stroke_width=1.5,
            stroke_dasharray="5 3" if returns else None,
        ),
        tag("path", class_="edge-head", d=_head(arrow.points), fill=colour),
        class_="edge edge-return" if returns else "edge",
    )


def _label(arrow: Arrow, label: Label) -> str:
    rect = label.rect
    colour = _RETURN if arrow.link.returns else _EDGE
    return tag(
        "g",
        tag(
            "rect",
            class_="edge-label-box",
            x=rect.x,
            y=rect.y,
            width=rect.width,
            height=rect.height,
            rx=9,
            fill=_PAPER,
            stroke=colour,
        ),
        text(
            label.lines,
            rect.x + rect.width / 2,
            rect.y + 2 + SMALL_LINE * _ASCENT,
            SMALL_LINE,
            class_="edge-label-text",
            text_anchor="middle",
            fill=colour if arrow.link.returns else _INK,
            font_size=SMALL_SIZE,
        ),
        class_="edge-label edge-label-return" if arrow.link.returns else "edge-label",
    )


def _outline(box: Box, fill: str) -> str:
    rect, kind = box.rect, box.step.kind
    if kind == "choose":
        return tag("path", class_="step-box", d=_lozenge(rect), fill=fill, stroke=_INK)
    return tag(
        "rect",
        class_="step-box",
        x=rect.x,
        y=rect.y,
        width=rect.width,
        height=rect.height,
        rx=rect.height / 2 if kind == "end" and len(box.lines) == 1 else 8,
        fill=fill,
        stroke=_INK,
        stroke_width=3 if kind == "end" else 1.3,
        stroke_dasharray="6 3" if box.step.when else None,
    )


def _lozenge(rect: Rect) -> str:
    """A diamond stretched so that its text fits."""
    left, right = rect.x + SLANT, rect.right - SLANT
    return (
        f"{_path(((rect.x, rect.middle), (left, rect.y), (right, rect.y)))} "
        f"L{_path(((rect.right, rect.middle), (right, rect.bottom), (left, rect.bottom)))[1:]} Z"
    )


def _texts(box: Box, ink: str) -> Iterator[str]:
    rect = box.rect
    centre = rect.x + rect.width / 2
    height = len(box.lines) * NAME_LINE + len(box.due) * SMALL_LINE
    top = rect.middle - height / 2
    due_top = top + len(box.lines) * NAME_LINE
    yield text(
        box.lines,
        centre,
        top + NAME_LINE * _ASCENT,
        NAME_LINE,
        class_="step-name",
        text_anchor="middle",
        fill=ink,
        font_size=NAME_SIZE,
    )
    if box.due:
        yield text(
            box.due,
            centre,
            due_top + SMALL_LINE * _ASCENT,
            SMALL_LINE,
            class_="step-due",
            text_anchor="middle",
            fill=ink,
            font_size=SMALL_SIZE,
        )


def _badge(box: Box) -> Iterator[str]:
    if box.number is None:
        return
    x = box.rect.x + (SLANT if box.step.kind == "choose" else 0)
    yield tag("circle", class_="step-badge", cx=x, cy=box.rect.y, r=BADGE_RADIUS, fill=_INK)
    yield text(
        (str(box.number),),
        x,
        box.rect.y + 4,
        0,
        class_="step-number",
        text_anchor="middle",
        fill=_PAPER,
        font_size=11,
        font_weight="600",
    )


def _box(box: Box, current: Collection[str], done: Collection[str]) -> str:
    classes, fill, ink = ["step", f"step-{box.step.kind}"], _PAPER, _INK
    state = ""
    if box.step.id in current:
        classes.append("step-current")
        fill, ink, state = _CURRENT, _PAPER, " (đang ở đây)"
    elif box.step.id in done:
        classes.append("step-done")
        fill, state = _DONE, " (đã qua)"
    if box.step.when:
        classes.append("step-conditional")
    return tag(
        "g",
        tag("title", escape(step_name(box.step) + state)),
        _outline(box, fill),
        *_texts(box, ink),
        *_badge(box),
        class_=" ".join(classes),
        data_step=box.step.id,
    )
