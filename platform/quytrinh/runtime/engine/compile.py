"""From a plan to a Viewflow Flow subclass, made at run time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from viewflow import this
from viewflow.workflow.base import Flow, Node

from quytrinh.compiler.plan import Plan, PlanStep
from quytrinh.runtime.engine.nodes import (
    RUN_SUFFIX,
    WHEN_SUFFIX,
    ChooseNode,
    EndNode,
    HumanNode,
    InlineNode,
    JobNode,
    StartNode,
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
    entries = {step.id: step.id + WHEN_SUFFIX if step.when else step.id for step in plan.steps}
    nodes: dict[str, Node] = {"start": StartNode().Next(_ref(entries[plan.steps[0].id]))}
    for step in plan.steps:
        nodes[step.id] = _NODES[step.kind](step, entries)
        if step.is_confirmed:
            nodes[step.id + RUN_SUFFIX] = _service(step, entries)
        if step.when:
            nodes[step.id + WHEN_SUFFIX] = _when(step, entries)
    namespace = {NODE_PREFIX + name: node for name, node in nodes.items()}
    return type(Flow)(
        f"Flow_{plan.digest[:16]}",
        (TenantFlow,),
        {"plan": plan, "process_title": plan.name, "__module__": __name__, **namespace},
    )


def _ref(name: str) -> Any:
    return getattr(this, NODE_PREFIX + name)


def _condition(expression: str) -> Callable[[Any], bool]:
    return lambda activation: activation.work.holds(expression)


def _when(step: PlanStep, entries: dict[str, str]) -> Node:
    node = WhenNode(_condition(step.when or ""))
    return node.Then(_ref(step.id)).Else(_ref(entries[step.next or ""]))


def _choose(step: PlanStep, entries: dict[str, str]) -> Node:
    node = ChooseNode()
    for case in step.choose:
        target = _ref(entries[case.to])
        if case.when:
            node.Case(target, _condition(case.when))
        else:
            node.Default(target)
    return node


def _service(step: PlanStep, entries: dict[str, str]) -> Node:
    kind = InlineNode if is_inline(step.run or "") else JobNode
    return kind(step, entries)


_NODES: dict[str, Callable[[PlanStep, dict[str, str]], Node]] = {
    "human": HumanNode,
    "service": _service,
    "choose": _choose,
    "end": lambda step, entries: EndNode(step),
}
