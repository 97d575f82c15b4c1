"""The flow of test_constructs.LOOP as Viewflow's own users would write it, on its own models.

Where our human node follows the action chosen, stock Viewflow needs a switch after the view;
those switches are named `<step>_route`.
"""

from __future__ import annotations

from typing import Any

from viewflow import this
from viewflow.workflow import flow


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
