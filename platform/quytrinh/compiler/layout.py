"""The drawing of a plan in numbers: swimlanes, boxes and orthogonal arrows."""

from __future__ import annotations

from dataclasses import dataclass

from quytrinh.compiler.framing import (
    BEFORE_TRACKS,
    MARGIN,
    TRACK,
    Frame,
    frame,
    lane_texts,
)
from quytrinh.compiler.grid import arrange
from quytrinh.compiler.links import Link
from quytrinh.compiler.naming import Phrases
from quytrinh.compiler.plan import Plan
from quytrinh.compiler.routing import (
    Route,
    entering,
    leaving,
    needs_row_below,
    plan_routes,
    return_gap,
    returning,
)
from quytrinh.compiler.scheme import Node, Scheme, scheme_of
from quytrinh.compiler.sizes import SLANT, Sizes, label_height, label_width, measure

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Rect:
    """A rectangle by its left top corner."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        return self.x + self.width

    @property
    def bottom(self) -> float:
        return self.y + self.height

    @property
    def middle(self) -> float:
        return self.y + self.height / 2


@dataclass(frozen=True, slots=True)
class Box:
    """A node as drawn."""

    node: Node
    lines: tuple[str, ...]
    details: tuple[str, ...]
    rect: Rect


@dataclass(frozen=True, slots=True)
class Label:
    """The text on an arrow."""

    lines: tuple[str, ...]
    rect: Rect


@dataclass(frozen=True, slots=True)
class Arrow:
    """A link as drawn; the head is at the last point."""

    link: Link
    points: tuple[Point, ...]
    label: Label | None


@dataclass(frozen=True, slots=True)
class LaneBand:
    """A lane as drawn, its header included."""

    role: str
    lines: tuple[str, ...]
    rect: Rect


@dataclass(frozen=True, slots=True)
class FrameBand:
    """A block of steps as drawn: a frame with its title at the left top."""

    step: str
    nodes: frozenset[str]
    lines: tuple[str, ...]
    rect: Rect


@dataclass(frozen=True, slots=True)
class Layout:
    """Everything a picture of the plan shows, in pixels; an outer frame comes before its inner."""

    width: float
    height: float
    lanes: tuple[LaneBand, ...]
    frames: tuple[FrameBand, ...]
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]


@dataclass(frozen=True, slots=True)
class _Pen:
    """Turns coarse ways into points."""

    frame: Frame
    sizes: Sizes
    boxes: dict[str, Box]
    ways_back: dict[str, int]

    def gap(self, number: int, owner: str) -> float:
        """Where the vertical line of `owner` runs in a gap."""
        track = self.frame.gaps.of[number, owner]
        return self.frame.tracks_from[number] + (track + 0.5) * TRACK

    def channel(self, row: int, owner: str) -> float:
        """Where the horizontal line of `owner` runs below a row."""
        frame = self.frame
        track = frame.channels.of[row, owner]
        return frame.rows[row] + frame.row_heights[row] + frame.track_offsets[row, track]

    def exit(self, route: Route) -> Point:
        """The point on the right side where an arrow starts."""
        box = self.boxes[route.link.source]
        rise = self.sizes.rises[route.link]
        slanted = box.node.kind in ("choose", "join")
        inset = SLANT * abs(rise) / (box.rect.height / 2) if slanted else 0
        return box.rect.right - inset, box.rect.middle + rise

    def underside(self, route: Route) -> Point:
        """The point on the underside where an arrow going back starts."""
        box = self.boxes[route.link.source].rect
        share = (route.port + 0.5) / self.ways_back[route.link.source]
        return box.x + box.width * (0.4 + 0.45 * share), box.bottom

    def points(self, route: Route) -> tuple[Point, ...]:
        """The corners of an arrow from its start to its head."""
        if route.kind == "back":
            return self._back(route)
        start, target = self.exit(route), self.boxes[route.link.target].rect
        head = (target.x, target.middle)
        if route.kind == "straight":
            return (start, head)
        into = self.gap(
            self.frame.grid.cells[route.link.target].column, entering(route.link.target)
        )
        if route.kind == "near":
            return (start, (into, start[1]), (into, head[1]), head)
        first_gap = self.frame.grid.cells[route.link.source].column + 1
        out = self.gap(first_gap, leaving(route.link.source))
        across = self.channel(route.channel or 0, entering(route.link.target))
        return (start, (out, start[1]), (out, across), (into, across), (into, head[1]), head)

    def _back(self, route: Route) -> tuple[Point, ...]:
        grid, target = self.frame.grid, route.link.target
        owner, start = returning(route.link), self.underside(route)
        box = self.boxes[target].rect
        head = (box.x + box.width * 0.2, box.bottom)
        here, there = grid.cells[route.link.source].row, grid.cells[target].row
        below = self.channel(here, owner)
        gap = return_gap(route.link, grid)
        turns: tuple[Point, ...]
        if route.channel is not None:
            out = self.gap(grid.cells[route.link.source].column, owner)
            detour, into = self.channel(route.channel, owner), self.gap(gap, owner)
            beneath = self.channel(there, owner)
            around = ((out, below), (out, detour), (into, detour), (into, beneath))
            turns = ((start[0], below), *around, (head[0], beneath))
        elif here == there:
            turns = ((start[0], below), (head[0], below))
        else:
            across, beneath = self.gap(gap, owner), self.channel(there, owner)
            turns = ((start[0], below), (across, below), (across, beneath), (head[0], beneath))
        return (start, *turns, head)

    def label(self, route: Route) -> Label | None:
        """The text of an arrow: right of its source, or below it for one going back."""
        lines = self.sizes.labels.get(route.link)
        if not lines:
            return None
        width, height = label_width(lines), label_height(lines)
        box = self.boxes[route.link.source].rect
        if route.kind == "back":
            x = max(box.x, min(self.underside(route)[0] - width / 2, box.right - width))
            y = self.channel(self.frame.grid.cells[route.link.source].row, returning(route.link))
        else:
            x, y = box.right + BEFORE_TRACKS / 2, self.exit(route)[1]
        return Label(lines, Rect(x, y - height / 2, width, height))


def _boxes(scheme: Scheme, sizes: Sizes, frame: Frame) -> dict[str, Box]:
    boxes = {}
    for node in scheme.nodes:
        cell = frame.grid.cells[node.id]
        width, height = sizes.widths[node.id], sizes.heights[node.id]
        x = frame.columns[cell.column] + (frame.column_widths[cell.column] - width) / 2
        y = frame.rows[cell.row] + (frame.row_heights[cell.row] - height) / 2
        rect = Rect(x, y, width, height)
        boxes[node.id] = Box(node, sizes.names[node.id], sizes.details[node.id], rect)
    return boxes


def _lanes(frame: Frame) -> tuple[LaneBand, ...]:
    bands = []
    for lane, lines in zip(frame.grid.lanes, lane_texts(frame.grid), strict=True):
        top, end = frame.tops[lane.first_row], frame.tops[lane.end_row]
        rect = Rect(MARGIN, top, frame.width - 2 * MARGIN, end - top)
        bands.append(LaneBand(lane.role, lines, rect))
    return tuple(bands)


def _frames(frame: Frame) -> tuple[FrameBand, ...]:
    return tuple(
        FrameBand(
            area.split,
            area.nodes,
            drawn.lines,
            Rect(drawn.left, drawn.top, drawn.right - drawn.left, drawn.bottom - drawn.top),
        )
        for area, drawn in zip(frame.grid.areas, frame.outlines, strict=True)
    )


def layout(plan: Plan, phrases: Phrases | None = None) -> Layout:
    """Lay a plan out as swimlanes, read from left to right; `phrases` say its conditions."""
    return layout_of(scheme_of(plan, phrases))


def layout_of(scheme: Scheme) -> Layout:
    """Lay out all that a scheme shows."""
    grid = arrange(scheme)
    routes = plan_routes(scheme.links, grid)
    if needs_row_below(routes, grid):
        grid = grid.with_row_below()
    sizes = measure(scheme, routes)
    frame_ = frame(scheme, routes, sizes, grid)
    boxes = _boxes(scheme, sizes, frame_)
    ways_back: dict[str, int] = {}
    for route in routes:
        if route.kind == "back":
            ways_back[route.link.source] = ways_back.get(route.link.source, 0) + 1
    pen = _Pen(frame_, sizes, boxes, ways_back)
    arrows = tuple(Arrow(route.link, pen.points(route), pen.label(route)) for route in routes)
    return Layout(
        frame_.width,
        frame_.height,
        _lanes(frame_),
        _frames(frame_),
        tuple(boxes.values()),
        arrows,
    )
