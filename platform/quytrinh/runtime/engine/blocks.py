"""Blocks: branches at the same time (`parallel`), or one for every member (`each`), and their join.

Viewflow's Split and Join, with what they lack: a block without branches, branches added and
released while it runs, a join found by node and scope (the stock one fails inside an `each`), and
joins before all have ended. While a block is open its join's task stands for it: it has the
deadline, and there the token of the enclosing scope is.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Self

from viewflow import this
from viewflow.workflow.activation import Activation
from viewflow.workflow.nodes.join import JoinActivation as StockJoin
from viewflow.workflow.nodes.split import SplitActivation
from viewflow.workflow.status import STATUS
from viewflow.workflow.token import Token

from quytrinh.runtime.engine.activations import Collected
from quytrinh.runtime.engine.members import branches_for
from quytrinh.runtime.scopes import (
    Branch,
    Scope,
    end_branch,
    open_block,
    open_branches,
    place_in_block,
)


class BlockActivation(Collected, SplitActivation):
    """A token reaches a block: its branches begin, or, if there are none, it goes on."""

    @Activation.status.super()
    def activate(self) -> None:
        """Find the branches."""
        self.begun = branches_for(self.flow_task.step, self.scope, self.work)

    @Activation.status.super()
    def create_next(self) -> Iterator[Activation]:
        """Begin every branch under a token of its own."""
        step = self.flow_task.step
        if not self.begun:
            self.work.record("block.passed", step=step.id)
            yield self.flow_task.onward()._create(self, self.task.token)
            return
        number, tokens = open_block(self.scope, step=step.id, kind=step.kind, branches=self.begun)
        JoinActivation.open(self.flow_task.join, self, number)
        self.work.record("block.begun", step=step.id, block=number, members=_named(self.begun))
        for branch, token in zip(self.begun, tokens, strict=True):
            first = self.flow_task.first_of(branch["id"])
            yield first._create(self, Token(token))


class JoinActivation(Collected, StockJoin):
    """Stands for an open block; completed once, when the block's rule says that it is over."""

    @classmethod
    def open(cls, flow_task: Any, block: Collected, number: str) -> Self:
        """Make the task that stands for a block."""
        activation = super().create(flow_task, block, block.task.token, {"block": number})
        activation.activate()
        return activation

    @classmethod
    def create(
        cls, flow_task: Any, prev_activation: Any, token: Any, data: Any = None, seed: Any = None
    ) -> Self:
        """Take note of a branch that has come to its end, and find the block it belongs to."""
        work = prev_activation.work
        number, _ = place_in_block(str(token))
        end_branch(work.case, str(token), "done")
        task = work.block_task(number)
        task.previous_ids = [*task.previous_ids, str(prev_activation.task.pk)]
        task.save()
        return cls(task)

    def prepare(self) -> None:
        """Give the block its deadline."""
        self.work.set_due(self.task, self.flow_task.step)

    @Activation.status.transition(source=STATUS.NEW, target=STATUS.STARTED)
    @Activation.status.transition(source=STATUS.STARTED)
    def activate(self) -> None:
        """Wait for the branches."""
        self.task.started = self.task.started or self.work.now

    def is_done(self) -> bool:
        """Tell whether the block is over: all have ended, or its rule is fulfilled."""
        number = self.task.data["block"]
        if not open_branches(self.process, number):
            return True
        join, branches = self.flow_task.step.join, self.process.blocks[number]["branches"].values()
        ended = [branch for branch in branches if branch["state"] == "done"]
        if join.kind == "any":
            return bool(ended)
        if join.kind == "lead":
            return any(branch["lead"] for branch in ended)
        return join.kind == "when" and bool(ended) and self.work.holds(join.when, self.task)

    @Activation.status.transition(
        source=STATUS.STARTED, target=STATUS.DONE, conditions=[this.is_done]
    )
    def complete(self) -> None:
        """Release the branches that are still open and close the block."""
        self.close("joined", "released")

    @Activation.status.transition(source=STATUS.STARTED, target=STATUS.DONE)
    def expire(self) -> None:
        """Close the block because its time is up."""
        self.close("late", "late")

    def close(self, state: str, left: Any) -> None:
        """Close the block; `left` is what becomes of branches that have not ended."""
        number = self.task.data["block"]
        for token in open_branches(self.process, number):
            self.work.release_branch(token, state=left, reason=state)
        block = self.process.blocks[number]
        block["state"] = state
        self.task.finished = self.work.now
        self.task.save()
        keep_for_outside(Scope(self.process, block["token"]), block["branches"].values())
        self.work.record("block.joined", step=self.task.step, block=number, how=state)

    @Activation.status.transition(source=STATUS.DONE)
    def create_next(self) -> Iterator[Activation]:
        """Go on in the enclosing scope."""
        late = self.flow_task.step.on_late
        expired = self.process.blocks[self.task.data["block"]]["state"] == "late"
        if expired and late and late.route:
            yield self.go(self.flow_task.follow(late.route), late.route)
        else:
            yield self.flow_task.onward()._create(self, self.task.token)


def keep_for_outside(scope: Scope, branches: Any) -> None:
    """Keep how steps of an `each` were completed for who asks later: the lead's before others'."""
    known: dict[str, Any] = {}
    for branch in sorted(branches, key=lambda each: each.get("lead", False)):
        known |= branch.get("steps", {})
    for step, completion in known.items():
        scope.remember(step, completion)


def _named(branches: list[Branch]) -> list[str]:
    return [str(branch.get("member", branch["id"])) for branch in branches]
