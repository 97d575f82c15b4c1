"""The way of each arrow in coarse terms: which column gaps and row channels it runs through.

Lines run only in the gap left of a column, in the channel below a row, or through cells that
are free. Lines which could meet in a gap or a channel get a track each, unless they lead to
the same step; so unrelated arrows cross, but never lie upon each other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from quytrinh.compiler.grid import Grid
from quytrinh.compiler.links import Link

# A gap (column to its right) or a channel (row above it), and whose line it is.
Corridor = tuple[int, str]
Span = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Route:
    """How one arrow runs.

    straight: through free cells of one row. near: one gap. far: gap, channel, gap.
    back: from underside to underside. `port` counts from the middle of the right side,
    or for `back` along the underside.
    """

    link: Link
    kind: Literal["straight", "near", "far", "back"]
    port: int = 0


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
    if source.row == target.row and grid.is_free(source.row, between):
        return "straight"
    return "near" if target.column == source.column + 1 else "far"


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
    return [Route(link, kinds[link], ports.get(link, 0)) for link in links]


def plan_routes(links: Iterable[Link], grid: Grid) -> tuple[Route, ...]:
    """Choose the way and the port of every arrow."""
    by_source: dict[str, list[Link]] = defaultdict(list)
    for link in links:
        by_source[link.source].append(link)
    return tuple(
        route for source, own in by_source.items() for route in _routes_from(source, own, grid)
    )


def far_channel(route: Route, grid: Grid) -> int:
    """The channel in which a `far` arrow runs: below the upper of its two rows."""
    return min(grid.cells[route.link.source].row, grid.cells[route.link.target].row)


def return_gap(step: str, grid: Grid) -> int:
    """The gap in which arrows going back change rows: right of the step they lead to."""
    return grid.cells[step].column + 1


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
        elif route.kind == "far":
            channel = far_channel(route, grid) + 0.5
            _widen(spans, (source.column + 1, leaving(route.link.source)), source.row, channel)
            _widen(spans, into, channel, target.row)
        elif route.kind == "back" and source.row != target.row:
            gap = return_gap(route.link.target, grid)
            _widen(spans, (gap, returning(route.link)), source.row + 0.5, target.row + 0.5)
    return _spread(spans)


def channel_tracks(routes: Iterable[Route], grid: Grid) -> Tracks:
    """Tracks of the horizontal lines; channel n is below row n. Gap n counts as n - 0.5."""
    spans: dict[Corridor, Span] = {}
    for route in routes:
        source, target = grid.cells[route.link.source], grid.cells[route.link.target]
        if route.kind == "far":
            corridor = (far_channel(route, grid), entering(route.link.target))
            _widen(spans, corridor, source.column + 0.5, target.column - 0.5)
        elif route.kind == "back":
            owner = returning(route.link)
            if source.row == target.row:
                _widen(spans, (source.row, owner), source.column, target.column)
            else:
                gap = return_gap(route.link.target, grid) - 0.5
                _widen(spans, (source.row, owner), source.column, gap)
                _widen(spans, (target.row, owner), gap, target.column)
    return _spread(spans)
