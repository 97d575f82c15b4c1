"""The raster of a drawing: each step of a plan gets a lane, a column and a row."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from quytrinh.compiler.links import Link
from quytrinh.compiler.plan import Plan

SYSTEM_LANE = ""
SYSTEM_NAME = "Hệ thống"


@dataclass(frozen=True, slots=True)
class Cell:
    """The place of one step; columns and rows count from 0 over the whole drawing."""

    column: int
    row: int


@dataclass(frozen=True, slots=True)
class GridLane:
    """One lane: its name and the half-open range of its rows."""

    name: str
    first_row: int
    end_row: int


@dataclass(frozen=True, slots=True)
class Grid:
    """The raster of a plan."""

    cells: Mapping[str, Cell]
    lanes: tuple[GridLane, ...]
    columns: int
    rows: int

    def is_free(self, row: int, columns: Iterable[int]) -> bool:
        """Tell whether no step stands in these columns of the row."""
        taken = {cell.column for cell in self.cells.values() if cell.row == row}
        return taken.isdisjoint(columns)


def _sources(links: Iterable[Link], order: Mapping[str, int]) -> dict[str, list[str]]:
    """Earlier steps leading forward to each step, in the order of the text."""
    sources: dict[str, list[str]] = defaultdict(list)
    for link in links:
        if not link.returns and order[link.source] < order[link.target]:
            sources[link.target].append(link.source)
    for found in sources.values():
        found.sort(key=order.__getitem__)
    return sources


def _columns(plan: Plan, sources: Mapping[str, list[str]]) -> dict[str, int]:
    """The longest way from the start, so that every forward arrow points to the right."""
    columns: dict[str, int] = {}
    for step in plan.steps:
        columns[step.id] = max((columns[s] + 1 for s in sources.get(step.id, ())), default=0)
    return columns


def _lanes_of_steps(plan: Plan, sources: Mapping[str, list[str]]) -> dict[str, str]:
    """The lane of each step; one that nobody performs stands where the work comes from."""
    lanes: dict[str, str] = {}
    fallback = next((step.role for step in plan.steps if step.role), None) or SYSTEM_LANE
    for step in plan.steps:
        if step.role is not None:
            lanes[step.id] = step.role
        elif step.kind == "service":
            lanes[step.id] = SYSTEM_LANE
        else:
            came_from = sources.get(step.id)
            lanes[step.id] = lanes[came_from[0]] if came_from else fallback
    return lanes


def arrange(plan: Plan, links: Iterable[Link]) -> Grid:
    """Place every step of a plan; no two share a cell."""
    order = {step.id: position for position, step in enumerate(plan.steps)}
    sources = _sources(links, order)
    columns = _columns(plan, sources)
    lane_of = _lanes_of_steps(plan, sources)
    names = {role.id: role.name for role in plan.roles.values()} | {SYSTEM_LANE: SYSTEM_NAME}
    lanes: list[GridLane] = []
    cells: dict[str, Cell] = {}
    row = 0
    for lane, name in names.items():
        depth: dict[int, int] = defaultdict(int)
        for step in plan.steps:
            if lane_of[step.id] == lane:
                column = columns[step.id]
                cells[step.id] = Cell(column, row + depth[column])
                depth[column] += 1
        if depth:
            height = max(depth.values())
            lanes.append(GridLane(name, row, row + height))
            row += height
    return Grid(cells, tuple(lanes), max(columns.values(), default=-1) + 1, row)
