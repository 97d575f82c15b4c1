"""What the machine could not do, and what it will do: seen and retried by the administrator."""

from __future__ import annotations

import pytest

from quytrinh.background.models import OutboxMessage
from quytrinh.journal.models import JournalEntry
from quytrinh.runtime.models import Case, CaseTask
from quytrinh.runtime.steps import InformStep
from quytrinh.spi import StepFailed
from tests.integration.runtime.conftest import SLIP, Office
from tests.support.agencies import Agencies

pytestmark = pytest.mark.django_db(transaction=True)

ADDRESS = "/quan-tri/viec-cua-may/"


@pytest.fixture
def office(agencies: Agencies) -> Office:
    return Office(agencies.binh_thuan)


@pytest.fixture
def dead(office: Office, monkeypatch: pytest.MonkeyPatch) -> OutboxMessage:
    """A service step that failed for good; its plugin works again by now."""
    case = office.begin("phieu-trinh")
    office.act("chuyen-vien", case, "submit", values=SLIP)
    office.act("truong-phong", case, "approve")
    office.act("giam-doc", case, "approve", values={"directive": "Đồng ý"})

    def fail(self, request):
        raise StepFailed("Máy in đang hỏng", retryable=False)

    with monkeypatch.context() as broken:
        broken.setattr(InformStep, "run", fail)
        office.work_off()
    with office.agency.at_work():
        return OutboxMessage.objects.get(kind="runtime.job")


def case_of(office: Office, message: OutboxMessage) -> Case:
    with office.agency.at_work():
        task = CaseTask.objects.select_related("process").get(pk=message.payload["task_id"])
        return task.process


def test_a_dead_letter_is_shown_with_its_case_and_retried(
    office: Office, dead: OutboxMessage
) -> None:
    case = case_of(office, dead)
    administrator = office.agency.client("chanh-van-phong")
    page = administrator.get(ADDRESS).content.decode()
    assert case.code in page
    assert "Máy in đang hỏng" in page
    assert administrator.post(f"{ADDRESS}{dead.pk}/").status_code == 302
    office.work_off()
    assert office.place(case) == "close"
    assert "Máy in đang hỏng" not in administrator.get(ADDRESS).content.decode()
    with office.agency.at_work():
        asked = JournalEntry.objects.get(subject_id=dead.pk)
    assert asked.actor == office.agency.person("chanh-van-phong").id


def test_what_was_settled_otherwise_is_not_done_again(office: Office, dead: OutboxMessage) -> None:
    administrator = office.agency.client("chanh-van-phong")
    administrator.post(f"{ADDRESS}{dead.pk}/")
    office.work_off()
    with office.agency.at_work():
        OutboxMessage.objects.filter(pk=dead.pk).update(state="dead")
    told = administrator.post(f"{ADDRESS}{dead.pk}/", follow=True).content.decode()
    assert "đã được giải quyết cách khác" in told
    assert administrator.post(f"{ADDRESS}{case_of(office, dead).pk}/").status_code == 404


def test_nobody_else_retries(office: Office, dead: OutboxMessage) -> None:
    assert office.agency.client("chuyen-vien").post(f"{ADDRESS}{dead.pk}/").status_code == 403
    with office.agency.at_work():
        assert OutboxMessage.objects.get(pk=dead.pk).state == "dead"
