"""The strip of dots above a case: where it stands, at a glance."""

from __future__ import annotations

from collections.abc import Collection
from html import escape
from typing import Any

from quytrinh.compiler.grid import Grid, arrange
from quytrinh.compiler.layout import Point
from quytrinh.compiler.links import Link
from quytrinh.compiler.plan import Plan
from quytrinh.compiler.scheme import Node, scheme_of
from quytrinh.compiler.svg import number, picture, tag, text
from quytrinh.compiler.text_measure import text_width, wrap

_NAME_SIZE, _NAME_LINE, _NAME_WIDTH = 11.5, 15, 132
_ROW, _COLUMN, _RADIUS = 22, 62, 5.5
_INK, _BORDER, _EDGE, _RETURN = "#1f2a44", "#c3cbdc", "#7a87a1", "#a8570a"
_CURRENT, _DONE, _PAPER = "#0d4f9e", "#1d6b3a", "#ffffff"


class _Strip:
    """The places of dots and lanes of one plan."""

    def __init__(self, grid: Grid) -> None:
        self.grid = grid
        self.names = [wrap(lane.name, _NAME_SIZE, _NAME_WIDTH) for lane in grid.lanes]
        widest = max((text_width(t, _NAME_SIZE) for lines in self.names for t in lines), default=0)
        self.left = widest + 24
        self.bottoms: list[float] = []
        self.rows: list[float] = []
        below = 2.0
        for lane, lines in zip(grid.lanes, self.names, strict=True):
            count = lane.end_row - lane.first_row
            height = max(count * _ROW, len(lines) * _NAME_LINE + 7)
            row = height / count
            self.rows += [below + (index + 0.5) * row for index in range(count)]
            below += height
            self.bottoms.append(below)
        self.width = self.left + grid.columns * _COLUMN
        self.height = below + 8

    def place(self, step: str) -> Point:
        """The middle of a step's dot."""
        cell = self.grid.cells[step]
        return self.left + (cell.column + 0.5) * _COLUMN, self.rows[cell.row]


def draw_strip(
    plan: Plan,
    *,
    title: str,
    description: str,
    current: Collection[str],
    done: Collection[str],
) -> str:
    """One dot a step, in lanes; names on hover and in the description."""
    scheme = scheme_of(plan, starts=False)
    strip = _Strip(arrange(scheme))
    return picture(
        *(_lane(strip, index) for index in range(len(strip.names))),
        *(_edge(strip, link) for link in scheme.links),
        *(_dot(strip, node, current, done) for node in scheme.nodes),
        key=f"so-do-nho-{plan.digest[:12]}",
        title=title,
        description=description,
        width=strip.width,
        height=strip.height,
        class_="drawing drawing-strip",
    )


def _lane(strip: _Strip, index: int) -> str:
    lines = strip.names[index]
    bottom = strip.bottoms[index]
    top = strip.bottoms[index - 1] if index else 2.0
    first = (top + bottom - len(lines) * _NAME_LINE) / 2 + _NAME_LINE * 0.75
    rule = f"M0 {number(bottom)} H{number(strip.width)}"
    return tag(
        "g",
        text(lines, 0, first, _NAME_LINE, class_="lane-name", fill=_INK, font_size=_NAME_SIZE),
        tag("path", class_="lane-rule", d=rule, stroke=_BORDER),
        class_="lane",
    )


def _edge(strip: _Strip, link: Link) -> str:
    (x, y), (to_x, to_y) = strip.place(link.source), strip.place(link.target)
    source, target = strip.grid.cells[link.source], strip.grid.cells[link.target]
    if target.column <= source.column:
        bends = ((x, y + _ROW * 0.7), (to_x, to_y + _ROW * 0.7))
    elif source.row == target.row and target.column > source.column + 1:
        bends = ((x + _COLUMN / 2, y - _ROW * 0.6), (to_x - _COLUMN / 2, y - _ROW * 0.6))
    else:
        bends = ((x + _COLUMN / 2, y), (to_x - _COLUMN / 2, to_y))
    curve = " ".join(f"{number(a)} {number(b)}" for a, b in (*bends, (to_x, to_y)))
    return tag(
        "path",
        class_="edge edge-return" if link.returns else "edge",
        d=f"M{number(x)} {number(y)} C{curve}",
        fill="none",
        stroke=_RETURN if link.returns else _EDGE,
        stroke_dasharray="3 2" if link.returns else None,
    )


def _dot(strip: _Strip, node: Node, current: Collection[str], done: Collection[str]) -> str:
    x, y = strip.place(node.id)
    if node.kind == "join":
        return tag("circle", class_="dot dot-join", cx=x, cy=y, r=2.5, fill=_EDGE)
    classes, fill, state = "step", _PAPER, ""
    if node.id in current:
        classes, fill, state = "step step-current", _CURRENT, " (đang ở đây)"
    elif node.id in done:
        classes, fill, state = "step step-done", _DONE, " (đã qua)"
    dot: dict[str, Any] = {"cx": x, "cy": y, "stroke": _EDGE, "stroke_width": 1.5}
    ring = tag("circle", class_="dot-ring", cx=x, cy=y, r=_RADIUS + 3, fill="none", stroke=_CURRENT)
    return tag(
        "g",
        tag("title", escape(node.text + state)),
        *((ring,) if node.id in current else ()),
        tag("circle", class_="dot", r=_RADIUS, fill=fill, **dot),
        class_=classes,
        data_step=node.id,
    )
