"""What must fit in a drawing: lines of text, sizes of boxes and labels."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from quytrinh.compiler.links import Link
from quytrinh.compiler.routing import Route
from quytrinh.compiler.scheme import Node, Scheme
from quytrinh.compiler.text_measure import text_width, wrap

NAME_SIZE, SMALL_SIZE = 13, 11.5
NAME_LINE, SMALL_LINE = 18, 16
BOX_WIDTH, SMALL_BOX_WIDTH, BOX_PADDING, SLANT = 148, 112, 9, 14
LABEL_PADDING, BADGE_RADIUS = 6, 10
_LABEL_WIDTH, _LONG_LABEL_WIDTH, _LONG_LABEL = 94, 126, 32
_SMALL_KINDS = ("choose", "end", "start", "join")


@dataclass(frozen=True, slots=True)
class Sizes:
    """Lines and sizes by the ids of nodes; by arrows their labels and how far they leave a box
    below its middle.
    """

    names: Mapping[str, tuple[str, ...]]
    details: Mapping[str, tuple[str, ...]]
    widths: Mapping[str, float]
    heights: Mapping[str, float]
    rises: Mapping[Link, float]
    labels: Mapping[Link, tuple[str, ...]]


def label_height(lines: tuple[str, ...]) -> float:
    """Height of the text on an arrow, with its frame."""
    return len(lines) * SMALL_LINE + 4


def label_width(lines: tuple[str, ...]) -> float:
    """Width of the text on an arrow, with its frame."""
    return max(text_width(line, SMALL_SIZE) for line in lines) + 2 * LABEL_PADDING


def _label_texts(found: Iterable[Link]) -> dict[Link, tuple[str, ...]]:
    """Returns are always named; forward arrows only where a node has more than one."""
    forward: dict[str, int] = defaultdict(int)
    found = tuple(found)
    for link in found:
        forward[link.source] += not link.returns
    return {
        link: _label(link)
        for link in found
        if (link.returns or link.late or forward[link.source] > 1) and any(link.labels)
    }


def _label(link: Link) -> tuple[str, ...]:
    text = "; ".join(label for label in link.labels if label)
    # Below a box there is no room for more than its width.
    long = len(text) > _LONG_LABEL and not link.returns
    return wrap(text, SMALL_SIZE, _LONG_LABEL_WIDTH if long else _LABEL_WIDTH)


def _box_width(node: Node) -> float:
    return SMALL_BOX_WIDTH if node.kind in _SMALL_KINDS else BOX_WIDTH


def _text_width(node: Node) -> float:
    padding = BOX_PADDING + (SLANT if node.kind in ("choose", "join") else 0)
    return _box_width(node) - 2 * padding


def _detail_lines(node: Node) -> tuple[str, ...]:
    width = _text_width(node)
    return tuple(line for part in node.details for line in wrap(part, SMALL_SIZE, width))


def _leaving(routes: Iterable[Route]) -> dict[str, list[Route]]:
    """The arrows that leave the right side of each box, from its middle outwards."""
    found: dict[str, list[Route]] = defaultdict(list)
    for route in sorted(routes, key=lambda route: abs(route.port)):
        if route.kind != "back":
            found[route.link.source].append(route)
    return found


def _room(route: Route, labels: Mapping[Link, tuple[str, ...]]) -> float:
    """What an arrow needs above and below itself."""
    lines = labels.get(route.link)
    return (label_height(lines) / 2 if lines else 8) + 2


def _rises(routes: Iterable[Route], labels: Mapping[Link, tuple[str, ...]]) -> dict[Link, float]:
    """How far below the middle each arrow starts, so that labels stand clear of each other."""
    rises: dict[Link, float] = {}
    taken = {-1: 8.0, 1: 8.0}
    for route in routes:
        room = _room(route, labels)
        if route.port == 0:
            rises[route.link] = 0.0
            taken = {-1: room, 1: room}
        else:
            side = 1 if route.port > 0 else -1
            rises[route.link] = side * (taken[side] + room)
            taken[side] += 2 * room
    return rises


def measure(scheme: Scheme, routes: Iterable[Route]) -> Sizes:
    """Break every text into lines and find the size of every box."""
    nodes = scheme.nodes
    names = {node.id: wrap(node.text, NAME_SIZE, _text_width(node)) for node in nodes}
    details = {node.id: _detail_lines(node) for node in nodes}
    labels = _label_texts(scheme.links)
    rises: dict[Link, float] = {}
    reach: dict[str, float] = defaultdict(float)
    for source, own in _leaving(routes).items():
        rises |= _rises(own, labels)
        reach[source] = max(abs(rises[route.link]) + _room(route, labels) for route in own)
    heights = {}
    for node in nodes:
        text = len(names[node.id]) * NAME_LINE + len(details[node.id]) * SMALL_LINE
        heights[node.id] = max(text + 2 * BOX_PADDING, 2 * reach[node.id], 48)
    widths = {node.id: float(_box_width(node)) for node in nodes}
    return Sizes(names, details, widths, heights, rises, labels)
