"""Service steps: done once, tried again, and in the end left to a person with the reason."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from quytrinh.background import dispatch
from quytrinh.background.models import OutboxMessage
from quytrinh.background.retry import MOST_ATTEMPTS
from quytrinh.runtime import history
from quytrinh.runtime.models import CaseTask, InboxEntry
from quytrinh.runtime.steps import InformStep
from quytrinh.spi import StepFailed
from tests.integration.runtime.conftest import SLIP, Office

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def case_at_job(office: Office):
    """A case whose service step waits in the outbox."""
    case = office.begin("phieu-trinh")
    office.act("chuyen-vien", case, "submit", values=SLIP)
    office.act("truong-phong", case, "approve")
    office.act("giam-doc", case, "approve", values={"directive": "Đồng ý"})
    return case


def message_of(office: Office) -> OutboxMessage:
    with office.agency.at_work():
        return OutboxMessage.objects.get(kind="runtime.job")


def make_due(office: Office) -> None:
    with office.agency.at_work():
        OutboxMessage.objects.update(not_before=timezone.now() - timedelta(seconds=1))


def failing(monkeypatch: pytest.MonkeyPatch, failure: Exception) -> None:
    """Have the plugin fail."""

    def fail(self, request):
        raise failure

    monkeypatch.setattr(InformStep, "run", fail)


def test_job_informs_each_role_and_the_case_goes_on(office: Office, case_at_job) -> None:
    assert office.work_off() == 1
    assert office.place(case_at_job) == "close"
    with office.agency.at_work():
        informed = InboxEntry.objects.filter(kind="inform")
        assert {entry.title for entry in informed} == {SLIP["subject"]}
        assert informed.count() == 2


def test_message_delivered_twice_has_its_effect_once(office: Office, case_at_job) -> None:
    message = message_of(office)
    assert dispatch.run_one(office.agency.tenant.pk, message.pk)
    assert not dispatch.run_one(office.agency.tenant.pk, message.pk)
    with office.agency.at_work():
        assert CaseTask.objects.filter(process=case_at_job, step="close").count() == 1


def test_plugin_repeated_after_a_crash_before_commit_has_its_effect_once(
    office: Office, case_at_job
) -> None:
    """As if the worker had died after the plugin's work and before the outcome was taken."""
    from quytrinh.runtime.tasks import _run_plugin

    task = office.agency.open_task(case_at_job)
    from quytrinh.tenancy.context import tenant_context

    with tenant_context(office.agency.tenant.pk):
        _run_plugin(task.pk)
    assert office.work_off() == 1
    with office.agency.at_work():
        assert InboxEntry.objects.filter(kind="inform").count() == 2


def test_failing_plugin_is_tried_again_later(office: Office, case_at_job, monkeypatch) -> None:
    with monkeypatch.context() as patch:
        failing(patch, StepFailed("máy chủ bận"))
        assert office.work_off() == 0
    assert office.place(case_at_job) == "inform"
    assert message_of(office).not_before > timezone.now()
    make_due(office)
    assert office.work_off() == 1
    assert office.place(case_at_job) == "close"


def test_plugin_that_never_succeeds_leaves_the_step_with_its_reason(
    office: Office, case_at_job, monkeypatch
) -> None:
    failing(monkeypatch, StepFailed("máy chủ bận"))
    for _ in range(MOST_ATTEMPTS):
        make_due(office)
        office.work_off()
    assert message_of(office).state == "dead"
    with office.agency.at_work():
        [waiting] = history.waiting(case_at_job)
    assert "máy chủ bận" in waiting.error


def test_failure_that_cannot_be_mended_is_not_repeated(
    office: Office, case_at_job, monkeypatch
) -> None:
    failing(monkeypatch, StepFailed("tệp không đọc được", retryable=False))
    office.work_off()
    assert message_of(office).state == "dead"
    assert office.agency.open_task(case_at_job).status == "ERROR"
