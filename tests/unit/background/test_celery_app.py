"""A task carries its agency; nothing leaks from one task into the next."""

from __future__ import annotations

import pytest

from quytrinh.background.celery_app import TENANT_HEADER, app
from quytrinh.background.exceptions import ContextLeaked
from quytrinh.background.tasks import run_message, sweep_outbox
from quytrinh.tenancy.context import current_tenant_id, tenant_context
from quytrinh.tenancy.exceptions import TenantContextMissing


@pytest.fixture
def sent(monkeypatch):
    """Record what would go to the broker."""
    messages: list[dict] = []

    def send(self, name, args=None, kwargs=None, **options):
        messages.append({"name": name, "args": args, "headers": options.get("headers")})

    monkeypatch.setattr(type(app), "send_task", send)
    monkeypatch.setattr(
        "celery.app.task.Task.apply_async",
        lambda self, args=None, kwargs=None, **options: send(app, self.name, args, **options),
    )
    return messages


def test_agency_at_work_travels_in_a_header(sent):
    with tenant_context(7):
        run_message.apply_async(("id",))
    assert sent[0]["headers"] == {TENANT_HEADER: 7}


def test_named_agency_travels_as_named(sent):
    run_message.apply_async(("id",), headers={TENANT_HEADER: 9})
    assert sent[0]["headers"] == {TENANT_HEADER: 9}


def test_task_without_an_agency_is_not_sent(sent):
    with pytest.raises(TenantContextMissing):
        run_message.apply_async(("id",))
    assert not sent


def test_task_that_arrives_without_an_agency_does_nothing():
    with pytest.raises(TenantContextMissing):
        run_message("id")


@pytest.mark.parametrize("task", [run_message, sweep_outbox])
def test_task_refuses_to_run_in_a_leaked_context(task):
    with tenant_context(7), pytest.raises(ContextLeaked):
        task("id")


def test_task_runs_for_the_agency_of_its_message(monkeypatch):
    seen = []
    monkeypatch.setattr(run_message, "run", lambda message_id: seen.append(current_tenant_id()))
    run_message.push_request(tenant_id=3)
    try:
        run_message("id")
    finally:
        run_message.pop_request()
    assert seen == [3]


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("task_acks_late", True),
        ("worker_prefetch_multiplier", 1),
        ("task_ignore_result", True),
        ("accept_content", ["json"]),
        ("task_serializer", "json"),
        ("worker_enable_remote_control", False),
        ("worker_hijack_root_logger", False),
        ("worker_redirect_stdouts", False),
        ("broker_transport_options", {"polling_interval": 0.05}),
    ],
)
def test_settings_of_the_embedded_shape(setting, value):
    assert app.conf[setting] == value
