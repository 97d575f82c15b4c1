"""What Viewflow does when a token reaches a node, made to collect instead of to save.

Overridden (contract tests in tests/integration/runtime/test_viewflow_seam.py): `create` of
every activation, `create_next` of human and job, `activate` of gateways, job, inline and end.
`undo` and `revive` are never offered: going back is `return_to`, which keeps history.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Self
from uuid import UUID

from viewflow.workflow.activation import Activation
from viewflow.workflow.nodes.end import EndActivation as StockEnd
from viewflow.workflow.nodes.if_gate import IfActivation as StockIf
from viewflow.workflow.nodes.job import AbstractJobActivation
from viewflow.workflow.nodes.start import StartHandleActivation
from viewflow.workflow.nodes.switch import SwitchActivation as StockSwitch
from viewflow.workflow.nodes.view import ViewActivation
from viewflow.workflow.status import PROCESS, STATUS
from viewflow.workflow.token import Token

from quytrinh.compiler.plan import PlanRoute
from quytrinh.deadlines.due import closing_if_date, period_after
from quytrinh.runtime import timers
from quytrinh.runtime.engine.origin import LED_BY, origin_of
from quytrinh.runtime.facts import evaluate_for
from quytrinh.runtime.memory import remember_outputs, restore_return
from quytrinh.runtime.models import CaseTask
from quytrinh.runtime.scopes import TOP, Scope, outer, scope_of
from quytrinh.runtime.unit_of_work import CALL_KIND, UnitOfWork


class Collected:
    """Creates tasks in the unit of work instead of the database."""

    task: CaseTask

    @property
    def work(self) -> UnitOfWork:
        """Return the unit of work the activation belongs to."""
        work = self.task.process.unit_of_work
        assert work is not None
        return work

    @property
    def scope(self) -> Scope:
        """Return the scope the task stands in."""
        return scope_of(self.task)

    @classmethod
    def create(
        cls, flow_task: Any, prev_activation: Any, token: Any, data: Any = None, seed: Any = None
    ) -> Self:
        """Make the task of a node and hand it to the unit of work."""
        case = prev_activation.process
        task = CaseTask(tenant_id=case.tenant_id, process=case, token=token)
        task.created = case.unit_of_work.now
        task.flow_task = flow_task
        task.previous_ids = [str(prev_activation.task.pk)]
        task.data = {**(data or {}), **origin_of(prev_activation.task)}
        activation = cls(task)  # type: ignore[call-arg]
        activation.prepare()
        task.save()
        return activation

    def prepare(self) -> None:
        """Complete a new task before it is handed over; nothing by default."""

    def go(self, target: Any, route: PlanRoute | None) -> Activation:
        """Move the token to a node; a return leaves the blocks between as a whole."""
        token = self.task.token
        if route is not None and route.return_to:
            scope = outer(str(token), self.flow_task.depth_of(route.return_to))
            self.work.cancel_within(scope, reason="returned", keep=self.task)
            activation = target._create(self, Token(scope))
            # It is there again because of the same step as before it was returned to.
            led_by = Scope(self.task.process, scope).memory(route.return_to).get(LED_BY)
            activation.task.data = {**activation.task.data, LED_BY: led_by}
            return activation
        return target._create(self, token)


class StartActivation(Collected, StartHandleActivation):
    """The start of a case whose row the caller made."""

    @classmethod
    def begin(cls, flow_task: Any, work: UnitOfWork) -> None:
        """Make the start task, complete it, and let the token go on."""
        task = CaseTask(tenant_id=work.case.tenant_id, process=work.case)
        task.created = task.started = work.now
        task.flow_task = flow_task
        task.done_by_id = work.actor
        activation = cls(task)
        activation.complete()
        activation.activate_next()


class HumanActivation(Collected, ViewActivation):
    """A person decides; the action chosen is the edge taken."""

    def prepare(self) -> None:
        """Find who does it."""
        step = self.flow_task.step
        self.work.offer(self.task, step)
        self.work.tell_sender(step.reports and step.reports.enter, task=self.task)

    @Activation.status.transition(source=[STATUS.NEW, STATUS.ASSIGNED], target=STATUS.STARTED)
    def take(self, person: UUID) -> None:
        """Give the task to the person who acts."""
        self.task.owner_id = person
        self.task.started = self.work.now

    @Activation.status.transition(source=STATUS.STARTED, target=STATUS.DONE)
    def complete(self) -> None:
        """Complete the task and take it out of the inboxes."""
        super().complete.original()
        self.work.withdraw(self.task)

    @Activation.status.transition(source=STATUS.DONE)
    def create_next(self) -> Iterator[Activation]:
        """Follow the chosen action: forward, or back to an earlier step."""
        yield self.go(*self.flow_task.way_of(self.task.action, self.scope))

    @Activation.status.transition(source=[STATUS.NEW, STATUS.ASSIGNED], target=STATUS.DONE)
    def decide_by_silence(self, action: str) -> None:
        """Complete the task by an action that nobody chose in time."""
        self.task.action = action
        super().complete.original()
        self.work.withdraw(self.task)


class IfActivation(Collected, StockIf):
    """`when`: evaluated when the token arrives, without a savepoint; an error stops the step."""

    @Activation.status.super()
    def activate(self) -> None:
        """Evaluate the condition."""
        self._condition_result = self.flow_task._condition(self)


class SwitchActivation(Collected, StockSwitch):
    """`choose`: the first case that holds, else `else`."""

    @Activation.status.super()
    def activate(self) -> None:
        """Choose the branch."""
        self.next_task = next(
            node for node, condition in self.flow_task._branches if not condition or condition(self)
        )


class OutcomeRouting(Collected):
    """A plugin step goes on by its outcome."""

    def arrive(self) -> None:
        """Tell the sender that the case has come here, unless the person's task has told it."""
        step = self.flow_task.step
        if step.kind == "service" and step.reports:
            self.work.tell_sender(step.reports.enter, task=self.task)

    def follow_outcome(self) -> Iterator[Activation]:
        """Follow the route of the outcome in the task's data; keep and record what was found."""
        step, outcome = self.flow_task.step, self.task.data["outcome"]
        outputs = self.task.data.get("outputs", {})
        remember_outputs(self.scope, step.id, outputs)
        evidence = {"act": step.run} if step.run else {}
        if outputs:
            evidence["outputs"] = outputs
        self.work.record("step.completed", step=step.id, outcome=outcome, **evidence)
        if step.reports and outcome in step.normal:
            self.work.tell_sender(step.reports.done, task=self.task)
        yield self.go(*self.flow_task.way_of(outcome, self.scope))


class JobActivation(OutcomeRouting, AbstractJobActivation):
    """The machine does it, later, through the outbox."""

    @Activation.status.transition(source=STATUS.NEW, target=STATUS.SCHEDULED)
    def activate(self) -> None:
        """Put the job into the outbox."""
        self.arrive()
        self.work.set_due(self.task, self.flow_task.step)
        self.enqueue()

    def enqueue(self) -> None:
        """Hand the work to the background."""
        self.work.enqueue_job(self.task)

    @Activation.status.transition(source=STATUS.DONE)
    def create_next(self) -> Iterator[Activation]:
        """Go on by the outcome."""
        yield from self.follow_outcome()

    @Activation.status.transition(source=[STATUS.SCHEDULED, STATUS.STARTED], target=STATUS.ERROR)
    def give_up(self, explanation: str) -> None:
        """Stop trying; the task waits for an administrator with a plain explanation."""
        self.task.data = {**self.task.data, "error": explanation}
        self.task.save()
        self.work.record("step.failed", step=self.task.step, explanation=explanation)

    @Activation.status.transition(
        source=[STATUS.SCHEDULED, STATUS.STARTED, STATUS.ERROR], target=STATUS.CANCELED
    )
    def hand_back(self, explanation: str) -> None:
        """Give a confirmed step back to the person who confirmed it, with the explanation."""
        self.task.data = {**self.task.data, "error": explanation}
        self.task.finished = self.work.now
        self.task.save()
        self.work.record("step.failed", step=self.task.step, explanation=explanation)
        restore_return(self.scope, self.task.step)
        again = self.flow_task.confirming._create(self, self.task.token)
        again.task.data = {**again.task.data, "problem": explanation}

    @Activation.status.transition(source=STATUS.ERROR, target=STATUS.SCHEDULED)
    def retry(self) -> None:
        """Try again what failed."""
        self.task.save()


class InlineActivation(OutcomeRouting, Activation):
    """The machine does it within the step's own transaction."""

    @Activation.status.super()
    def activate(self) -> None:
        """Run the plugin."""
        self.arrive()
        self.task.started = self.work.now
        result = self.flow_task.run(self.task)
        found = {"outcome": result.outcome, "outputs": dict(result.outputs)}
        self.task.data = {**self.task.data, **found}

    @Activation.status.transition(source=STATUS.DONE)
    def create_next(self) -> Iterator[Activation]:
        """Go on by the outcome."""
        yield from self.follow_outcome()


class WaitActivation(JobActivation):
    """Waits until a timer goes off or an event of the case comes in."""

    def enqueue(self) -> None:
        """Set the timer; an event finds the open task by itself."""
        wait = self.flow_task.step.wait
        self.task.data = {**self.task.data, "awaits": list(wait.events)}
        calendar = self.work.directory.calendars.calendar(wait.calendar)
        if wait.until:
            self.task.due_at = closing_if_date(evaluate_for(self.scope, wait.until), calendar)
        elif wait.period:
            self.task.due_at = period_after(self.work.now, wait.period, calendar)
        if self.task.due_at:
            instant = max(self.task.due_at, self.work.now)
            timers.at(self.work, self.task, timers.WAIT, instant)


class CallActivation(JobActivation):
    """A case of another procedure is begun; this step waits for its end."""

    def enqueue(self) -> None:
        """Let the background begin the sub-case in a transaction of its own."""
        self.work.enqueue(CALL_KIND, f"call:{self.task.pk}", {"task_id": str(self.task.pk)})


class EndActivation(Collected, StockEnd):
    """The token is consumed and the case closed; what is still open beside it is closed too."""

    @Activation.status.super()
    def activate(self) -> None:
        """Close the case with the outcome of this end."""
        self.work.cancel_within(TOP, reason="closed", keep=self.task)
        self.process.status = PROCESS.DONE
        self.process.finished = self.work.now
        self.process.outcome = self.flow_task.step.outcome
        self.process.save()
        self.work.record("case.closed", outcome=self.process.outcome)
        reports = self.flow_task.step.reports
        self.work.tell_sender(reports and reports.enter, task=self.task)
        self.work.tell_caller(self.process.outcome)
