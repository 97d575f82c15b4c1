"""A message is done once, by one worker, or comes back later; never lost, never twice."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection, connections, transaction
from django.utils import timezone

from quytrinh.background import dispatch
from quytrinh.background.actions import enqueue
from quytrinh.background.exceptions import LeaseLost, Permanent
from quytrinh.background.handlers import registered_temporarily
from quytrinh.background.models import MessageState, OutboxMessage
from quytrinh.background.outbox import due_messages
from quytrinh.background.retry import MOST_ATTEMPTS, MOST_CRASHES
from quytrinh.journal.actions import record
from quytrinh.journal.models import JournalEntry
from quytrinh.tenancy.actions import create_tenant
from quytrinh.tenancy.context import current_tenant_id, tenant_context
from tests.integration.background.conftest import KIND

SUBJECT = uuid4()


def effects(agency):
    """Count the effects a handler has had."""
    with tenant_context(agency.pk), transaction.atomic():
        return JournalEntry.objects.of_subject(SUBJECT).count()


def note_with_completion(message):
    """Have an effect in the same transaction that marks the message done."""
    with transaction.atomic():
        message.complete()
        record(subject_id=SUBJECT, verb="test.done", payload={"key": message.key})


def test_due_message_is_done_for_its_agency(agency, enqueued, stored):
    message_id = enqueued(agency)
    seen = []
    with registered_temporarily(
        KIND, lambda message: seen.append((current_tenant_id(), message.key, message.payload))
    ):
        assert dispatch.run_one(agency.pk, message_id)
    assert seen == [(agency.pk, "k1", {"n": 1})]
    row = stored(agency, message_id)
    assert (row.state, row.attempts, row.crashes, row.lease_until) == ("done", 1, 0, None)
    assert row.done_at is not None


def test_message_that_is_done_is_not_done_again(agency, enqueued, handled):
    message_id = enqueued(agency)
    assert dispatch.run_one(agency.pk, message_id)
    assert not dispatch.run_one(agency.pk, message_id)
    assert len(handled) == 1


def test_message_is_not_done_before_its_time(agency, enqueued, handled):
    message_id = enqueued(agency, not_before=timezone.now() + timedelta(hours=1))
    assert not dispatch.run_one(agency.pk, message_id)
    assert not due_messages(10)
    assert not handled


def test_key_known_already_changes_nothing(agency, enqueued):
    assert enqueued(agency) == enqueued(agency)


def test_rolled_back_decision_leaves_no_message(agency):
    with tenant_context(agency.pk):
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            enqueue(kind=KIND, key="k1")
            raise ZeroDivisionError
        with transaction.atomic():
            assert not OutboxMessage.objects.exists()


def test_other_agency_cannot_run_the_message(agency, enqueued, handled):
    other = create_tenant(slug="so-khac", name="Sở khác")
    assert not dispatch.run_one(other.pk, enqueued(agency))
    assert not handled


def test_due_messages_of_all_agencies_are_found_oldest_first(agency, enqueued):
    other = create_tenant(slug="so-khac", name="Sở khác")
    now = timezone.now()
    late = enqueued(agency, "late", now - timedelta(minutes=1))
    early = enqueued(other, "early", now - timedelta(minutes=2))
    enqueued(other, "future", now + timedelta(minutes=2))
    assert [(due.tenant_id, due.message_id) for due in due_messages(10)] == [
        (other.pk, early),
        (agency.pk, late),
    ]
    assert len(due_messages(1)) == 1


def test_failure_is_put_off_and_named_without_values(agency, enqueued, stored):
    message_id = enqueued(agency)

    def fail(message):
        secret = "mật khẩu"  # noqa: F841  (must not be told)
        raise OSError("axis unreachable")

    with registered_temporarily(KIND, fail):
        assert not dispatch.run_one(agency.pk, message_id)
        assert not dispatch.run_one(agency.pk, message_id)  # not due yet
    row = stored(agency, message_id)
    assert (row.state, row.attempts) == ("pending", 1)
    assert row.last_error == "OSError: axis unreachable"
    assert timedelta(seconds=10) < row.not_before - timezone.now() <= timedelta(seconds=30)


def test_failed_message_succeeds_later(agency, enqueued, stored, changed, handled):
    message_id = enqueued(agency)
    changed(agency, message_id, last_error="OSError: axis unreachable", attempts=3)
    assert dispatch.run_one(agency.pk, message_id)
    row = stored(agency, message_id)
    assert (row.state, row.attempts, row.last_error) == ("done", 4, "")


@pytest.mark.parametrize("error", [Permanent("no such case"), OSError("still unreachable")])
def test_message_that_can_not_be_done_is_buried_and_its_room_told(
    agency, enqueued, stored, changed, error
):
    message_id = enqueued(agency)
    changed(agency, message_id, attempts=MOST_ATTEMPTS - 1)
    told = []

    def fail(message):
        raise error

    with registered_temporarily(KIND, fail, give_up=lambda message, why: told.append(why)):
        assert not dispatch.run_one(agency.pk, message_id)
    row = stored(agency, message_id)
    assert row.state == MessageState.DEAD
    assert told == [row.last_error]
    assert not due_messages(10)


def test_unknown_kind_waits_for_a_version_that_knows_it(agency, enqueued, stored):
    message_id = enqueued(agency)
    assert not dispatch.run_one(agency.pk, message_id)
    row = stored(agency, message_id)
    assert row.state == MessageState.PENDING
    assert row.last_error.startswith("UnknownKind")


def test_effect_and_completion_are_one_transaction(agency, enqueued, stored):
    message_id = enqueued(agency)

    def fail_after_the_effect(message):
        with transaction.atomic():
            note_with_completion(message)
            raise OSError("power cut")

    with registered_temporarily(KIND, fail_after_the_effect):
        assert not dispatch.run_one(agency.pk, message_id)
    assert effects(agency) == 0
    assert stored(agency, message_id).state == MessageState.PENDING


def test_worker_whose_lease_ran_out_has_no_effect(agency, enqueued, stored, changed):
    message_id = enqueued(agency)

    def slow(message):
        # Meanwhile the lease runs out and another worker does the work.
        changed(agency, message_id, lease_until=timezone.now() - timedelta(seconds=1))
        with registered_temporarily(KIND + ".late", slow):
            pass
        inner = dispatch._claim(message_id)
        assert inner is not None
        assert (inner.attempts, inner.crashes) == (2, 1)
        note_with_completion(inner)
        with pytest.raises(LeaseLost):
            note_with_completion(message)
        raise LeaseLost

    with registered_temporarily(KIND, slow):
        assert not dispatch.run_one(agency.pk, message_id)
    assert effects(agency) == 1
    assert stored(agency, message_id).state == MessageState.DONE


def test_message_that_kills_its_workers_is_set_aside(agency, enqueued, stored, changed, handled):
    message_id = enqueued(agency)
    changed(
        agency,
        message_id,
        crashes=MOST_CRASHES,
        lease_until=timezone.now() - timedelta(seconds=1),
        lease_owner="elsewhere:1",
    )
    assert not dispatch.run_one(agency.pk, message_id)
    assert stored(agency, message_id).state == MessageState.DEAD
    assert not handled


def test_leases_of_killed_processes_are_released_and_others_kept(agency, enqueued, stored, changed):
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    host = dispatch.lease_owner().rpartition(":")[0]
    soon = timezone.now() + timedelta(minutes=5)
    owners = {
        "dead": f"{host}:{ended.pid}",
        "namesake": dispatch.lease_owner(),
        "alive": f"{host}:{os.getppid()}",
        "elsewhere": "other-machine:1",
    }
    ids = {key: enqueued(agency, key) for key in owners}
    for key, owner in owners.items():
        changed(agency, ids[key], lease_until=soon, lease_owner=owner)
    assert dispatch.release_leases_of_the_dead() == 2
    due = {message.message_id for message in due_messages(10)}
    assert due == {ids["dead"], ids["namesake"]}


def test_many_workers_race_for_one_message_and_one_wins(agency, enqueued):
    start = threading.Barrier(4)
    runs = []

    def race(message_id):
        start.wait()
        try:
            return dispatch.run_one(agency.pk, message_id)
        finally:
            connections.close_all()

    with registered_temporarily(KIND, note_with_completion), ThreadPoolExecutor(4) as pool:
        for number in range(5):
            message_id = enqueued(agency, f"race-{number}")
            runs.append(sum(pool.map(race, [message_id] * 4)))
    assert runs == [1] * 5
    assert effects(agency) == 5


def test_run_due_does_everything_due(agency, enqueued, handled):
    for number in range(3):
        enqueued(agency, f"k{number}")
    assert dispatch.run_due() == 3
    assert [message.key for message in handled] == ["k0", "k1", "k2"]


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no roles")
def test_dispatcher_sees_keys_only_and_nobody_else_sees_past_the_wall(agency, enqueued):
    enqueued(agency)
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM background_due(10)")
        assert [column.name for column in cursor.description] == ["tenant_id", "id"]
        cursor.execute(
            "SELECT pg_get_userbyid(proowner), prosecdef FROM pg_proc"
            " WHERE proname = 'background_due'"
        )
        assert cursor.fetchone() == ("quytrinh_dispatcher", True)
        cursor.execute("SELECT pg_has_role(current_user, 'quytrinh_dispatcher', 'member')")
        assert cursor.fetchone() == (False,)
        cursor.execute(
            "SELECT has_column_privilege('quytrinh_dispatcher', 'background_outboxmessage',"
            " 'payload', 'select')"
        )
        assert cursor.fetchone() == (False,)
