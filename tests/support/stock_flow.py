"""Flows as Viewflow's own users would write them, on its own models.

The first is that of test_constructs.LOOP; the others are measured in tests/bench. Where our human
node follows the action chosen, stock Viewflow needs a switch after the view; those switches are
named `<step>_route`.
"""

from __future__ import annotations

from typing import Any

from viewflow import this
from viewflow.workflow import flow
from viewflow.workflow.lock import SelectForUpdateLock

# Whoever does the steps of the flows that are measured.
doer: list[Any] = []


def chose(step: str, *actions: str) -> Any:
    """Return the condition that one of these actions was taken last at a step."""
    return lambda activation: activation.process.data.get(step) in actions


class StockLoop(flow.Flow):
    """Draft, review, decide, perhaps check."""

    start = flow.StartHandle().Next(this.draft)
    draft = flow.View(None).Next(this.draft_route)
    draft_route = flow.Switch().Case(this.finish, chose("draft", "simple")).Default(this.review)
    review = flow.View(None).Next(this.review_route)
    review_route = flow.Switch().Case(this.draft, chose("review", "return")).Default(this.decide)
    decide = flow.View(None).Next(this.decide_route)
    decide_route = (
        flow.Switch().Case(this.draft, chose("decide", "again")).Default(this.check__when)
    )
    check__when = flow.If(chose("urgency", "flash")).Then(this.check).Else(this.finish)
    check = flow.View(None).Next(this.finish)
    finish = flow.End()


def _doer(activation: Any) -> Any:
    return doer[0]


def _step(following: str) -> Any:
    return flow.View(None).Assign(_doer).Next(getattr(this, following))


def _linear(steps: int) -> dict[str, Any]:
    """Return the nodes of a flow of steps in a row."""
    following = [f"s{number}" for number in range(1, steps)] + ["finish"]
    return {f"s{number}": _step(name) for number, name in enumerate(following)}


def _split(blocks: int) -> dict[str, Any]:
    """Return the nodes of a flow that splits again and again into two steps after one."""
    nodes: dict[str, Any] = {}
    for number in range(blocks):
        after = f"s{number + 1}" if number + 1 < blocks else "finish"
        one, two, join = f"one{number}", f"two{number}", f"join{number}"
        nodes[f"s{number}"] = _step(f"both{number}")
        nodes[f"both{number}"] = flow.Split().Next(getattr(this, one)).Next(getattr(this, two))
        nodes |= {one: _step(join), two: _step(join)}
        nodes[join] = flow.Join().Next(getattr(this, after))
    return nodes


def _flow(name: str, nodes: dict[str, Any]) -> type[flow.Flow]:
    ends = {"start": flow.StartHandle().Next(this.s0), **nodes, "finish": flow.End()}
    body = {"__module__": __name__, "lock_impl": SelectForUpdateLock(), **ends}
    return type(flow.Flow)(name, (flow.Flow,), body)


StockLinear = _flow("StockLinear", _linear(15))
StockSplit = _flow("StockSplit", _split(3))
