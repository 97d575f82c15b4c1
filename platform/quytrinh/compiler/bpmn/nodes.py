"""The BPMN elements of one step, of a start, and of the two ends of a block."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from quytrinh.compiler.bpmn import shapes
from quytrinh.compiler.bpmn.document import Flow, Node, Scope, element, with_text
from quytrinh.compiler.layout import Rect
from quytrinh.compiler.naming import Phrases, event_in_words, step_name
from quytrinh.compiler.plan import PlanStart, PlanStep, PlanWait
from quytrinh.compiler.planning import TIME
from quytrinh.compiler.remarks import remarks
from quytrinh.compiler.scheme import join_in_words
from quytrinh.compiler.time_words import due_in_words, schedule_in_words, start_in_words

_PERIOD = re.compile(r"(\d+)([mhdwy])")
_TASKS = {"human": "userTask", "service": "serviceTask", "call": "callActivity"}
End = tuple[str, Rect]


@dataclass
class Made:
    """A step's elements: where flows come in, where they go out, and by which event."""

    entry: End
    out: End
    by_outcome: dict[str, End] = field(default_factory=dict)
    nodes: list[str] = field(default_factory=list)


class Maker:
    """Adds elements to scopes; messages and escalations are declared in `roots`."""

    def __init__(self, phrases: Phrases) -> None:
        self.phrases = phrases
        self.roots: list[Element] = []
        self._declared: set[str] = set()

    def declare(self, tag: str, key: str, name: str) -> str:
        """A message or an escalation, once; return its id."""
        found = f"{tag}.{key}"
        if found not in self._declared:
            self._declared.add(found)
            code = {"escalationCode": key} if tag == "escalation" else {}
            self.roots.append(element(tag, id=found, name=name, **code))
        return found

    def start(self, scope: Scope, key: str, start: PlanStart, box: Rect) -> End:
        """A start event: of a person (none), of a message, or of a date."""
        details = []
        if start.schedule:
            cycle = schedule_in_words(start.schedule)
            details.append(with_text("timerEventDefinition", "timeCycle", cycle))
        elif start.event and start.event != "call":
            details.append(self._message(start.event))
        rect = shapes.centred(box, shapes.EVENT)
        name = start_in_words(start, self.phrases)
        scope.nodes.append(Node("startEvent", key, name, rect, details=details))
        return key, rect

    def step(self, scope: Scope, step: PlanStep, box: Rect, frame: Rect | None) -> Made:
        """The elements of a step, its gateways included."""
        match step.kind:
            case "end":
                return self._plain(scope, step, "endEvent", shapes.centred(box, shapes.EVENT))
            case "choose":
                rect = shapes.centred(box, shapes.GATEWAY)
                return self._plain(scope, step, "exclusiveGateway", rect)
            case "wait":
                return self._wait(scope, step, box)
        if frame is not None:
            return self._block(scope, step, box, frame)
        return self._task(scope, step, box)

    def _plain(self, scope: Scope, step: PlanStep, tag: str, rect: Rect) -> Made:
        scope.nodes.append(self._node(tag, step, rect))
        return Made((step.id, rect), (step.id, rect), nodes=[step.id])

    def _node(self, tag: str, step: PlanStep, rect: Rect) -> Node:
        due = due_in_words(step.due, self.phrases)
        said = [
            f"Hạn: {due}." if due else "",
            *(f"{each}." for each in remarks(step, self.phrases)),
        ]
        documentation = " ".join(part for part in (step.help, *said) if part)
        return Node(tag, step.id, step_name(step), rect, documentation)

    def _message(self, event: str) -> Element:
        reference = self.declare("message", event, event_in_words(event))
        return element("messageEventDefinition", messageRef=reference)

    def _task(self, scope: Scope, step: PlanStep, box: Rect) -> Made:
        results = len(step.outcomes) + (step.kind == "call")
        results += len(step.actions) - (1 if step.is_confirmed else 0)
        rect = shapes.beside_gateways(box, before=step.when is not None, after=results > 1)
        node = self._node(_TASKS[step.kind], step, rect)
        if step.role is not None:
            owner = element("potentialOwner")
            said = self.phrases.role(step.role)
            owner.append(with_text("resourceAssignmentExpression", "formalExpression", said))
            node.details.append(owner)
        if step.call is not None:
            node.attributes["calledElement"] = step.call.flow
        scope.nodes.append(node)
        made = Made((step.id, rect), (step.id, rect), nodes=[step.id])
        if results > 1:
            self._after(scope, step, box, made)
        self._before(scope, step, made, shapes.gateway_before(box))
        self._late(scope, step, rect, made)
        return made

    def _after(self, scope: Scope, step: PlanStep, box: Rect, made: Made) -> None:
        """The gateway after a task that has several results."""
        gateway = f"{step.id}.out"
        rect = shapes.gateway_after(box)
        scope.nodes.append(Node("exclusiveGateway", gateway, "", rect))
        points = [shapes.right_of(made.out[1]), shapes.left_of(rect)]
        scope.flows.append(Flow(f"{step.id}.to.out", step.id, gateway, points))
        made.out = (gateway, rect)
        made.nodes.append(gateway)

    def _before(self, scope: Scope, step: PlanStep, made: Made, rect: Rect) -> None:
        """The gateway before a step that may be passed over."""
        if step.when is None:
            return
        gateway = f"{step.id}.when"
        scope.nodes.append(Node("exclusiveGateway", gateway, "", rect))
        points = [shapes.right_of(rect), shapes.left_of(made.entry[1])]
        condition = self.phrases.condition(step.when)
        scope.flows.append(
            Flow(f"{step.id}.to.when", gateway, made.entry[0], points, "", condition)
        )
        made.entry = (gateway, rect)
        made.nodes.append(gateway)

    def _late(self, scope: Scope, step: PlanStep, rect: Rect, made: Made) -> None:
        """The timer at the border of a step whose lateness leads elsewhere."""
        if step.on_late is None or step.on_late.route is None:
            return
        key = f"{step.id}.late"
        place = Rect(rect.right - shapes.EVENT, rect.y - shapes.EVENT / 2, *[shapes.EVENT] * 2)
        timer = with_text(
            "timerEventDefinition", "timeDuration", due_in_words(step.due, self.phrases)
        )
        attached = {"attachedToRef": step.id}
        node = Node("boundaryEvent", key, "quá hạn", place, attributes=attached, details=[timer])
        scope.nodes.append(node)
        made.by_outcome["late"] = (key, place)
        made.nodes.append(key)

    def _wait(self, scope: Scope, step: PlanStep, box: Rect) -> Made:
        """One event, or a gateway with an event for each thing that may happen first."""
        wait = step.wait or PlanWait()
        awaited = [*wait.events, *([TIME] if wait.period or wait.until else [])]
        left = shapes.BESIDE if step.when is not None else 0.0
        room = Rect(box.x + left, box.y, box.width - left, box.height)
        if len(awaited) == 1:
            rect = shapes.centred(room, shapes.EVENT)
            node = self._node("intermediateCatchEvent", step, rect)
            node.details.append(self._awaited(wait, awaited[0]))
            scope.nodes.append(node)
            made = Made((step.id, rect), (step.id, rect), nodes=[step.id])
        else:
            made = self._first_of(scope, step, wait, awaited, room)
        self._before(scope, step, made, shapes.gateway_before(box))
        return made

    def _first_of(
        self, scope: Scope, step: PlanStep, wait: PlanWait, awaited: Sequence[str], room: Rect
    ) -> Made:
        gate = shapes.centred(room, shapes.GATEWAY, 0.0)
        scope.nodes.append(self._node("eventBasedGateway", step, gate))
        made = Made((step.id, gate), (step.id, gate), nodes=[step.id])
        height = room.height / len(awaited)
        size = min(shapes.EVENT, height)
        for number, event in enumerate(awaited):
            key = f"{step.id}.{event}"
            slot = Rect(room.right - size, room.y + number * height, size, height)
            rect = shapes.centred(slot, size)
            name = self.phrases.outcome(step, event)
            details = [self._awaited(wait, event)]
            scope.nodes.append(Node("intermediateCatchEvent", key, name, rect, details=details))
            points = [shapes.right_of(gate), shapes.left_of(rect)]
            scope.flows.append(Flow(f"{step.id}.to.{event}.awaited", step.id, key, points))
            made.by_outcome[event] = (key, rect)
            made.nodes.append(key)
        return made

    def _awaited(self, wait: PlanWait, event: str) -> Element:
        if event != TIME:
            return self._message(event)
        if wait.period is None:
            return with_text("timerEventDefinition", "timeDate", wait.until or "")
        return with_text("timerEventDefinition", "timeDuration", duration(wait.period))

    def _block(self, scope: Scope, step: PlanStep, box: Rect, frame: Rect) -> Made:
        """A sub-process; its own start, and the gateway that splits a `parallel`."""
        node = self._node("subProcess", step, frame)
        node.inner = inner = Scope()
        scope.nodes.append(node)
        begin, begin_rect = f"{step.id}.begin", shapes.centred(box, shapes.EVENT, 0.1)
        inner.nodes.append(Node("startEvent", begin, "", begin_rect))
        made = Made((step.id, frame), (step.id, frame), nodes=[step.id])
        made.by_outcome["begin"] = (begin, begin_rect)
        if step.kind == "parallel":
            split, rect = f"{step.id}.split", shapes.centred(box, shapes.GATEWAY, 0.9)
            inner.nodes.append(Node(split_tag(step), split, "", rect))
            points = [shapes.right_of(begin_rect), shapes.left_of(rect)]
            inner.flows.append(Flow(f"{step.id}.to.split", begin, split, points))
            made.by_outcome["begin"] = (split, rect)
        else:
            node.details.append(self._loop(step))
        self._before(scope, step, made, shapes.gateway_outside(frame, box))
        self._late(scope, step, frame, made)
        return made

    def _loop(self, step: PlanStep) -> Element:
        loop = element("multiInstanceLoopCharacteristics", isSequential="false")
        if step.join is not None and step.join.kind != "all":
            loop.append(element("completionCondition", join_in_words(step, self.phrases)))
        return loop

    def join(self, scope: Scope, step: PlanStep, box: Rect) -> End:
        """Where the branches of a block meet: its gateway and its end, or its end alone."""
        finish = f"{step.id}.finish"
        if step.kind == "each":
            rect = shapes.centred(box, shapes.EVENT)
            scope.nodes.append(Node("endEvent", finish, join_in_words(step, self.phrases), rect))
            return finish, rect
        gateway, rect = f"{step.id}.join", shapes.centred(box, shapes.GATEWAY, 0.1)
        node = Node(join_tag(step), gateway, join_in_words(step, self.phrases), rect)
        if node.tag == "complexGateway":
            node.details.append(element("activationCondition", node.name))
        scope.nodes.append(node)
        end = shapes.centred(box, shapes.EVENT, 0.9)
        scope.nodes.append(Node("endEvent", finish, "", end))
        points = [shapes.right_of(rect), shapes.left_of(end)]
        scope.flows.append(Flow(f"{step.id}.to.finish", gateway, finish, points))
        return gateway, rect


def split_tag(step: PlanStep) -> str:
    """Which gateway splits a `parallel`: some branches may depend on a condition."""
    return "inclusiveGateway" if any(b.when for b in step.branches) else "parallelGateway"


def join_tag(step: PlanStep) -> str:
    """Which gateway its branches meet at."""
    if step.join is not None and step.join.kind != "all":
        return "complexGateway"
    return split_tag(step)


def duration(period: str) -> str:
    """A period as ISO 8601 writes it; one of an agency's calendar stays as it is."""
    found = _PERIOD.fullmatch(period)
    if found is None:
        return period
    clock = "T" if found[2] in "mh" else ""
    return f"P{clock}{found[1]}{found[2].upper()}"
