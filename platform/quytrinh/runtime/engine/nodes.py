"""Nodes of a compiled flow. Targets are names until Viewflow resolves the graph."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from viewflow.workflow.base import Edge, Node
from viewflow.workflow.nodes.end import End
from viewflow.workflow.nodes.if_gate import If
from viewflow.workflow.nodes.job import AbstractJob
from viewflow.workflow.nodes.join import Join
from viewflow.workflow.nodes.split import Split
from viewflow.workflow.nodes.start import StartHandle
from viewflow.workflow.nodes.switch import Switch
from viewflow.workflow.nodes.view import View

from quytrinh.compiler.plan import CONFIRM, PlanRoute, PlanStep
from quytrinh.runtime.engine.activations import (
    CallActivation,
    EndActivation,
    HumanActivation,
    IfActivation,
    InlineActivation,
    JobActivation,
    StartActivation,
    SwitchActivation,
    WaitActivation,
)
from quytrinh.runtime.engine.blocks import BlockActivation, JoinActivation
from quytrinh.runtime.models import NODE_PREFIX, CaseTask
from quytrinh.runtime.plugins import run_inline
from quytrinh.runtime.scopes import Scope

# Name of the node that decides whether a step is done at all.
WHEN_SUFFIX = "__when"
# Name of the node that does what a person has confirmed.
RUN_SUFFIX = "__run"
# Name of the node at which the branches of a block meet.
JOIN_SUFFIX = "__join"


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Where a step stands: by which node each step of its block is entered, and how deep it is.

    `depths`: every step of the flow -> how many blocks it is in.
    """

    entries: Mapping[str, str]
    depths: Mapping[str, int]


_UNUSED = frozenset({
    "_boundary_events", "_boundary_specs", "_children", "_compensation_handler", "_urls_cache",
    "_is_compensation_handler", "_multi_instance",
})  # fmt: skip


class RoutedNode:
    """A node whose next one depends on a decision or an outcome."""

    step: PlanStep
    around: Surroundings
    routes: Mapping[str, PlanRoute]

    # What Viewflow keeps in each node for features and pages that we do not use.
    _boundary_events = _boundary_specs = _children = ()
    _compensation_handler = _urls_cache = None
    _is_compensation_handler = _multi_instance = False

    def slim(self) -> None:
        """Keep the unused once for all nodes: thousands of flows stay in memory."""
        kept = {name: held for name, held in vars(self).items() if name not in _UNUSED}
        self.__dict__ = kept

    def bind(self, step: PlanStep, around: Surroundings) -> None:
        """Remember the step and where it stands."""
        self.step, self.around = step, around

    def _resolve(self, instance: Any) -> None:
        self._instance = instance

    def _node(self, name: str) -> Node:
        return getattr(self._instance, NODE_PREFIX + name)

    def _outgoing(self) -> Iterator[Edge]:
        for name, route in self._all_routes():
            kind = "return" if route.return_to else "next"
            yield Edge(src=self, dst=self.follow(route), edge_class=kind, label=name)

    def _all_routes(self) -> Iterator[tuple[str, PlanRoute]]:
        yield from self.routes.items()
        late = self.step.on_late
        if late and late.route:
            yield "on_late", late.route

    def onward(self) -> Node:
        """Return the node at which the step's ordinary way goes on."""
        return self._node(self.around.entries[self.step.onward or ""])

    def follow(self, route: PlanRoute) -> Node:
        """Return the node a route leads to; a return enters its step whatever its `when`."""
        if route.return_to:
            return self._node(route.return_to)
        return self._node(self.around.entries[route.to or ""])

    def depth_of(self, step: str) -> int:
        """Return how many blocks a step of this flow is in."""
        return self.around.depths[step]


class StartNode(StartHandle):
    """A person begins the case."""

    activation_class = StartActivation


class HumanNode(RoutedNode, View):
    """A person decides."""

    activation_class = HumanActivation

    def __init__(self, step: PlanStep, around: Surroundings) -> None:
        super().__init__(view=None)
        self.bind(step, around)
        self.routes = {
            action.id: action.route
            for action in step.actions
            if not (step.is_confirmed and action.id == CONFIRM)
        }

    def _outgoing(self) -> Iterator[Edge]:
        yield from super()._outgoing()
        if self.step.is_confirmed:
            yield Edge(src=self, dst=self._run_node(), edge_class="next", label=CONFIRM)

    def _run_node(self) -> Node:
        return self._node(self.step.id + RUN_SUFFIX)

    def way_of(self, action: str, scope: Scope) -> tuple[Node, PlanRoute | None]:
        """Return where an action leads, and the route it takes if that is no return of a return.

        A step that was returned `back_here` leads straight back to the one that returned it, if
        it is completed by the same action as before.
        """
        if self.step.is_confirmed and action == CONFIRM:
            return self._run_node(), None
        back = scope.memory(self.step.id).get("back_to")
        if back:
            return self._node(back), None
        return self.follow(self.routes[action]), self.routes[action]


class WhenNode(If):
    """Passes a step over unless its condition holds."""

    activation_class = IfActivation


class ChooseNode(Switch):
    """Takes the first case that holds."""

    activation_class = SwitchActivation


class JobNode(RoutedNode, AbstractJob):
    """The machine does it later."""

    activation_class = JobActivation

    def __init__(self, step: PlanStep, around: Surroundings) -> None:
        super().__init__()
        self.bind(step, around)
        self.routes = step.outcomes

    def way_of(self, outcome: str, scope: Scope) -> tuple[Node, PlanRoute | None]:
        """Return where an outcome leads; a confirmed step may lead back to who returned it."""
        back = self.step.is_confirmed and scope.memory(self.step.id).get("back_to")
        if back and outcome in self.step.normal:
            return self._node(back), None
        route = self.routes.get(outcome) or PlanRoute(to=self.step.onward)
        return self.follow(route), route

    @property
    def confirming(self) -> Node | None:
        """The node of the person who confirms, if the step has one."""
        return self._node(self.step.id) if self.step.is_confirmed else None


class InlineNode(JobNode):
    """The machine does it within the step."""

    activation_class = InlineActivation

    def run(self, task: CaseTask) -> Any:
        """Run the plugin in the step's own transaction."""
        return run_inline(self.step, task)


class WaitNode(JobNode):
    """Waits for a date, for events, or for whichever comes first."""

    activation_class = WaitActivation


class CallNode(JobNode):
    """Another procedure is run; its end is the outcome."""

    activation_class = CallActivation

    def _all_routes(self) -> Iterator[tuple[str, PlanRoute]]:
        # Ends of the callee that are not named go on.
        yield "", PlanRoute(to=self.step.onward)
        yield from super()._all_routes()


class BlockNode(RoutedNode, Split):
    """Begins the branches of a `parallel` or of an `each`; with none the token goes on."""

    activation_class = BlockActivation

    def __init__(self, step: PlanStep, around: Surroundings, firsts: Mapping[str, str]) -> None:
        """`firsts`: branch id -> the node by which it is entered."""
        super().__init__()
        self.bind(step, around)
        self.routes = {}
        self.firsts = firsts

    def _outgoing(self) -> Iterator[Edge]:
        for branch in self.firsts:
            yield Edge(src=self, dst=self.first_of(branch), edge_class="next", label=branch)
        yield Edge(src=self, dst=self.onward(), edge_class="next", label="")

    def first_of(self, branch: str) -> Node:
        """Return the node by which a branch is entered."""
        return self._node(self.firsts[branch])

    @property
    def join(self) -> JoinNode:
        """The node at which the branches meet."""
        node = self._node(self.step.id + JOIN_SUFFIX)
        assert isinstance(node, JoinNode)
        return node


class JoinNode(RoutedNode, Join):
    """Stands for the block while it is open; goes on when its branches are over."""

    activation_class = JoinActivation

    def __init__(self, step: PlanStep, around: Surroundings) -> None:
        super().__init__()
        self.bind(step, around)
        self.routes = {"": PlanRoute(to=step.onward)}


class EndNode(End):
    """Closes the case."""

    activation_class = EndActivation

    def __init__(self, step: PlanStep, around: Surroundings) -> None:
        super().__init__()
        self.step = step
