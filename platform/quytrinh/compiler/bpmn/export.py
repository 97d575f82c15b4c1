"""From a plan to the elements of BPMN 2.0 (OMG formal/2011-01-03).

Ids are those of the plan: a step's own, with a suffix after a dot for what BPMN needs besides
(`review.out`, the gateway after a task; `review.to.approve`, the sequence flow of an action).
A return out of a block is an interrupting escalation event at the border of its sub-process,
since no sequence flow may cross one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from quytrinh.compiler.bpmn import shapes
from quytrinh.compiler.bpmn.document import Document, Flow, Node, Scope, element
from quytrinh.compiler.bpmn.nodes import End, Made, Maker
from quytrinh.compiler.layout import Layout, Point, Rect, layout_of
from quytrinh.compiler.links import Exit, branch_label, exits, join_of, start_place
from quytrinh.compiler.naming import SYSTEM_NAME, Phrases
from quytrinh.compiler.plan import JOIN, PlanRoute, PlanStep
from quytrinh.compiler.scheme import SYSTEM_LANE, scheme_of

_MACHINE = ".machine"


def bpmn_xml(phrases: Phrases) -> str:
    """The BPMN 2.0 XML of a plan."""
    return _Export(phrases).document().write()


@dataclass(frozen=True, slots=True)
class _Inside:
    """Where a step stands: its scope, and the composite steps around it from the outermost."""

    scope: Scope
    owners: tuple[str, ...] = ()


class _Export:
    def __init__(self, phrases: Phrases) -> None:
        self.phrases = phrases
        self.plan = phrases.plan
        self.maker = Maker(phrases)
        self.drawn: Layout = layout_of(scheme_of(self.plan, phrases))
        self.boxes = {box.node.id: box.rect for box in self.drawn.boxes}
        self.frames = {frame.step: frame.rect for frame in self.drawn.frames}
        self.lines = {
            (arrow.link.source, arrow.link.target, arrow.link.returns): arrow.points
            for arrow in self.drawn.arrows
        }
        self.top = _Inside(Scope())
        self.inside: dict[str, _Inside] = {}
        self.made: dict[str, Made] = {}
        self.joins: dict[str, End] = {}

    def document(self) -> Document:
        """Every element, with its place."""
        self._make(self.plan.steps, self.top)
        self._starts()
        for step in self.plan.all_steps():
            for number, way in enumerate(_ways(step, self.phrases)):
                self._exit(step, way, number)
            self._branches(step)
        lanes = {_lane(band.role): band.rect for band in self.drawn.lanes}
        roles = {key: role.name for key, role in self.plan.roles.items()}
        return Document(
            key=self.plan.flow,
            name=self.plan.name,
            documentation=self.plan.help,
            top=self.top.scope,
            lane_names=roles | {_MACHINE: SYSTEM_NAME},
            lane_rects={key: rect for key, rect in lanes.items() if key in self.top.scope.lanes},
            pool=_around(list(lanes.values())),
            roots=self.maker.roots,
        )

    def _make(self, steps: Sequence[PlanStep], inside: _Inside) -> None:
        for step in steps:
            self.inside[step.id] = inside
            frame = self.frames.get(step.id)
            made = self.maker.step(inside.scope, step, self.boxes[step.id], frame)
            self.made[step.id] = made
            self._put_in_lane(inside.scope, step.id, made.nodes)
            node = next(each for each in inside.scope.nodes if each.id == step.id)
            if node.inner is not None:
                within = _Inside(node.inner, (*inside.owners, step.id))
                for branch in step.branches:
                    self._make(branch.steps, within)
                box = self.boxes[join_of(step.id)]
                self.joins[step.id] = self.maker.join(node.inner, step, box)

    def _put_in_lane(self, scope: Scope, place: str, nodes: Sequence[str]) -> None:
        middle = self.boxes[place].middle
        band = next(b for b in self.drawn.lanes if b.rect.y <= middle <= b.rect.bottom)
        scope.lanes.setdefault(_lane(band.role), []).extend(nodes)

    def _starts(self) -> None:
        first = self.plan.steps[0].id
        for number, start in enumerate(self.plan.starts):
            place = start_place(number)
            scope = self.top.scope
            source = self.maker.start(scope, place, start, self.boxes[place])
            self._put_in_lane(scope, place, [place])
            self._flow(
                scope,
                f"{place}.to",
                source,
                self.made[first].entry,
                self.lines[place, first, False],
            )

    def _branches(self, step: PlanStep) -> None:
        for number, branch in enumerate(step.branches):
            first = branch.steps[0].id
            scope = self.inside[first].scope
            line = self.lines[step.id, first, False]
            name = branch_label(branch, self.phrases)
            condition = self.phrases.condition(branch.when)
            key = f"{step.id}.branch.{branch.id or number}"
            self._flow(
                scope,
                key,
                self.made[step.id].by_outcome["begin"],
                self.made[first].entry,
                line,
                name,
                condition,
            )

    def _exit(self, step: PlanStep, way: Exit, number: int) -> None:
        """The sequence flow of one result, or the escalation that takes it out of its block."""
        made, inside = self.made[step.id], self.inside[step.id]
        key = f"{step.id}.{_key(way, number)}"
        source = _source(step, way, made)
        target, at = self._target(step, way)
        line = self._line(step, way, target)
        name = way.label or self.phrases.brief(way.when)
        condition = self.phrases.condition(way.when)
        crossed = inside.owners[len(at) :]
        if not crossed:
            self._flow(inside.scope, key, source, self._entry(step, way), line, name, condition)
            return
        self._escalation(key, crossed, source, self._entry(step, way), line, name)

    def _target(self, step: PlanStep, way: Exit) -> tuple[str, tuple[str, ...]]:
        """The place in the drawing that a result leads to, and the blocks around it."""
        owners = self.inside[step.id].owners
        if way.target == JOIN:
            return join_of(owners[-1]), owners
        return way.target, self.inside[way.target].owners

    def _entry(self, step: PlanStep, way: Exit) -> End:
        if way.target == JOIN:
            return self.joins[self.inside[step.id].owners[-1]]
        return self.made[way.target].entry

    def _line(self, step: PlanStep, way: Exit, target: str) -> Sequence[Point]:
        """The drawn arrow, as far as it runs outside the blocks at its ends."""
        leaves = step.is_composite and way.kind != "passed"
        source = join_of(step.id) if leaves else step.id
        line: Sequence[Point] = self.lines[source, target, way.returns]
        if step.id in self.frames:
            line = shapes.onward_from(line, self.frames[step.id])
        if target in self.frames:
            line = shapes.up_to(line, self.frames[target])
        return line

    def _flow(
        self,
        scope: Scope,
        key: str,
        source: End,
        target: End,
        line: Sequence[Point],
        name: str = "",
        condition: str = "",
    ) -> None:
        points = shapes.docked(line, source[1], target[1])
        scope.flows.append(Flow(key, source[0], target[0], points, name, condition))

    def _escalation(
        self,
        key: str,
        crossed: Sequence[str],
        source: End,
        target: End,
        line: Sequence[Point],
        name: str,
    ) -> None:
        """An end inside the innermost block, an event at the border of the outermost left one."""
        reference = self.maker.declare("escalation", key, name)
        definition = element("escalationEventDefinition", escalationRef=reference)
        inner, outer = self._scope_of(crossed[-1]), self.inside[crossed[0]].scope
        half = shapes.EVENT / 2
        border = (shapes.crossing(line, self.frames[crossed[0]]) or (0, line[0]))[1]
        thrown, caught = f"{key}.thrown", f"{key}.caught"
        place = Rect(line[1][0] - half, line[1][1] - half, shapes.EVENT, shapes.EVENT)
        inner.nodes.append(Node("endEvent", thrown, name, place, details=[definition]))
        self._flow(inner, key, source, (thrown, place), line[:2])
        at = Rect(border[0] - half, border[1] - half, shapes.EVENT, shapes.EVENT)
        attached = {"attachedToRef": crossed[0]}
        again = element("escalationEventDefinition", escalationRef=reference)
        outer.nodes.append(
            Node("boundaryEvent", caught, name, at, attributes=attached, details=[again])
        )
        rest = shapes.onward_from(line, self.frames[crossed[0]])
        points = shapes.docked(rest, None, target[1])
        outer.flows.append(Flow(f"{key}.onward", caught, target[0], points))

    def _scope_of(self, composite: str) -> Scope:
        """What the sub-process of a composite step holds."""
        nodes = self.inside[composite].scope.nodes
        found = next(node for node in nodes if node.id == composite).inner
        return found or Scope()


def _lane(role: str) -> str:
    return _MACHINE if role == SYSTEM_LANE else role


def _around(rects: Sequence[Rect]) -> Rect:
    """The pool: its lanes and a margin left of them for its name."""
    left = min(rect.x for rect in rects) - 30
    top = min(rect.y for rect in rects)
    right, bottom = max(rect.right for rect in rects), max(rect.bottom for rect in rects)
    return Rect(left, top, right - left, bottom - top)


def _ways(step: PlanStep, phrases: Phrases) -> tuple[Exit, ...]:
    """Every result; passing over has its own flow even where another result leads there too."""
    found = exits(step, phrases)
    if step.when is None or any(way.kind == "passed" for way in found):
        return found
    return (*found, Exit("", PlanRoute(to=step.next), kind="passed"))


def _key(way: Exit, number: int) -> str:
    """What tells a result from the others of its step, the same in every export."""
    if way.action is not None:
        return f"to.{way.action.id}"
    if way.kind == "case":
        return f"case.{number}"
    return f"outcome.{way.outcome}" if way.outcome else f"{way.kind}.to"


def _source(step: PlanStep, way: Exit, made: Made) -> End:
    """The element that a result leaves from."""
    if way.kind == "passed":
        return made.entry
    if way.kind == "late":
        return made.by_outcome["late"]
    return made.by_outcome.get(way.outcome, made.out)
