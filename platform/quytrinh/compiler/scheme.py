"""What a drawing of a plan shows, before anything has a place: nodes, arrows, framed regions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from quytrinh.compiler.links import (
    Link,
    blocks_inside,
    branch_label,
    join_of,
    links,
    start_place,
)
from quytrinh.compiler.naming import Phrases, shorten, step_name, step_numbers
from quytrinh.compiler.plan import Plan, PlanStart, PlanStep, StepKind
from quytrinh.compiler.time_words import (
    due_briefly,
    late_in_words,
    start_in_words,
    wait_in_words,
)

# The lane of what the machine does, and the absence of one: drawn where the work comes from.
SYSTEM_LANE = ""
NodeKind = StepKind | Literal["start", "join"]


@dataclass(frozen=True, slots=True)
class Node:
    """One place of a drawing: a step, a start, or where the branches of a block meet.

    `text` is its name, `details` are smaller paragraphs below; `step` is None for a start.
    """

    id: str
    kind: NodeKind
    text: str
    details: tuple[str, ...] = ()
    lane: str | None = None
    step: PlanStep | None = None
    number: int | None = None

    @property
    def conditional(self) -> bool:
        """Whether the step may be passed over."""
        return self.kind != "join" and self.step is not None and self.step.when is not None


@dataclass(frozen=True, slots=True)
class Region:
    """A block as a frame: from the node that splits to the node where its branches meet."""

    split: str
    join: str
    title: str
    nodes: frozenset[str]


@dataclass(frozen=True, slots=True)
class Scheme:
    """All that a drawing shows; nodes in the order of the text, outer regions before inner."""

    plan: Plan
    nodes: tuple[Node, ...]
    links: tuple[Link, ...]
    regions: tuple[Region, ...]


def scheme_of(plan: Plan, phrases: Phrases | None = None, *, starts: bool = True) -> Scheme:
    """What a drawing of a plan shows; `phrases` say its conditions."""
    phrases = phrases or Phrases.of(plan)
    begun = enumerate(plan.starts) if starts and plan.steps else ()
    first = tuple(_start(position, start, phrases) for position, start in begun)
    numbers = step_numbers(plan)
    nodes = (*first, *_nodes(plan.steps, numbers, phrases))
    regions = tuple(_region(step, phrases) for step in plan.all_steps() if step.is_composite)
    return Scheme(plan, nodes, links(plan, phrases, starts=starts), regions)


def _start(position: int, start: PlanStart, phrases: Phrases) -> Node:
    words = shorten(start_in_words(start, phrases), 90)
    return Node(start_place(position), "start", words, lane=start.by or SYSTEM_LANE)


def _nodes(
    steps: tuple[PlanStep, ...], numbers: dict[str, int], phrases: Phrases
) -> Iterator[Node]:
    for step in steps:
        yield Node(
            id=step.id,
            kind=step.kind,
            text=step_name(step),
            details=tuple(part for part in _details(step, phrases) if part),
            lane=_lane(step),
            step=step,
            number=numbers.get(step.id),
        )
        for branch in step.branches:
            yield from _nodes(branch.steps, numbers, phrases)
        if step.is_composite:
            yield Node(join_of(step.id), "join", join_in_words(step, phrases), step=step)


def _lane(step: PlanStep) -> str | None:
    if step.role is not None:
        return step.role
    if step.call is not None and step.call.by is not None:
        return step.call.by
    return SYSTEM_LANE if step.kind == "service" else None


def _details(step: PlanStep, phrases: Phrases) -> Iterator[str]:
    if step.when is not None:
        yield f"chỉ khi {phrases.brief(step.when, 'đủ điều kiện')}"
    if step.wait is not None:
        yield shorten(wait_in_words(step.wait, phrases))
    if step.call is not None:
        yield f"quy trình “{shorten(phrases.flow(step.call.flow))}”"
    yield due_briefly(step.due, phrases)
    if step.on_late is not None and step.on_late.route is None:
        yield late_in_words(step, phrases)


def join_in_words(step: PlanStep, phrases: Phrases) -> str:
    """When a block is over: «Chờ tất cả các nhánh»."""
    each = step.kind == "each"
    match step.join.kind if step.join else "all":
        case "any":
            return "Một nơi xong là đủ" if each else "Một nhánh xong là đủ"
        case "lead":
            return "Nơi chủ trì xong là đủ"
        case "when":
            when = step.join.when if step.join else ""
            return f"Đủ khi {phrases.brief(when, 'đạt điều kiện')}"
    return "Chờ tất cả đều xong" if each else "Chờ tất cả các nhánh"


def members_in_words(step: PlanStep, phrases: Phrases) -> str:
    """Whom an `each` goes through, and who is in charge: «Từng “Đơn vị phối hợp”; chủ trì: …»."""
    members = step.members
    if members is None:
        return ""
    if members.role is not None:
        words = f"Từng người giữ vai trò {phrases.role(members.role)}"
    elif members.units:
        words = f"Từng đơn vị: {', '.join(members.units)}"
    else:
        words = f"Từng nơi trong “{phrases.expression(members.expression or '').strip('“”')}”"
    lead = f"; chủ trì: {phrases.expression(step.lead)}" if step.lead else ""
    return words + lead


def branches_in_words(step: PlanStep, phrases: Phrases) -> str:
    """«Làm song song: Nhánh một; Nhánh hai (nếu …)»."""
    return f"Làm song song: {'; '.join(branch_label(each, phrases) for each in step.branches)}"


def _region(step: PlanStep, phrases: Phrases) -> Region:
    said = members_in_words if step.kind == "each" else branches_in_words
    title = f"{step_name(step)} — {shorten(said(step, phrases), 160)}"
    return Region(step.id, join_of(step.id), title, blocks_inside(step))
