"""Nodes of a compiled flow. Targets are names until Viewflow resolves the graph."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from viewflow.workflow.base import Edge, Node
from viewflow.workflow.nodes.end import End
from viewflow.workflow.nodes.if_gate import If
from viewflow.workflow.nodes.job import AbstractJob
from viewflow.workflow.nodes.start import StartHandle
from viewflow.workflow.nodes.switch import Switch
from viewflow.workflow.nodes.view import View

from quytrinh.compiler.plan import CONFIRM, PlanRoute, PlanStep
from quytrinh.runtime.engine.activations import (
    EndActivation,
    HumanActivation,
    IfActivation,
    InlineActivation,
    JobActivation,
    StartActivation,
    SwitchActivation,
)
from quytrinh.runtime.models import NODE_PREFIX, Case, CaseTask
from quytrinh.runtime.plugins import run_inline

# Name of the node that decides whether a step is done at all.
WHEN_SUFFIX = "__when"
# Name of the node that does what a person has confirmed.
RUN_SUFFIX = "__run"


class RoutedNode:
    """A node whose next one depends on a decision or an outcome."""

    step: PlanStep
    entries: Mapping[str, str]
    routes: Mapping[str, PlanRoute]

    def bind(self, step: PlanStep, entries: Mapping[str, str]) -> None:
        """Remember the step, and by which node each step is entered."""
        self.step, self.entries = step, entries

    def _resolve(self, instance: Any) -> None:
        self._instance = instance

    def _node(self, name: str) -> Node:
        return getattr(self._instance, NODE_PREFIX + name)

    def _outgoing(self) -> Iterator[Edge]:
        for name, route in self.routes.items():
            if route.return_to:
                yield Edge(
                    src=self, dst=self._node(route.return_to), edge_class="return", label=name
                )
            else:
                target = self._node(self.entries[route.to])
                yield Edge(src=self, dst=target, edge_class="next", label=name)

    def follow(self, route: PlanRoute) -> Node:
        """Return the node a route leads to; a return enters its step whatever its `when`."""
        if route.return_to:
            return self._node(route.return_to)
        return self._node(self.entries[route.to or ""])


class StartNode(StartHandle):
    """A person begins the case."""

    activation_class = StartActivation


class HumanNode(RoutedNode, View):
    """A person decides."""

    activation_class = HumanActivation

    def __init__(self, step: PlanStep, entries: Mapping[str, str]) -> None:
        super().__init__(view=None)
        self.bind(step, entries)
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

    def target_of(self, action: str, case: Case) -> Node:
        """Return where an action leads in this case.

        A step that was returned `back_here` leads straight back to the one that returned it, if
        it is completed by the same action as before (flow-language §5.8).
        """
        if self.step.is_confirmed and action == CONFIRM:
            return self._run_node()
        back = case.steps[self.step.id].get("back_to")
        if back:
            return self._node(back)
        return self.follow(self.routes[action])


class WhenNode(If):
    """Passes a step over unless its condition holds."""

    activation_class = IfActivation


class ChooseNode(Switch):
    """Takes the first case that holds."""

    activation_class = SwitchActivation


class JobNode(RoutedNode, AbstractJob):
    """The machine does it later."""

    activation_class = JobActivation

    def __init__(self, step: PlanStep, entries: Mapping[str, str]) -> None:
        super().__init__()
        self.bind(step, entries)
        self.routes = step.outcomes

    def target_of(self, outcome: str, case: Case) -> Node:
        """Return where an outcome leads; a confirmed step may lead back to who returned it."""
        back = self.step.is_confirmed and case.steps[self.step.id].get("back_to")
        if back and outcome in self.step.normal:
            return self._node(back)
        return self.follow(self.routes[outcome])

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


class EndNode(End):
    """Closes the case."""

    activation_class = EndActivation

    def __init__(self, step: PlanStep) -> None:
        super().__init__()
        self.step = step
