"""Where the elements of BPMN stand within the boxes of a drawing, and their lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from quytrinh.compiler.layout import Point, Rect

EVENT, GATEWAY, SMALL_GATEWAY = 36.0, 44.0, 24.0
# What a gateway beside a task takes of the task's box.
BESIDE = 32.0


def centred(rect: Rect, size: float, share: float = 0.5) -> Rect:
    """A square in a box, `share` of the way from its left to its right."""
    x = rect.x + (rect.width - size) * share
    return Rect(x, rect.middle - size / 2, size, size)


def gateway_before(rect: Rect) -> Rect:
    """The gateway at the left side of a task's box."""
    return centred(Rect(rect.x, rect.y, SMALL_GATEWAY, rect.height), SMALL_GATEWAY)


def gateway_after(rect: Rect) -> Rect:
    """The gateway at the right side of a task's box."""
    left = rect.right - SMALL_GATEWAY
    return centred(Rect(left, rect.y, SMALL_GATEWAY, rect.height), SMALL_GATEWAY)


def gateway_outside(frame: Rect, at: Rect) -> Rect:
    """The gateway left of a frame, at the height of what the frame begins with."""
    x = frame.x - SMALL_GATEWAY
    return Rect(x, at.middle - SMALL_GATEWAY / 2, SMALL_GATEWAY, SMALL_GATEWAY)


def beside_gateways(rect: Rect, *, before: bool, after: bool) -> Rect:
    """What is left of a task's box for the task itself."""
    left = rect.x + BESIDE * before
    return Rect(left, rect.y, rect.right - BESIDE * after - left, rect.height)


def right_of(rect: Rect) -> Point:
    return rect.right, rect.middle


def left_of(rect: Rect) -> Point:
    return rect.x, rect.middle


def beneath(rect: Rect) -> Point:
    return rect.x + rect.width / 2, rect.bottom


def docked(points: Sequence[Point], source: Rect | None, target: Rect | None) -> list[Point]:
    """The line with its ends at two shapes instead of at the boxes around them."""
    found = list(points)
    if source is not None:
        downwards = found[1][1] > found[0][1] and found[1][0] == found[0][0]
        found.insert(0, beneath(source) if downwards else right_of(source))
    if target is not None:
        upwards = found[-2][0] == found[-1][0] and found[-2][1] > found[-1][1]
        found.append(beneath(target) if upwards else left_of(target))
    return list(_without_repeats(found))


def _without_repeats(points: Sequence[Point]) -> Iterator[Point]:
    last: Point | None = None
    for point in points:
        if point != last:
            yield point
        last = point


def crossing(points: Sequence[Point], rect: Rect) -> tuple[int, Point] | None:
    """Where a line first meets the border of a frame: the number of its piece, and the point."""
    for index, (start, end) in enumerate(pairwise(points)):
        if _holds(rect, start) == _holds(rect, end):
            continue
        if start[1] == end[1]:
            x = rect.x if min(start[0], end[0]) < rect.x else rect.right
            return index, (x, start[1])
        y = rect.y if min(start[1], end[1]) < rect.y else rect.bottom
        return index, (start[0], y)
    return None


def _holds(rect: Rect, point: Point) -> bool:
    return rect.x < point[0] < rect.right and rect.y < point[1] < rect.bottom


def up_to(points: Sequence[Point], rect: Rect) -> list[Point]:
    """A line as far as the border of a frame."""
    found = crossing(points, rect)
    return [*points[: found[0] + 1], found[1]] if found else list(points)


def onward_from(points: Sequence[Point], rect: Rect) -> list[Point]:
    """A line from the border of a frame on."""
    found = crossing(points, rect)
    return [found[1], *points[found[0] + 1 :]] if found else list(points)
