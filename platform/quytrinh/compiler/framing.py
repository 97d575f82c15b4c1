"""The measures of a drawing: how large boxes and labels are, where columns and rows lie."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import accumulate

from quytrinh.compiler.grid import Grid
from quytrinh.compiler.links import Link
from quytrinh.compiler.plan import Plan, PlanStep
from quytrinh.compiler.routing import Route, Tracks, channel_tracks, gap_tracks, returning
from quytrinh.compiler.text_measure import text_width, wrap
from quytrinh.compiler.wording import due_briefly, step_name

NAME_SIZE, SMALL_SIZE = 13, 11.5
NAME_LINE, SMALL_LINE = 18, 16
HEADER_WIDTH, HEADER_PADDING = 104, 10
BOX_WIDTH, SMALL_BOX_WIDTH, BOX_PADDING, SLANT = 148, 112, 9, 14
LABEL_WIDTH, LABEL_PADDING = 94, 6
BADGE_RADIUS = 10
MARGIN = 8
ROW_TOP, _CHANNEL_EDGE = 16, 10
TRACK, BEFORE_TRACKS, _AFTER_TRACKS = 10, 8, 22


@dataclass(frozen=True, slots=True)
class Sizes:
    """What must fit, before anything has a place."""

    names: Mapping[str, tuple[str, ...]]
    dues: Mapping[str, tuple[str, ...]]
    widths: Mapping[str, float]
    heights: Mapping[str, float]
    pitches: Mapping[str, float]
    labels: Mapping[Link, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Frame:
    """Where columns, gaps, rows and channels are."""

    grid: Grid
    columns: tuple[float, ...]
    column_widths: tuple[float, ...]
    label_zones: tuple[float, ...]
    rows: tuple[float, ...]
    row_heights: tuple[float, ...]
    track_offsets: Mapping[tuple[int, int], float]
    gaps: Tracks
    channels: Tracks
    width: float
    height: float


def label_height(lines: tuple[str, ...]) -> float:
    """Height of the text on an arrow, with its frame."""
    return len(lines) * SMALL_LINE + 4


def label_width(lines: tuple[str, ...]) -> float:
    """Width of the text on an arrow, with its frame."""
    return max(text_width(line, SMALL_SIZE) for line in lines) + 2 * LABEL_PADDING


def _label_texts(found: Iterable[Link]) -> dict[Link, tuple[str, ...]]:
    """Returns are always named; forward arrows only where a step has more than one."""
    forward: dict[str, int] = defaultdict(int)
    found = tuple(found)
    for link in found:
        forward[link.source] += not link.returns
    return {
        link: wrap(", ".join(link.labels), SMALL_SIZE, LABEL_WIDTH)
        for link in found
        if (link.returns or forward[link.source] > 1) and any(link.labels)
    }


def _box_width(step: PlanStep) -> float:
    return SMALL_BOX_WIDTH if step.kind in ("choose", "end") else BOX_WIDTH


def _text_width(step: PlanStep) -> float:
    padding = BOX_PADDING + (SLANT if step.kind == "choose" else 0)
    return _box_width(step) - 2 * padding


def measure(plan: Plan, routes: Iterable[Route]) -> Sizes:
    """Break every text into lines and find the size of every box."""
    names = {s.id: wrap(step_name(s), NAME_SIZE, _text_width(s)) for s in plan.steps}
    dues = {s.id: wrap(due_briefly(s.due), SMALL_SIZE, _text_width(s)) for s in plan.steps}
    labels = _label_texts(route.link for route in routes)
    pitches: dict[str, float] = defaultdict(lambda: 16.0)
    reach: dict[str, int] = defaultdict(int)
    for route in routes:
        if route.kind != "back":
            source = route.link.source
            reach[source] = max(reach[source], abs(route.port))
            if route.link in labels:
                height = label_height(labels[route.link])
                pitches[source] = max(pitches[source], height + 2)
    heights = {}
    for step in plan.steps:
        text = len(names[step.id]) * NAME_LINE + len(dues[step.id]) * SMALL_LINE
        fan = (2 * reach[step.id] + 1) * pitches[step.id]
        heights[step.id] = max(text + 2 * BOX_PADDING, fan, 48)
    widths = {step.id: float(_box_width(step)) for step in plan.steps}
    return Sizes(names, dues, widths, heights, pitches, labels)


def _label_zones(routes: Iterable[Route], sizes: Sizes, grid: Grid) -> tuple[float, ...]:
    """Room for the labels of forward arrows at the left of each gap."""
    zones = [0.0] * (grid.columns + 1)
    for route in routes:
        if route.kind != "back" and route.link in sizes.labels:
            gap = grid.cells[route.link.source].column + 1
            zones[gap] = max(zones[gap], label_width(sizes.labels[route.link]) + BEFORE_TRACKS)
    return tuple(zones)


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


def lane_texts(grid: Grid) -> list[tuple[str, ...]]:
    """The names of the lanes in lines; their bold letters need a tenth more room."""
    width = (HEADER_WIDTH - 2 * HEADER_PADDING) * 0.9
    return [wrap(lane.name, NAME_SIZE, width) for lane in grid.lanes]


def frame(routes: tuple[Route, ...], sizes: Sizes, grid: Grid) -> Frame:
    """Give columns, gaps, rows and channels the room that what runs in them needs."""
    gaps, channels = gap_tracks(routes, grid), channel_tracks(routes, grid)
    zones = _label_zones(routes, sizes, grid)
    gap_widths = [
        BEFORE_TRACKS + zones[gap] + gaps.count.get(gap, 0) * TRACK + _AFTER_TRACKS
        for gap in range(grid.columns + 1)
    ]
    widths = [0.0] * grid.columns
    row_heights = [0.0] * grid.rows
    for step, cell in grid.cells.items():
        widths[cell.column] = max(widths[cell.column], sizes.widths[step])
        row_heights[cell.row] = max(row_heights[cell.row], sizes.heights[step])
    offsets, channel_heights = _track_offsets(routes, sizes, grid, channels)
    for lane, lines in zip(grid.lanes, lane_texts(grid), strict=True):
        rows = range(lane.first_row, lane.end_row)
        height = sum(ROW_TOP + row_heights[row] + channel_heights[row] for row in rows)
        wanted = len(lines) * NAME_LINE + 2 * HEADER_PADDING
        channel_heights[lane.end_row - 1] += max(0.0, wanted - height)
    steps = [width + gap for width, gap in zip(widths, gap_widths, strict=False)]
    ends = list(accumulate(steps, initial=MARGIN + HEADER_WIDTH))
    tops = list(
        accumulate(
            (ROW_TOP + a + b for a, b in zip(row_heights, channel_heights, strict=True)),
            initial=MARGIN,
        )
    )
    return Frame(
        grid=grid,
        columns=tuple(end + gap for end, gap in zip(ends, gap_widths, strict=False))[:-1],
        column_widths=tuple(widths),
        label_zones=zones,
        rows=tuple(top + ROW_TOP for top in tops),
        row_heights=tuple(row_heights),
        track_offsets=offsets,
        gaps=gaps,
        channels=channels,
        width=ends[-1] + gap_widths[-1] + MARGIN,
        height=tops[-1] + MARGIN,
    )
