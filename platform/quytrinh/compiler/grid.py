"""The raster of a drawing: each node gets a lane, a column and a row.

A framed region has its columns to itself: what is read before it stands left of it, what is
read after it right of it. Branches stand below one another, except those which contain
regions themselves: they stand side by side.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from quytrinh.compiler.links import Link, join_of
from quytrinh.compiler.naming import SYSTEM_NAME
from quytrinh.compiler.plan import PlanStep
from quytrinh.compiler.scheme import SYSTEM_LANE, Scheme


@dataclass(frozen=True, slots=True)
class Cell:
    """The place of one node; columns and rows count from 0 over the whole drawing."""

    column: int
    row: int


@dataclass(frozen=True, slots=True)
class GridLane:
    """One lane: the role it is for, its name and the half-open range of its rows."""

    role: str
    name: str
    first_row: int
    end_row: int


@dataclass(frozen=True, slots=True)
class Area:
    """The cells of a framed region, ends included."""

    split: str
    nodes: frozenset[str]
    first_column: int
    last_column: int
    first_row: int
    last_row: int

    def holds_channel(self, row: int) -> bool:
        """Whether the channel below a row runs inside the frame."""
        return self.first_row <= row <= self.last_row


@dataclass(frozen=True, slots=True)
class Grid:
    """The raster of a drawing; an outer area comes before those inside it."""

    cells: Mapping[str, Cell]
    lanes: tuple[GridLane, ...]
    columns: int
    rows: int
    areas: tuple[Area, ...] = ()
    _taken: Mapping[int, frozenset[int]] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        taken: dict[int, set[int]] = defaultdict(set)
        for cell in self.cells.values():
            taken[cell.row].add(cell.column)
        object.__setattr__(self, "_taken", taken)

    def is_free(self, row: int, columns: Iterable[int]) -> bool:
        """Tell whether no node stands in these columns of the row."""
        taken = self._taken.get(row)
        return not taken or taken.isdisjoint(columns)

    def with_row_below(self) -> Grid:
        """The same with an empty row at the bottom, for lines that find no other way round."""
        last = self.lanes[-1]
        lanes = (*self.lanes[:-1], replace(last, end_row=last.end_row + 1))
        return Grid(self.cells, lanes, self.columns, self.rows + 1, self.areas)


class _Reading:
    """The order in which nodes are read: along the arrows, where they leave a choice as the text.

    An arrow against this order closes a loop; all others point to the right.
    """

    def __init__(self, scheme: Scheme) -> None:
        self.onward: dict[str, set[str]] = defaultdict(set)
        for link in scheme.links:
            if not link.returns:
                self.onward[link.source].add(link.target)
        self.nodes = [node.id for node in scheme.nodes if node.kind == "start"]
        self.blocks: dict[int, tuple[PlanStep, ...]] = {}
        self._block(scheme.plan.steps)

    def steps(self, block: tuple[PlanStep, ...]) -> tuple[PlanStep, ...]:
        """The steps of a block as they are read."""
        return self.blocks[id(block)]

    def _block(self, block: tuple[PlanStep, ...]) -> None:
        places = {step.id: place for place, step in enumerate(block)}
        found: list[int] = []
        seen: set[int] = set()
        for place in range(len(block)):
            found += self._from(place, block, places, seen)
        self.blocks[id(block)] = tuple(block[place] for place in found)
        for step in self.blocks[id(block)]:
            self.nodes.append(step.id)
            for branch in step.branches:
                self._block(branch.steps)
            if step.is_composite:
                self.nodes.append(join_of(step.id))

    def _from(
        self, place: int, block: tuple[PlanStep, ...], places: Mapping[str, int], seen: set[int]
    ) -> list[int]:
        """What can be reached from a step and was not seen before, each after what leads to it."""
        if place in seen:
            return []
        seen.add(place)
        finished: list[int] = []
        stack = [(place, self._following(block[place], places))]
        while stack:
            here, following = stack[-1]
            if not following:
                finished.append(here)
                stack.pop()
            elif (ahead := following.pop()) not in seen:
                seen.add(ahead)
                stack.append((ahead, self._following(block[ahead], places)))
        return finished[::-1]

    def _following(self, step: PlanStep, places: Mapping[str, int]) -> list[int]:
        ends = (step.id, join_of(step.id)) if step.is_composite else (step.id,)
        return sorted(
            places[target] for end in ends for target in self.onward[end] if target in places
        )


def _sources(scheme: Scheme, reading: _Reading) -> dict[str, list[str]]:
    """Nodes leading forward to each node, in the order in which they are read."""
    order = {node: position for position, node in enumerate(reading.nodes)}
    sources: dict[str, list[str]] = defaultdict(list)
    for link in scheme.links:
        if _leads_forward(link, order):
            sources[link.target].append(link.source)
    for found in sources.values():
        found.sort(key=order.__getitem__)
    return sources


def _leads_forward(link: Link, order: Mapping[str, int]) -> bool:
    return not link.returns and order[link.source] < order[link.target]


class _Columns:
    """The longest way from the start, so that every forward arrow points to the right."""

    def __init__(self, sources: Mapping[str, list[str]], reading: _Reading) -> None:
        self.sources = sources
        self.reading = reading
        self.of: dict[str, int] = {}

    def block(self, steps: tuple[PlanStep, ...], floor: int) -> int:
        """Place the steps of a block from a column on; return the last column they take."""
        last = floor - 1
        for step in self.reading.steps(steps):
            came_from = (self.of[each] + 1 for each in self.sources.get(step.id, ()))
            column = max(came_from, default=0)
            if step.is_composite:
                last = self._composite(step, max(column, last + 1))
                floor = last + 1
            else:
                self.of[step.id] = max(column, floor)
                last = max(last, self.of[step.id])
        return last

    def _composite(self, step: PlanStep, column: int) -> int:
        self.of[step.id] = column
        last = column
        blocks = [branch.steps for branch in step.branches]
        for steps in blocks:
            if not _has_regions(steps):
                last = max(last, self.block(steps, column + 1))
        for steps in blocks:
            if _has_regions(steps):
                last = self.block(steps, last + 1)
        self.of[join_of(step.id)] = last + 1
        return last + 1


def _has_regions(steps: Iterable[PlanStep]) -> bool:
    return any(step.is_composite for step in steps)


def _columns(scheme: Scheme, sources: Mapping[str, list[str]], reading: _Reading) -> dict[str, int]:
    columns = _Columns(sources, reading)
    starts = [node.id for node in scheme.nodes if node.kind == "start"]
    columns.of.update(dict.fromkeys(starts, 0))
    columns.block(scheme.plan.steps, 1 if starts else 0)
    return columns.of


def _lanes_of_nodes(
    scheme: Scheme, sources: Mapping[str, list[str]], reading: _Reading
) -> dict[str, str]:
    """The lane of each node; one that nobody performs stands where the work comes from."""
    lanes: dict[str, str] = {}
    fallback = next((step.role for step in scheme.plan.all_steps() if step.role), SYSTEM_LANE)
    nodes = {node.id: node for node in scheme.nodes}
    for node in (nodes[each] for each in reading.nodes):
        if node.lane is not None:
            lanes[node.id] = node.lane
        elif node.kind == "join" and node.step is not None:
            lanes[node.id] = lanes[node.step.id]
        else:
            came_from = sources.get(node.id)
            lanes[node.id] = lanes[came_from[0]] if came_from else str(fallback)
    return lanes


class _LaneRows:
    """Rows within one lane, from 0."""

    def __init__(self) -> None:
        self.taken: set[tuple[int, int]] = set()
        self.of: dict[str, int] = {}
        self.height = 0

    def place(self, node: str, column: int, came_from: Iterable[str]) -> None:
        """In the row of what leads here, so that work runs straight on; else the first free one."""
        wanted = [self.of[each] for each in came_from if each in self.of]
        row = next((each for each in wanted if (each, column) not in self.taken), 0)
        while (row, column) in self.taken:
            row += 1
        self.taken.add((row, column))
        self.of[node] = row
        self.height = max(self.height, row + 1)


def arrange(scheme: Scheme) -> Grid:
    """Place every node of a scheme; no two share a cell."""
    reading = _Reading(scheme)
    sources = _sources(scheme, reading)
    columns = _columns(scheme, sources, reading)
    lane_of = _lanes_of_nodes(scheme, sources, reading)
    rows: dict[str, _LaneRows] = defaultdict(_LaneRows)
    for node in reading.nodes:
        rows[lane_of[node]].place(node, columns[node], sources.get(node, ()))
    names = {role.id: role.name for role in scheme.plan.roles.values()}
    lanes: list[GridLane] = []
    cells: dict[str, Cell] = {}
    first = 0
    for lane, name in (names | {SYSTEM_LANE: SYSTEM_NAME}).items():
        if lane in rows:
            placed = rows[lane]
            cells |= {node: Cell(columns[node], first + row) for node, row in placed.of.items()}
            lanes.append(GridLane(lane, name, first, first + placed.height))
            first += placed.height
    cells = {node.id: cells[node.id] for node in scheme.nodes}
    width = max(columns.values(), default=-1) + 1
    return Grid(cells, tuple(lanes), width, first, _areas(scheme, cells))


def _areas(scheme: Scheme, cells: Mapping[str, Cell]) -> tuple[Area, ...]:
    areas = []
    for region in scheme.regions:
        rows = [cells[node].row for node in region.nodes]
        first, last = cells[region.split].column, cells[region.join].column
        areas.append(Area(region.split, region.nodes, first, last, min(rows), max(rows)))
    return tuple(areas)
