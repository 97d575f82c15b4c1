"""Our engine, through the action that page and API call."""

from __future__ import annotations

from uuid import UUID

from django.db import connection

from quytrinh.runtime import actions
from quytrinh.runtime.models import Case, CaseTask
from quytrinh.tenancy.context import tenant_context
from tests.bench.engines.engine import Shape
from tests.support.agencies import Agency

HEAD = """
quytrinh: 1
flow: {key}
name: Đo
roles:
  doer: {{name: Người làm, who: {{creator: true}}}}
steps:
"""
STEP = "  - {{id: s{number}, by: doer, actions: {{go: {{label: Chuyển}}}}}}\n"
BLOCK = """
  - id: both{number}
    parallel:
      a: {{steps: [{{id: one{number}, by: doer, actions: {{go: {{label: Xong}}}}}}]}}
      b: {{steps: [{{id: two{number}, by: doer, actions: {{go: {{label: Xong}}}}}}]}}
    join: all
"""
PARTS = {"linear": (STEP, 15), "split": (STEP + BLOCK, 3)}


def text_of(shape: Shape) -> str:
    """Return the procedure of a shape."""
    part, times = PARTS[shape]
    steps = "".join(part.format(number=number) for number in range(times))
    return HEAD.format(key=f"do-{shape}") + steps + "  - {end: done}\n"


class Ours:
    """Cases of one agency, done by one person."""

    name = "ours"

    def __init__(self, agency: Agency) -> None:
        self.agency = agency
        self.person = agency.person("chuyen-vien")

    @property
    def backend(self) -> int:
        """Return the process id of Django's backend."""
        connection.ensure_connection()
        return connection.connection.info.backend_pid

    def begin(self, shape: Shape) -> Case:
        """Begin a case."""
        with tenant_context(self.agency.tenant.pk):
            return actions.start_case(flow_key=f"do-{shape}", actor=self.person)

    def next_task(self, case: Case) -> UUID:
        """Return the oldest open task."""
        with self.agency.at_work():
            tasks = CaseTask.objects.open().filter(process=case).order_by("pk")
            return tasks.values_list("pk", flat=True)[0]

    def do(self, task: UUID) -> None:
        """Take the one action."""
        with tenant_context(self.agency.tenant.pk):
            actions.perform(task_id=task, actor=self.person, action="go")

    def is_over(self, case: Case) -> bool:
        """Tell whether the case is finished."""
        with self.agency.at_work():
            return Case.objects.get(pk=case.pk).finished is not None
