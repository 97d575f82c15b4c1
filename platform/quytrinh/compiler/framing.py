"""The measures of a drawing: where columns, rows, frames and the lines between them lie.

A gap, from left to right: labels of arrows, right edges of frames, tracks, left edges of frames.
A row, from top to bottom: titles of frames, boxes, channel and its tracks, frames' lower edges.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import accumulate

from quytrinh.compiler.grid import Area, Grid
from quytrinh.compiler.routing import Route, Tracks, channel_tracks, gap_tracks, returning
from quytrinh.compiler.scheme import Scheme
from quytrinh.compiler.sizes import (
    NAME_LINE,
    NAME_SIZE,
    SMALL_LINE,
    SMALL_SIZE,
    Sizes,
    label_height,
    label_width,
)
from quytrinh.compiler.text_measure import wrap

HEADER_WIDTH, HEADER_PADDING = 104, 10
MARGIN = 8
ROW_TOP, _CHANNEL_EDGE = 16, 10
TRACK, BEFORE_TRACKS, _AFTER_TRACKS = 10, 8, 22
_FRAME_EDGE, FRAME_PADDING = 12, 8


@dataclass(frozen=True, slots=True)
class Outline:
    """A framed region: its corners and its title in lines."""

    left: float
    top: float
    right: float
    bottom: float
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Frame:
    """Where everything is. `rows` are the tops of boxes, `tops` those of whole rows."""

    grid: Grid
    columns: tuple[float, ...]
    column_widths: tuple[float, ...]
    tracks_from: tuple[float, ...]
    tops: tuple[float, ...]
    rows: tuple[float, ...]
    row_heights: tuple[float, ...]
    track_offsets: Mapping[tuple[int, int], float]
    outlines: tuple[Outline, ...]
    gaps: Tracks
    channels: Tracks
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class _Across:
    """Places from left to right: columns, their widths, the first track of each gap."""

    columns: tuple[float, ...]
    widths: tuple[float, ...]
    tracks_from: tuple[float, ...]
    gap_ends: tuple[float, ...]

    def edges(self, area: Area) -> tuple[float, float]:
        """Where the left and the right edge of a frame run."""
        left = self.columns[area.first_column] - _AFTER_TRACKS
        return left, self.tracks_from[area.last_column + 1] - _FRAME_EDGE / 2


def _label_zones(routes: Iterable[Route], sizes: Sizes, grid: Grid) -> list[float]:
    """Room for the labels of forward arrows at the left of each gap."""
    zones = [0.0] * (grid.columns + 1)
    for route in routes:
        if route.kind != "back" and route.link in sizes.labels:
            gap = grid.cells[route.link.source].column + 1
            zones[gap] = max(zones[gap], label_width(sizes.labels[route.link]) + BEFORE_TRACKS)
    return zones


def _across(routes: Iterable[Route], sizes: Sizes, grid: Grid, gaps: Tracks) -> _Across:
    widths = [0.0] * grid.columns
    for node, cell in grid.cells.items():
        widths[cell.column] = max(widths[cell.column], sizes.widths[node])
    zones = _label_zones(routes, sizes, grid)
    opening = {area.first_column for area in grid.areas}
    closing = {area.last_column + 1 for area in grid.areas}
    columns, tracks_from, ends = [], [], []
    x = float(MARGIN + HEADER_WIDTH)
    for gap in range(grid.columns + 1):
        x += BEFORE_TRACKS + zones[gap] + _FRAME_EDGE * (gap in closing)
        tracks_from.append(x)
        x += gaps.count.get(gap, 0) * TRACK + _FRAME_EDGE * (gap in opening) + _AFTER_TRACKS
        ends.append(x)
        if gap < grid.columns:
            columns.append(x)
            x += widths[gap]
    return _Across(tuple(columns), tuple(widths), tuple(tracks_from), tuple(ends))


def _track_offsets(
    routes: Iterable[Route], sizes: Sizes, grid: Grid, channels: Tracks
) -> tuple[dict[tuple[int, int], float], list[float]]:
    """Middle of each track below its row's top of channel, and the height of each channel."""
    heights: dict[tuple[int, int], float] = {}
    for route in routes:
        if route.kind == "back" and route.link in sizes.labels:
            row = grid.cells[route.link.source].row
            track = (row, channels.of[row, returning(route.link)])
            needed = label_height(sizes.labels[route.link]) + 4
            heights[track] = max(heights.get(track, 0), needed)
    offsets: dict[tuple[int, int], float] = {}
    totals = []
    for row in range(grid.rows):
        below = float(_CHANNEL_EDGE)
        for number in range(channels.count.get(row, 0)):
            height = heights.get((row, number), TRACK)
            offsets[row, number] = below + height / 2
            below += height
        totals.append(below + _CHANNEL_EDGE)
    return offsets, totals


@dataclass(frozen=True, slots=True)
class _Title:
    """The title of a frame, how far below its row's top, and how far the frame's foot is below."""

    lines: tuple[str, ...]
    above: float
    height: float
    foot: float


def _titles(scheme: Scheme, grid: Grid, across: _Across) -> tuple[_Title, ...]:
    """Titles of frames that begin in one row stand below one another, an outer one first."""
    titles: list[_Title] = []
    for region, area in zip(scheme.regions, grid.areas, strict=True):
        left, right = across.edges(area)
        lines = wrap(region.title, SMALL_SIZE, right - left - 2 * FRAME_PADDING)
        outer = [
            title
            for title, other in zip(titles, grid.areas, strict=False)
            if other.first_row == area.first_row and area.nodes < other.nodes
        ]
        above = max((title.above + title.height for title in outer), default=0.0)
        inner = sum(
            other.last_row == area.last_row and other.nodes < area.nodes for other in grid.areas
        )
        height = len(lines) * SMALL_LINE + 2 * FRAME_PADDING
        titles.append(_Title(lines, above, height, (inner + 1) * _FRAME_EDGE))
    return tuple(titles)


def lane_texts(grid: Grid) -> list[tuple[str, ...]]:
    """The names of the lanes in lines; their bold letters need a tenth more room."""
    width = (HEADER_WIDTH - 2 * HEADER_PADDING) * 0.9
    return [wrap(lane.name, NAME_SIZE, width) for lane in grid.lanes]


def frame(scheme: Scheme, routes: tuple[Route, ...], sizes: Sizes, grid: Grid) -> Frame:
    """Give columns, gaps, rows and channels the room that what runs in them needs."""
    gaps, channels = gap_tracks(routes, grid), channel_tracks(routes, grid)
    across = _across(routes, sizes, grid, gaps)
    titles = _titles(scheme, grid, across)
    offsets, below = _track_offsets(routes, sizes, grid, channels)
    row_heights = [0.0] * grid.rows
    for node, cell in grid.cells.items():
        row_heights[cell.row] = max(row_heights[cell.row], sizes.heights[node])
    above: dict[int, float] = defaultdict(float)
    feet: dict[int, float] = defaultdict(float)
    for title, area in zip(titles, grid.areas, strict=True):
        above[area.first_row] = max(above[area.first_row], title.above + title.height)
        feet[area.last_row] = max(feet[area.last_row], title.foot)
    heights = [
        above[row] + ROW_TOP + row_heights[row] + below[row] + feet[row] for row in range(grid.rows)
    ]
    for lane, lines in zip(grid.lanes, lane_texts(grid), strict=True):
        wanted = len(lines) * NAME_LINE + 2 * HEADER_PADDING
        height = sum(heights[lane.first_row : lane.end_row])
        heights[lane.end_row - 1] += max(0.0, wanted - height)
    tops = list(accumulate(heights, initial=float(MARGIN)))
    rows = [tops[row] + above[row] + ROW_TOP for row in range(grid.rows)]
    outlines = []
    for title, area in zip(titles, grid.areas, strict=True):
        left, right = across.edges(area)
        last = area.last_row
        foot = rows[last] + row_heights[last] + below[last] + title.foot - _FRAME_EDGE / 2
        top = tops[area.first_row] + title.above + FRAME_PADDING / 2
        outlines.append(Outline(left, top, right, foot, title.lines))
    return Frame(
        grid=grid,
        columns=across.columns,
        column_widths=across.widths,
        tracks_from=across.tracks_from,
        tops=tuple(tops),
        rows=tuple(rows),
        row_heights=tuple(row_heights),
        track_offsets=offsets,
        outlines=tuple(outlines),
        gaps=gaps,
        channels=channels,
        width=across.gap_ends[-1] + MARGIN,
        height=tops[-1] + MARGIN,
    )
