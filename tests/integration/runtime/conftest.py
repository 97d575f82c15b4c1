"""Procedures of the tests' own, promulgated in an agency, and people who act in them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from django.db import connection

from quytrinh.background.dispatch import run_due
from quytrinh.runtime import actions
from quytrinh.runtime.actions import StepResult
from quytrinh.runtime.models import Case, CaseTask, FlowVersion, InboxEntry
from quytrinh.tenancy.context import tenant_context
from tests.support.agencies import Agencies, Agency
from tests.support.wire import Wire, watched_wire

# What each step of the submission slip needs to be complete.
SLIP = {"subject": "Mua sắm máy in", "content": "Kính trình xem xét.", "urgency": "normal"}


@dataclass(frozen=True, slots=True)
class Office:
    """An agency in which people do steps of cases."""

    agency: Agency

    def act(self, who: str, case: Case, action: str, **entered: Any) -> StepResult:
        """Do the task at which a case stands."""
        task = self.agency.open_task(case)
        with tenant_context(self.agency.tenant.pk):
            return actions.perform(
                task_id=task.pk, actor=self.agency.person(who), action=action, **entered
            )

    def promulgate(self, source: str) -> FlowVersion:
        """Put a text in force as the head does."""
        head = self.agency.person("giam-doc")
        with tenant_context(self.agency.tenant.pk):
            draft = actions.save_draft(source=source, actor=head)
            assert draft.version is not None, draft.diagnostics
            assert draft.ok, [diagnostic.as_text() for diagnostic in draft.diagnostics]
            return actions.promulgate(
                version_id=draft.version.pk,
                actor=head,
                decision_number="1/QĐ-THU",
                decision_date=date(2026, 11, 2),
            )

    def begin(self, flow: str, who: str = "chuyen-vien", **values: Any) -> Case:
        """Begin a case."""
        with tenant_context(self.agency.tenant.pk):
            return actions.start_case(flow_key=flow, actor=self.agency.person(who), values=values)

    def work_off(self) -> int:
        """Do what the outbox holds."""
        return run_due()

    def case(self, case: Case) -> Case:
        """Read a case as it is now."""
        with self.agency.at_work():
            return Case.objects.get(pk=case.pk)

    def place(self, case: Case) -> str:
        """Tell at which step a case stands."""
        return self.agency.open_task(case).step

    def inbox(self, who: str) -> list[tuple[str, str]]:
        """Return what waits for a person: case code and step name."""
        person = self.agency.person(who)
        with self.agency.at_work():
            entries = InboxEntry.objects.for_keys(person.keys)
            return [(entry.case_code, entry.step_name) for entry in entries]

    def statuses(self, case: Case) -> list[tuple[str, str]]:
        """Return node and status of every task of a case, in the order they were made."""
        with self.agency.at_work():
            tasks = CaseTask.objects.filter(process=case).order_by("pk")
            return [(task.node, task.status) for task in tasks]


@pytest.fixture
def office(agencies: Agencies) -> Office:
    """The first agency at work."""
    return Office(agencies.binh_thuan)


@pytest.fixture
def other_office(agencies: Agencies) -> Office:
    """The second agency at work."""
    return Office(agencies.ha_tinh)


@pytest.fixture
def wire(request: pytest.FixtureRequest) -> Callable[[], Any]:
    """Return a context manager that notes what goes over the wire to PostgreSQL."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no wire")

    @contextmanager
    def watch() -> Iterator[Wire]:
        with watched_wire() as seen:
            yield seen

    return watch
