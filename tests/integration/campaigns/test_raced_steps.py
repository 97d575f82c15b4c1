"""Processes press the same buttons at once: each join and completion has one winner (R-lines).

Cases of their own never wait for each other, and nothing ever deadlocks.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.synchronize import Barrier
from uuid import UUID

import pytest

from quytrinh.journal.models import JournalEntry
from quytrinh.runtime import actions
from quytrinh.runtime.exceptions import TaskAlreadyDone
from quytrinh.runtime.models import Case, CaseTask
from quytrinh.tenancy.context import tenant_context
from tests.integration.runtime.conftest import Office
from tests.support.campaign import figure
from tests.support.postgresql import as_admin
from tests.support.processes import FORK, side_by_side

pytestmark = pytest.mark.django_db(transaction=True)

RACERS = 4
# A case is three races: two completions, pressed twice each, and the join of both.
CASES = figure(10_000) // 3
STEPS = figure(10_000)
FLOW = """
quytrinh: 1
flow: dua
name: Đua
roles:
  doer: {name: Người làm, who: {creator: true}}
start: {by: doer}
steps:
  - id: both
    parallel:
      a: {steps: [{id: one, by: doer, actions: {go: {label: Xong}}}]}
      b: {steps: [{id: two, by: doer, actions: {go: {label: Xong}}}]}
    join: all
  - {id: last, by: doer, actions: {go: {label: Xong}, again: {label: Lại, to: last}}}
  - {end: done}
"""


@dataclass(frozen=True, slots=True)
class Begun:
    """A case and its two open branches."""

    case: UUID
    branches: tuple[UUID, UUID]


@dataclass
class Watch:
    """What was seen in pg_locks while something ran."""

    looks: int = 0
    waits: int = 0
    over: threading.Event = field(default_factory=threading.Event)

    def look_on(self) -> None:
        """Look again and again for rows somebody waits for, not for what autovacuum does."""
        waiting = (
            "SELECT count(*) FROM pg_locks WHERE NOT granted AND locktype IN "
            "('transactionid', 'tuple')"
        )
        with as_admin() as admin:
            while not self.over.is_set():
                self.looks += 1
                self.waits += admin.execute(waiting).fetchone()[0]


@contextmanager
def watched() -> Iterator[Watch]:
    """Watch locks in this block; a deadlock in it fails the test."""
    watch, before = Watch(), deadlocks()
    thread = threading.Thread(target=watch.look_on)
    thread.start()
    try:
        yield watch
    finally:
        watch.over.set()
        thread.join()
    assert deadlocks() == before
    assert watch.looks > 10


def deadlocks() -> int:
    """How many deadlocks the server has seen in this database."""
    with as_admin() as admin:
        counted = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"
        return admin.execute(counted).fetchone()[0]


def shares(count: int) -> list[int]:
    """Divide work among the racers."""
    return [count // RACERS + (racer < count % RACERS) for racer in range(RACERS)]


def begin_some(office: Office) -> Callable[[int], list[Begun]]:
    """Return what one process does: begin its share of the cases."""

    def begin(racer: int) -> list[Begun]:
        return [begun(office) for _ in range(shares(CASES)[racer])]

    return begin


def begun(office: Office) -> Begun:
    """Begin a case and find its branches."""
    case = office.begin("dua")
    with office.agency.at_work():
        tasks = CaseTask.objects.open().filter(process=case).order_by("step")
        one, two = tasks.values_list("pk", flat=True)
    return Begun(case.pk, (one, two))


def press_all(office: Office, cases: list[Begun], barrier: Barrier) -> Callable[[int], Counter]:
    """Return what one process does: press one branch of every case at the same moment as others."""
    person, tenant_id = office.agency.person("chuyen-vien"), office.agency.tenant.pk

    def press(racer: int) -> Counter[str]:
        told: Counter[str] = Counter()
        for each in cases:
            barrier.wait(timeout=60)
            try:
                with tenant_context(tenant_id):
                    task = each.branches[racer % 2]
                    actions.perform(task_id=task, actor=person, action="go")
                told["won"] += 1
            except TaskAlreadyDone:
                told["told"] += 1
        return told

    return press


def test_raced_joins_and_completions_have_one_winner_each(office: Office) -> None:
    office.promulgate(FLOW)
    cases = [each for some in side_by_side(RACERS, begin_some(office)) for each in some]
    assert len(cases) == CASES
    with watched():
        told = side_by_side(RACERS, press_all(office, cases, FORK.Barrier(RACERS)))
    # Of the two that press each branch one wins and the other is told who did it.
    for one, other in ((told[0], told[2]), (told[1], told[3])):
        assert one["won"] + other["won"] == one["told"] + other["told"] == CASES
    with office.agency.at_work():
        joins = CaseTask.objects.filter(flow_task_type="JOIN").values_list("status", flat=True)
        assert Counter(joins) == {"DONE": CASES}
        last = CaseTask.objects.open().values_list("step", flat=True)
        assert Counter(last) == {"last": CASES}
        verbs = JournalEntry.objects.values_list("verb", flat=True)
        assert Counter(verbs)["task.completed"] == 2 * CASES
    print(f"{3 * CASES} races of {RACERS} processes, one winner each, no deadlock")  # noqa: T201


def test_cases_of_their_own_never_wait_for_each_other(office: Office) -> None:
    office.promulgate(FLOW)
    person, tenant_id = office.agency.person("chuyen-vien"), office.agency.tenant.pk

    def go_round(racer: int) -> int:
        """One case of this process alone, whose last step is taken over and over."""
        mine = begun(office)
        with tenant_context(tenant_id):
            for task in mine.branches:
                result = actions.perform(task_id=task, actor=person, action="go")
            steps = shares(STEPS)[racer]
            for _ in range(steps):
                task = result.my_next_task
                result = actions.perform(task_id=task, actor=person, action="again")
        return steps

    with watched() as watch:
        assert sum(side_by_side(RACERS, go_round)) == STEPS
    assert watch.waits == 0
    with office.agency.at_work():
        assert Case.objects.count() == RACERS
    print(f"{STEPS} steps in {RACERS} processes: no wait in {watch.looks} looks")  # noqa: T201
