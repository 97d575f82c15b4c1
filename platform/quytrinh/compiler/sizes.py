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
    """Lines and sizes by the ids of nodes; labels by their arrows."""

    names: Mapping[str, tuple[str, ...]]
    details: Mapping[str, tuple[str, ...]]
    widths: Mapping[str, float]
    heights: Mapping[str, float]
    pitches: Mapping[str, float]
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


def measure(scheme: Scheme, routes: Iterable[Route]) -> Sizes:
    """Break every text into lines and find the size of every box."""
    nodes = scheme.nodes
    names = {node.id: wrap(node.text, NAME_SIZE, _text_width(node)) for node in nodes}
    details = {node.id: _detail_lines(node) for node in nodes}
    labels = _label_texts(scheme.links)
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
    for node in nodes:
        text = len(names[node.id]) * NAME_LINE + len(details[node.id]) * SMALL_LINE
        fan = (2 * reach[node.id] + 1) * pitches[node.id]
        heights[node.id] = max(text + 2 * BOX_PADDING, fan, 48)
    widths = {node.id: float(_box_width(node)) for node in nodes}
    return Sizes(names, details, widths, heights, pitches, labels)
