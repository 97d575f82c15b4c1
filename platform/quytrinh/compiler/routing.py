"""The way of each arrow in coarse terms: which column gaps and row channels it runs through.

Lines run only in the gap left of a column, in the channel below a row, or through cells that
are free. Lines which could meet in a gap or a channel get a track each, unless they lead to
the same step; so unrelated arrows cross, but never lie upon each other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from quytrinh.compiler.grid import Area, Grid
from quytrinh.compiler.links import Link

# A gap (column to its right) or a channel (row above it), and whose line it is.
Corridor = tuple[int, str]
Span = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Route:
    """How one arrow runs.

    straight: through free cells of one row. near: one gap. far: gap, channel, gap.
    back: from underside to underside. `port` counts from the middle of the right side,
    or for `back` along the underside. `channel` = the row below which a far arrow runs, or an
    arrow going back that avoids frames in its way.
    """

    link: Link
    kind: Literal["straight", "near", "far", "back"]
    port: int = 0
    channel: int | None = None


@dataclass(frozen=True, slots=True)
class Tracks:
    """The track of every line in its corridor, and how many tracks each corridor has."""

    of: Mapping[Corridor, int]
    count: Mapping[int, int]


def entering(step: str) -> str:
    """Owner name of the lines that end at the left side of a step."""
    return f"in {step}"


def leaving(step: str) -> str:
    """Owner name of the lines that start at the right side of a step."""
    return f"out {step}"


def returning(link: Link) -> str:
    """Owner name of the lines that end at the underside of a step; returns keep to themselves."""
    return f"{'back' if link.returns else 'again'} {link.target}"


def _kind(link: Link, grid: Grid) -> Literal["straight", "near", "far", "back"]:
    source, target = grid.cells[link.source], grid.cells[link.target]
    if link.returns or target.column <= source.column:
        return "back"
    between = range(source.column + 1, target.column)
    in_the_way = any(area.holds_channel(source.row) for area in _areas_across(link, grid))
    if source.row == target.row and not in_the_way and grid.is_free(source.row, between):
        return "straight"
    return "near" if target.column == source.column + 1 else "far"


def _areas_across(link: Link, grid: Grid) -> Iterator[Area]:
    """The frames between the ends of an arrow which it should not run through.

    The frame that an arrow leaves backwards, and the one that a forward arrow enters, hold
    nothing between its border and the node at that side.
    """
    source, target = grid.cells[link.source].column, grid.cells[link.target].column
    low, high = min(source, target), max(source, target)
    for area in grid.areas:
        if area.first_column >= high or area.last_column <= low:
            continue
        if link.target in area.nodes and (link.source in area.nodes or area.split != link.target):
            continue
        if link.source in area.nodes and target < source:
            continue
        yield area


def _channel(link: Link, kind: str, grid: Grid) -> int | None:
    """The channel nearest to the arrow's own that no frame in its way holds; None: its own."""
    source, target = grid.cells[link.source].row, grid.cells[link.target].row
    own = source if kind == "back" else min(source, target)
    areas = tuple(_areas_across(link, grid))
    if kind not in ("far", "back") or not any(area.holds_channel(own) for area in areas):
        return own if kind == "far" else None
    free = [row for row in range(grid.rows + 1) if not any(a.holds_channel(row) for a in areas)]
    return min(free, key=lambda row: abs(row - own))


def _ports(turning: list[Link], grid: Grid, *, middle_is_free: bool) -> dict[Link, int]:
    """Ports for the arrows that leave the right side and turn, from top to bottom."""

    def target_row(link: Link) -> int:
        return grid.cells[link.target].row

    turning = sorted(turning, key=target_row)
    if middle_is_free:
        return {link: place - len(turning) // 2 for place, link in enumerate(turning)}
    rising = [link for link in turning if target_row(link) < grid.cells[link.source].row]
    falling = turning[len(rising) :]
    ports = {link: -1 - place for place, link in enumerate(reversed(rising))}
    return ports | {link: 1 + place for place, link in enumerate(falling)}


def _routes_from(source: str, links: list[Link], grid: Grid) -> list[Route]:
    kinds = {link: _kind(link, grid) for link in links}
    turning = [link for link in links if kinds[link] in ("near", "far")]
    backward = [link for link in links if kinds[link] == "back"]
    cell = grid.cells[source]
    # A step right beside this one is entered in the middle, which an arrow of ours must not meet.
    middle_is_free = "straight" not in kinds.values() and grid.is_free(cell.row, (cell.column + 1,))
    ports = _ports(turning, grid, middle_is_free=middle_is_free)
    ports |= {link: position for position, link in enumerate(backward)}
    return [
        Route(link, kinds[link], ports.get(link, 0), _channel(link, kinds[link], grid))
        for link in links
    ]


def plan_routes(links: Iterable[Link], grid: Grid) -> tuple[Route, ...]:
    """Choose the way and the port of every arrow."""
    by_source: dict[str, list[Link]] = defaultdict(list)
    for link in links:
        by_source[link.source].append(link)
    return tuple(
        route for source, own in by_source.items() for route in _routes_from(source, own, grid)
    )


def needs_row_below(routes: Iterable[Route], grid: Grid) -> bool:
    """Whether some arrow runs below everything else."""
    return any(route.channel == grid.rows for route in routes)


def return_gap(link: Link, grid: Grid) -> int:
    """The gap in which an arrow going back changes rows: right of its target.

    Left of it where the target begins a frame that the arrow comes into from outside.
    """
    column = grid.cells[link.target].column
    inward = any(area.split == link.target and link.source not in area.nodes for area in grid.areas)
    return column if inward else column + 1


def _widen(spans: dict[Corridor, Span], corridor: Corridor, *places: float) -> None:
    low, high = spans.get(corridor, (places[0], places[0]))
    spans[corridor] = (min(low, *places), max(high, *places))


def _spread(spans: Mapping[Corridor, Span]) -> Tracks:
    """Give lines whose spans meet in a corridor different tracks, short lines first."""
    taken: dict[int, list[list[Span]]] = defaultdict(list)
    track_of: dict[Corridor, int] = {}
    for corridor, (low, high) in sorted(
        spans.items(), key=lambda item: (item[1][1] - item[1][0], item[1], item[0])
    ):
        tracks = taken[corridor[0]]
        free = (
            number
            for number, others in enumerate(tracks)
            if all(high < other_low or low > other_high for other_low, other_high in others)
        )
        number = next(free, len(tracks))
        if number == len(tracks):
            tracks.append([])
        tracks[number].append((low, high))
        track_of[corridor] = number
    return Tracks(track_of, {place: len(tracks) for place, tracks in taken.items()})


def gap_tracks(routes: Iterable[Route], grid: Grid) -> Tracks:
    """Tracks of the vertical lines; gap n is left of column n. Channel n counts as n + 0.5."""
    spans: dict[Corridor, Span] = {}
    for route in routes:
        source, target = grid.cells[route.link.source], grid.cells[route.link.target]
        into = (target.column, entering(route.link.target))
        if route.kind == "near":
            _widen(spans, into, source.row, target.row)
        elif route.kind == "far" and route.channel is not None:
            channel = route.channel + 0.5
            _widen(spans, (source.column + 1, leaving(route.link.source)), source.row, channel)
            _widen(spans, into, channel, target.row)
        elif route.kind == "back":
            owner, gap = returning(route.link), return_gap(route.link, grid)
            if route.channel is not None:
                detour = route.channel + 0.5
                _widen(spans, (source.column, owner), source.row + 0.5, detour)
                _widen(spans, (gap, owner), detour, target.row + 0.5)
            elif source.row != target.row:
                _widen(spans, (gap, owner), source.row + 0.5, target.row + 0.5)
    return _spread(spans)


def channel_tracks(routes: Iterable[Route], grid: Grid) -> Tracks:
    """Tracks of the horizontal lines; channel n is below row n. Gap n counts as n - 0.5."""
    spans: dict[Corridor, Span] = {}
    for route in routes:
        source, target = grid.cells[route.link.source], grid.cells[route.link.target]
        if route.kind == "far" and route.channel is not None:
            corridor = (route.channel, entering(route.link.target))
            _widen(spans, corridor, source.column + 0.5, target.column - 0.5)
        elif route.kind == "back":
            _widen_back(spans, route, grid)
    return _spread(spans)


def _widen_back(spans: dict[Corridor, Span], route: Route, grid: Grid) -> None:
    source, target = grid.cells[route.link.source], grid.cells[route.link.target]
    owner, gap = returning(route.link), return_gap(route.link, grid) - 0.5
    if route.channel is not None:
        _widen(spans, (source.row, owner), source.column, source.column - 0.5)
        _widen(spans, (route.channel, owner), source.column - 0.5, gap)
        _widen(spans, (target.row, owner), gap, target.column)
    elif source.row == target.row:
        _widen(spans, (source.row, owner), source.column, target.column)
    else:
        _widen(spans, (source.row, owner), source.column, gap)
        _widen(spans, (target.row, owner), gap, target.column)
