"""Several people at once: one of them wins, the others are told, nothing happens twice."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, connections

from quytrinh.journal.models import JournalEntry
from quytrinh.runtime import actions
from quytrinh.runtime.exceptions import TaskAlreadyDone
from quytrinh.runtime.models import CaseTask
from quytrinh.tenancy.context import tenant_context
from tests.integration.runtime.conftest import SLIP, Office

pytestmark = pytest.mark.django_db(transaction=True)

RACERS = 4
ROUNDS = 5


def test_button_pressed_by_several_at_once_counts_once(office: Office) -> None:
    head = office.agency.person("truong-phong")
    tenant_id = office.agency.tenant.pk

    def press(task_id):
        try:
            with tenant_context(tenant_id):
                actions.perform(task_id=task_id, actor=head, action="approve")
        except TaskAlreadyDone:
            return "told"
        finally:
            connections.close_all()
        return "done"

    for _ in range(ROUNDS):
        case = office.begin("phieu-trinh")
        office.act("chuyen-vien", case, "submit", values=SLIP)
        task = office.agency.open_task(case)
        with ThreadPoolExecutor(RACERS) as racers:
            results = list(racers.map(press, [task.pk] * RACERS))
        assert sorted(results) == ["done"] + ["told"] * (RACERS - 1)
        with office.agency.at_work():
            assert CaseTask.objects.filter(process=case, step="decide").count() == 1
            verbs = JournalEntry.objects.of_subject(case.pk).values_list("verb", flat=True)
            assert list(verbs).count("task.completed") == 2


def test_two_different_answers_at_once_leave_one_of_them(office: Office) -> None:
    head = office.agency.person("truong-phong")
    tenant_id = office.agency.tenant.pk

    def answer(task_id, action):
        try:
            with tenant_context(tenant_id):
                actions.perform(task_id=task_id, actor=head, action=action, comment="Lý do")
        except TaskAlreadyDone:
            return None
        finally:
            connections.close_all()
        return action

    case = office.begin("phieu-trinh")
    office.act("chuyen-vien", case, "submit", values=SLIP)
    task = office.agency.open_task(case)
    with ThreadPoolExecutor(2) as racers:
        answers = list(racers.map(answer, [task.pk] * 2, ["approve", "return"]))
    [winner] = [given for given in answers if given]
    assert office.place(case) == {"approve": "decide", "return": "draft"}[winner]


def test_read_that_waited_for_the_lock_sees_the_tasks_made_meanwhile(office: Office) -> None:
    """Under READ COMMITTED the joined rows would be those from before the wait."""
    from django.db import transaction

    from quytrinh.runtime.store import store

    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at a time")
    case = office.begin("phieu-trinh")
    tenant_id = office.agency.tenant.pk

    def read_when_free():
        try:
            with tenant_context(tenant_id), transaction.atomic():
                loaded = store().load(case_id=case.pk)
                return [task.step for task in loaded.open_tasks]
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as other:
        with tenant_context(tenant_id), transaction.atomic():
            store().load(case_id=case.pk)
            waiting = other.submit(read_when_free)
            _until_blocked()
            task = office.agency.open_task(case)
            actions.perform(
                task_id=task.pk,
                actor=office.agency.person("chuyen-vien"),
                action="submit",
                values=SLIP,
            )
        assert waiting.result(timeout=20) == ["review"]


def _until_blocked() -> None:
    from tests.support.waiting import wait_for

    def blocked():
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            return cursor.fetchone()[0]

    wait_for(blocked, "somebody waiting for the case")
