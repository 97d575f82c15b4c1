"""Waking the dispatcher is a courtesy: the row in the outbox is what counts."""

from __future__ import annotations

import pytest
from django.db import transaction

from quytrinh.background import tasks
from quytrinh.background.notify import inbox_changed
from quytrinh.tenancy.context import tenant_context


@pytest.fixture
def sent(monkeypatch):
    """Record the wake-ups sent."""
    sent = []
    monkeypatch.setattr(
        tasks.run_message,
        "apply_async",
        lambda args, headers, **options: sent.append((args[0], headers["tenant_id"])),
    )
    return sent


def test_wake_up_is_sent_after_commit_with_agency_and_id(agency, enqueued, sent):
    message_id = enqueued(agency)
    assert sent == [(str(message_id), agency.pk)]


def test_wake_up_is_not_sent_when_the_decision_is_rolled_back(agency, sent):
    with (
        tenant_context(agency.pk),
        pytest.raises(ZeroDivisionError),
        transaction.atomic(),
    ):
        tasks.wake(agency.pk)
        raise ZeroDivisionError
    assert not sent


def test_broker_that_is_gone_fails_nothing(agency, enqueued, stored, monkeypatch):
    def refuse(*args, **options):
        raise ConnectionError("broker is gone")

    monkeypatch.setattr(tasks.run_message, "apply_async", refuse)
    assert stored(agency, enqueued(agency)).state == "pending"


def test_sweep_wakes_what_is_due(agency, enqueued, sent):
    message_id = enqueued(agency)
    sent.clear()
    assert tasks.sweep() == 1
    assert sent == [(str(message_id), agency.pk)]


def test_channel_layer_that_is_gone_fails_nothing(monkeypatch):
    monkeypatch.setattr("quytrinh.background.notify.get_channel_layer", lambda: None)
    inbox_changed(1, ["person:x"])
