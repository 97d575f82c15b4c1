"""Flows as Viewflow's own users would write them, on its own models.

The first is that of test_constructs.LOOP; the others are measured in tests/bench. Where our human node follows the action chosen, stock Viewflow needs a switch after the view;
those switches are named `<step>_route`.
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


class StockLinear(flow.Flow):
    """Three steps one after the other."""

    lock_impl = SelectForUpdateLock()
    start = flow.StartHandle().Next(this.draft)
    draft = flow.View(None).Assign(_doer).Next(this.review)
    review = flow.View(None).Assign(_doer).Next(this.decide)
    decide = flow.View(None).Assign(_doer).Next(this.finish)
    finish = flow.End()


class StockSplit(flow.Flow):
    """One step, then two side by side."""

    lock_impl = SelectForUpdateLock()
    start = flow.StartHandle().Next(this.draft)
    draft = flow.View(None).Assign(_doer).Next(this.both)
    both = flow.Split().Next(this.one).Next(this.two)
    one = flow.View(None).Assign(_doer).Next(this.join)
    two = flow.View(None).Assign(_doer).Next(this.join)
    join = flow.Join().Next(this.finish)
    finish = flow.End()
