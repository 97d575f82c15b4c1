"""Viewflow as it comes, on its own models, as its documentation has it used."""

from __future__ import annotations

from django.db import connection, transaction
from viewflow.workflow.models import Process, Task

from quytrinh.tenancy.models import User
from tests.bench.engines.engine import Shape
from tests.support.stock_flow import StockLinear, StockSplit, doer

FLOWS = {"linear": StockLinear, "split": StockSplit}


class Stock:
    """Processes of one user."""

    name = "viewflow"

    def __init__(self, user: User) -> None:
        doer[:] = [user]
        self.user = user

    @property
    def backend(self) -> int:
        """Return the process id of Django's backend."""
        connection.ensure_connection()
        return connection.connection.info.backend_pid

    def begin(self, shape: Shape) -> Process:
        """Run the start."""
        with transaction.atomic():
            return FLOWS[shape].start.run()

    def next_task(self, case: Process) -> Task:
        """Return the oldest open task."""
        with transaction.atomic():
            return Task.objects.filter(process=case, status="ASSIGNED").order_by("pk")[0]

    def do(self, task: Task) -> None:
        """Do what a POST to the task's page does: lock, load, ask, save the process, execute."""
        flow_task = task.flow_task
        with flow_task.flow_class.lock(task.process_id), transaction.atomic():
            loaded = Task.objects.get(pk=task.pk)
            assert flow_task.can_execute(self.user, loaded)
            activation = flow_task.activation_class(loaded)
            activation.start(None)
            activation.process.save()
            activation.execute()

    def is_over(self, case: Process) -> bool:
        """Tell whether the process is finished."""
        with transaction.atomic():
            return Process.objects.get(pk=case.pk).finished is not None
