"""The picture of a plan as SVG: swimlanes, or a strip of dots where room is scarce.

Colours come from the page's style sheet through the classes; the attributes written here are
what a reader without the style sheet sees (a PDF, a letter).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from html import escape
from typing import Any

from quytrinh.compiler.framing import FRAME_PADDING, HEADER_PADDING, HEADER_WIDTH
from quytrinh.compiler.layout import Arrow, Box, FrameBand, Label, LaneBand, Point, Rect, layout
from quytrinh.compiler.naming import Phrases, step_name, step_numbers
from quytrinh.compiler.plan import Plan
from quytrinh.compiler.sizes import (
    BADGE_RADIUS,
    NAME_LINE,
    NAME_SIZE,
    SLANT,
    SMALL_LINE,
    SMALL_SIZE,
)
from quytrinh.compiler.strip import draw_strip
from quytrinh.compiler.svg import number, picture, tag, text
from quytrinh.compiler.text_measure import text_width

_INK, _PAPER, _BORDER, _BAND = "#1f2a44", "#ffffff", "#c3cbdc", "#e4eaf4"
_EDGE, _RETURN, _CURRENT, _DONE = "#44536f", "#a8570a", "#0d4f9e", "#e6f3ea"
_ASCENT = 0.75


def draw(
    plan: Plan,
    *,
    phrases: Phrases | None = None,
    title: str = "",
    current: Collection[str] = (),
    done: Collection[str] = (),
    compact: bool = False,
) -> str:
    """Draw a plan; `current` and `done` are the ids of steps a case stands at and has passed.

    `phrases` say its conditions; without them they are drawn as they are written.
    """
    title = title or f"Sơ đồ: {plan.name}"
    description = _description(plan, current, done)
    if compact:
        return draw_strip(plan, title=title, description=description, current=current, done=done)
    drawn = layout(plan, phrases)
    return picture(
        *(_lane(lane, index) for index, lane in enumerate(drawn.lanes)),
        *(_frame(band, current) for band in drawn.frames),
        *(_line(arrow) for arrow in drawn.arrows),
        *(_box(box, current, done) for box in drawn.boxes),
        *(_frame_title(band) for band in drawn.frames),
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
            for step in plan.all_steps()
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


def _frame(band: FrameBand, current: Collection[str]) -> str:
    """The frame of a block; one in which the case is now is told apart."""
    rect = band.rect
    here = any(step in band.nodes for step in current)
    return tag(
        "rect",
        class_="block block-current" if here else "block",
        x=rect.x,
        y=rect.y,
        width=rect.width,
        height=rect.height,
        rx=10,
        fill="none",
        stroke=_CURRENT if here else _EDGE,
        stroke_width=1.5,
        stroke_dasharray="2 3",
        data_block=band.step,
    )


def _frame_title(band: FrameBand) -> str:
    """The title over what passes behind it."""
    x, y = band.rect.x + FRAME_PADDING, band.rect.y + FRAME_PADDING / 2
    width = max(text_width(line, SMALL_SIZE) for line in band.lines)
    return tag(
        "g",
        tag(
            "rect",
            class_="block-title-box",
            x=x - 4,
            y=y,
            width=width + 8,
            height=len(band.lines) * SMALL_LINE + 4,
            rx=4,
            fill=_PAPER,
        ),
        text(
            band.lines,
            x,
            y + 2 + SMALL_LINE * _ASCENT,
            SMALL_LINE,
            class_="block-title-text",
            fill=_INK,
            font_size=SMALL_SIZE,
        ),
        class_="block-title",
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
    dashes = "5 3" if returns else "1 3" if arrow.link.late else None
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
            stroke_dasharray=dashes,
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


def _outline(box: Box, fill: str) -> Iterator[str]:
    rect, kind = box.rect, box.node.kind
    if kind in ("choose", "join"):
        yield tag("path", class_="step-box", d=_lozenge(rect), fill=fill, stroke=_INK)
        return
    round_ = kind in ("start", "end") and len(box.lines) == 1
    yield tag(
        "rect",
        class_="step-box",
        x=rect.x,
        y=rect.y,
        width=rect.width,
        height=rect.height,
        rx=rect.height / 2 if round_ else 8,
        fill=fill,
        stroke=_INK,
        stroke_width=3 if kind == "end" else 1.3,
        stroke_dasharray="6 3" if box.node.conditional else None,
    )
    if kind == "call":
        yield tag(
            "rect",
            class_="step-inner",
            x=rect.x + 3,
            y=rect.y + 3,
            width=rect.width - 6,
            height=rect.height - 6,
            rx=6,
            fill="none",
            stroke=_INK,
            stroke_width=0.8,
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
    height = len(box.lines) * NAME_LINE + len(box.details) * SMALL_LINE
    top = rect.middle - height / 2
    details_top = top + len(box.lines) * NAME_LINE
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
    if box.details:
        yield text(
            box.details,
            centre,
            details_top + SMALL_LINE * _ASCENT,
            SMALL_LINE,
            class_="step-due",
            text_anchor="middle",
            fill=ink,
            font_size=SMALL_SIZE,
        )


def _badge(box: Box) -> Iterator[str]:
    if box.node.number is None:
        return
    x = box.rect.x + (SLANT if box.node.kind == "choose" else 0)
    yield tag("circle", class_="step-badge", cx=x, cy=box.rect.y, r=BADGE_RADIUS, fill=_INK)
    yield text(
        (str(box.node.number),),
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
    node = box.node
    is_step = node.kind not in ("start", "join")
    classes = ["step", f"step-{node.kind}"] if is_step else ["mark", f"mark-{node.kind}"]
    fill, ink, state = _PAPER, _INK, ""
    if node.id in current:
        classes.append("step-current")
        fill, ink, state = _CURRENT, _PAPER, " (đang ở đây)"
    elif node.id in done:
        classes.append("step-done")
        fill, state = _DONE, " (đã qua)"
    if node.conditional:
        classes.append("step-conditional")
    return tag(
        "g",
        tag("title", escape(node.text + state)),
        *_outline(box, fill),
        *_texts(box, ink),
        *_badge(box),
        class_=" ".join(classes),
        data_step=node.id if is_step else None,
    )
