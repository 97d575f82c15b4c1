"""From a plan to a Viewflow Flow subclass, made at run time."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from viewflow import this
from viewflow.workflow.base import Flow, Node

from quytrinh.compiler.plan import JOIN, Plan, PlanStep, depths
from quytrinh.runtime.engine.nodes import (
    JOIN_SUFFIX,
    RUN_SUFFIX,
    WHEN_SUFFIX,
    BlockNode,
    CallNode,
    ChooseNode,
    EndNode,
    HumanNode,
    InlineNode,
    JobNode,
    JoinNode,
    RoutedNode,
    StartNode,
    Surroundings,
    WaitNode,
    WhenNode,
)
from quytrinh.runtime.models import NODE_PREFIX, Case, CaseTask
from quytrinh.runtime.plugins import is_inline


class TenantFlow(Flow):
    """Base of every compiled flow. It has no pages, no locks and no permissions of its own."""

    process_class = Case
    task_class = CaseTask
    app_label = "runtime"
    flow_label = "compiled"
    plan: Plan

    def _get_urls(self) -> list[Any]:
        return []

    def has_view_permission(self, user: Any, obj: Any = None) -> bool:
        """Refuse: who sees a case is decided by CaseQuerySet.visible_to."""
        return False

    def has_manage_permission(self, user: Any, obj: Any = None) -> bool:
        """Refuse: Viewflow's management transitions are not used."""
        return False


def compile_plan(plan: Plan) -> type[TenantFlow]:
    """Return the Flow class of a plan."""
    entries = _entries(plan.steps)
    nodes: dict[str, Node] = {"start": StartNode().Next(_ref(entries[plan.steps[0].id]))}
    nodes |= _block_nodes(plan.steps, Surroundings(entries, depths(plan.steps)))
    namespace = {NODE_PREFIX + name: node for name, node in nodes.items()}
    flow: type[TenantFlow] = type(Flow)(
        f"Flow_{plan.digest[:16]}",
        (TenantFlow,),
        {"plan": plan, "process_title": plan.name, "__module__": __name__, **namespace},
    )
    for node in flow.instance.nodes():
        if isinstance(node, RoutedNode):
            node.slim()
    return flow


def _entries(steps: Iterable[PlanStep]) -> dict[str, str]:
    """Return by which node each step of a block is entered."""
    return {step.id: step.id + WHEN_SUFFIX if step.when else step.id for step in steps}


def _block_nodes(steps: Iterable[PlanStep], around: Surroundings) -> dict[str, Node]:
    """Return the nodes of one block and of those inside it."""
    nodes: dict[str, Node] = {}
    for step in steps:
        if step.is_composite:
            nodes |= _composite(step, around)
        else:
            nodes[step.id] = _NODES[step.kind](step, around)
        if step.is_confirmed:
            nodes[step.id + RUN_SUFFIX] = _service(step, around)
        if step.when:
            nodes[step.id + WHEN_SUFFIX] = _when(step, around)
    return nodes


def _composite(step: PlanStep, around: Surroundings) -> dict[str, Node]:
    join = step.id + JOIN_SUFFIX
    nodes: dict[str, Node] = {}
    firsts: dict[str, str] = {}
    for branch in step.branches:
        entries = _entries(branch.steps)
        firsts[branch.id] = entries[branch.steps[0].id]
        nodes |= _block_nodes(branch.steps, Surroundings({**entries, JOIN: join}, around.depths))
    return {**nodes, step.id: BlockNode(step, around, firsts), join: JoinNode(step, around)}


def _ref(name: str) -> Any:
    return getattr(this, NODE_PREFIX + name)


def _condition(expression: str) -> Callable[[Any], bool]:
    return lambda activation: activation.work.holds(expression, activation.task)


def _when(step: PlanStep, around: Surroundings) -> Node:
    node = WhenNode(_condition(step.when or ""))
    return node.Then(_ref(step.id)).Else(_ref(around.entries[step.next or ""]))


def _choose(step: PlanStep, around: Surroundings) -> Node:
    node = ChooseNode()
    for case in step.choose:
        target = _ref(around.entries[case.to])
        if case.when:
            node.Case(target, _condition(case.when))
        else:
            node.Default(target)
    return node


def _service(step: PlanStep, around: Surroundings) -> Node:
    kind = InlineNode if is_inline(step.run or "") else JobNode
    return kind(step, around)


_NODES: dict[str, Callable[[PlanStep, Surroundings], Node]] = {
    "human": HumanNode,
    "service": _service,
    "choose": _choose,
    "call": CallNode,
    "wait": WaitNode,
    "end": EndNode,
}
