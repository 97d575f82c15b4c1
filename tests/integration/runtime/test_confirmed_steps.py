"""A person confirms, a plugin does it; decisions that do something at once; what senders hear."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from quytrinh.background.models import OutboxMessage
from quytrinh.background.retry import MOST_ATTEMPTS
from quytrinh.journal.models import JournalEntry
from quytrinh.runtime import actions, history, plugins, tasks
from quytrinh.runtime.exceptions import ActFailed, NobodyReceives
from quytrinh.runtime.lawful import actions_for
from quytrinh.runtime.models import Case
from quytrinh.spi import Outcome, Registry, StepFailed, StepResult
from quytrinh.tenancy.context import tenant_context
from tests.integration.runtime.conftest import Office
from tests.support.language import FakeStep

pytestmark = pytest.mark.django_db(transaction=True)

FLOW = """
quytrinh: 1
flow: thu-nghiem
name: Thử nghiệm xác nhận
roles:
  drafter: {name: Người soạn, who: {creator: true}}
  clerk: {name: Văn thư, who: {role: van-thu}}
  leader: {name: Giám đốc, who: {position: giam-doc}}
steps:
  - id: draft
    by: drafter
    actions: {submit: {label: Trình}}
  - id: check
    by: leader
    actions:
      approve: {label: Duyệt, run: test.act, comment: optional}
      return: {label: Trả lại, return_to: draft}
  - id: stamp
    by: clerk
    run: test.job
    outcomes: {refused: {return_to: draft}}
    actions:
      confirm: {label: Đóng dấu}
      skip: {label: Bỏ qua, to: last}
  - id: last
    by: leader
    actions:
      done: {label: Xong}
      again: {label: Đóng lại, return_to: stamp, then: back_here}
  - {end: finish}
"""
INCOMING = """
quytrinh: 1
flow: den
name: Văn bản đến
document: incoming
roles:
  clerk: {name: Văn thư, who: {role: van-thu}}
  leader: {name: Giám đốc, who: {position: giam-doc}}
start: [{event: exchange.received}]
steps:
  - id: register
    by: clerk
    run: test.act
    reports: {enter: "01", done: "03"}
    actions:
      confirm: {label: Vào sổ}
      refuse: {label: Từ chối, to: refused, comment: required, reports: "02"}
  - {id: lead, by: leader, reports: "04"}
  - {end: done, reports: "06"}
  - {end: refused}
"""


class Job(FakeStep):
    """A job whose answers a test lays out."""

    answers: list = []
    asked: list = []

    def run(self, request):
        self.asked.append(request)
        answer = self.answers.pop(0) if self.answers else self.outcomes[0].id
        if isinstance(answer, Exception):
            raise answer
        return StepResult(answer, {"stamp": "dấu"})


@pytest.fixture
def job(monkeypatch: pytest.MonkeyPatch) -> Job:
    """The plugins `test.job` (later) and `test.act` (at once), in a registry of their own."""
    job = Job(
        "test.job",
        outcomes=(Outcome("done", "Xong"), Outcome("refused", "Từ chối", normal=False)),
    )
    job.answers, job.asked = [], []
    act = replace(job, name="test.act", inline=True, outcomes=(Outcome("done", "Xong"),))
    act.answers, act.asked = [], []
    job.act = act
    known = Registry([job, act])
    monkeypatch.setattr(plugins, "registry", lambda: known)
    for module in ("actions.drafts", "history", "tasks"):
        monkeypatch.setattr(f"quytrinh.runtime.{module}.registry", lambda: known)
    return job


@pytest.fixture
def case(office: Office, job: Job) -> Case:
    """A case that waits for the clerk's confirmation."""
    office.promulgate(FLOW)
    case = office.begin("thu-nghiem")
    office.act("chuyen-vien", case, "submit")
    office.act("giam-doc", case, "approve", comment="Được")
    return case


def entries(office: Office, case: Case, verb: str) -> list[JournalEntry]:
    with office.agency.at_work():
        return list(JournalEntry.objects.filter(subject_id=case.pk, verb=verb).order_by("seq"))


def make_due(office: Office) -> None:
    with office.agency.at_work():
        OutboxMessage.objects.update(not_before=timezone.now() - timedelta(seconds=1))


def test_decision_does_its_act_at_once_and_the_journal_has_the_evidence(office, job, case) -> None:
    [asked] = job.act.asked
    leader = office.agency.person("giam-doc")
    assert (asked.actor, asked.action, asked.comment) == (str(leader.id), "approve", "Được")
    [entry] = entries(office, case, "act.done")
    assert entry.actor == leader.id
    assert entry.payload["act"] == "test.act"
    assert entry.payload["outputs"] == {"stamp": "dấu"}


def test_decision_whose_act_is_refused_changes_nothing(office, job) -> None:
    office.promulgate(FLOW)
    case = office.begin("thu-nghiem")
    office.act("chuyen-vien", case, "submit")
    job.act.answers = [StepFailed("chưa có tệp")]
    with pytest.raises(ActFailed, match="chưa có tệp"):
        office.act("giam-doc", case, "approve")
    assert office.place(case) == "check"
    assert entries(office, case, "act.done") == []


def test_confirmation_starts_the_plugin_and_nobody_holds_the_step_meanwhile(
    office, job, case
) -> None:
    office.act("van-thu", case, "confirm")
    assert office.statuses(case)[-2:] == [("stamp", "DONE"), ("stamp__run", "SCHEDULED")]
    assert office.inbox("van-thu") == []
    with office.agency.at_work():
        [waiting] = history.waiting(case)
        assert waiting.by_machine
    assert office.work_off() == 1
    assert office.place(case) == "last"
    assert job.asked[0].actor == str(office.agency.person("van-thu").id)
    record = office.case(case).steps["stamp"]
    assert (record["stamp"], record["action"], record["times"]) == ("dấu", "confirm", 1)


def test_other_action_of_a_confirmed_step_does_not_run_the_plugin(office, job, case) -> None:
    office.act("van-thu", case, "skip")
    assert office.place(case) == "last"
    assert job.asked == []


def test_outcome_that_is_not_normal_takes_its_own_route(office, job, case) -> None:
    job.answers = ["refused"]
    office.act("van-thu", case, "confirm")
    office.work_off()
    assert office.place(case) == "draft"


def test_failure_gives_the_step_back_to_the_same_person_with_the_reason(office, job, case) -> None:
    job.answers = [StepFailed("máy chủ bận")] * MOST_ATTEMPTS
    office.act("van-thu", case, "confirm")
    for _ in range(MOST_ATTEMPTS):
        make_due(office)
        office.work_off()
    task = office.agency.open_task(case)
    assert (task.node, task.owner_id) == ("stamp", office.agency.person("van-thu").id)
    assert "máy chủ bận" in task.data["problem"]
    assert ("stamp__run", "CANCELED") in office.statuses(case)
    page = office.agency.client("van-thu").get(f"/viec/{task.pk}/").content.decode()
    assert "máy chủ bận" in page
    office.act("van-thu", case, "confirm")
    office.work_off()
    assert office.place(case) == "last"


def test_route_of_failed_is_taken_when_trying_again_has_not_helped(office, job) -> None:
    office.promulgate(FLOW.replace("{refused:", "{failed: finish, refused:"))
    case = office.begin("thu-nghiem")
    office.act("chuyen-vien", case, "submit")
    office.act("giam-doc", case, "approve")
    job.answers = [StepFailed("hỏng hẳn", retryable=False)]
    office.act("van-thu", case, "confirm")
    office.work_off()
    assert office.case(case).status == "DONE"


def test_straight_way_back_outlives_the_plugin_and_its_failure(office, job, case) -> None:
    office.act("van-thu", case, "confirm")
    office.work_off()
    office.act("giam-doc", case, "again")
    job.answers = [StepFailed("hỏng", retryable=False)]
    office.act("van-thu", case, "confirm")
    office.work_off()
    office.act("van-thu", case, "confirm")
    office.work_off()
    assert office.place(case) == "last"
    assert office.case(case).steps["stamp"]["times"] == 3


def test_confirmation_is_offered_as_an_action(office, job, case) -> None:
    task = office.agency.open_task(case)
    with office.agency.at_work():
        offered = actions_for(task, office.agency.person("van-thu"))
    assert [(each.id, each.label, each.target_name) for each in offered] == [
        ("confirm", "Đóng dấu", "last"),
        ("skip", "Bỏ qua", "last"),
    ]


# --- cases begun by messages ------------------------------------------------------------------


RECEIVED = "exchange.received"


def arrive(office: Office, key: str = "goi-1", event: str = RECEIVED, **fields: object) -> Case:
    with tenant_context(office.agency.tenant.pk):
        return actions.start_from_message(
            event=event,
            key=key,
            fields={"subject": "Về việc thử", "sender": "Sở B", "source": "axis", **fields},
        )


def test_message_begins_a_case_once(office, job) -> None:
    office.promulgate(INCOMING)
    case = arrive(office, urgency="flash", received_at="2026-11-02T08:00:00+07:00")
    assert arrive(office).pk == case.pk
    assert arrive(office, "goi-2").pk != case.pk
    kept = office.case(case)
    assert (kept.subject, kept.urgency, kept.creator_id) == ("Về việc thử", "flash", None)
    assert len(office.inbox("van-thu")) == 2


def test_message_begins_the_procedure_whose_condition_it_fulfils(office, job) -> None:
    urgent = INCOMING.replace("flow: den", "flow: cong-van-khan").replace(
        "event: exchange.received", "event: exchange.received, when: event.urgency == 'flash'"
    )
    office.promulgate(urgent)
    office.promulgate(INCOMING)
    begun = [arrive(office, "goi-1", urgency="flash"), arrive(office, "goi-2", urgency="normal")]
    with office.agency.at_work():
        keys = [Case.objects.get(pk=case.pk).flow_version.flow.key for case in begun]
    assert keys == ["cong-van-khan", "den"]


def test_procedure_that_begins_by_messages_is_not_offered_to_people(office, job) -> None:
    office.promulgate(INCOMING)
    page = office.agency.client("van-thu").get("/ho-so/moi/").content.decode()
    assert "/ho-so/moi/den/" not in page


def test_message_that_no_procedure_awaits_is_refused(office, job) -> None:
    with pytest.raises(NobodyReceives):
        arrive(office, event="mail.received")


def test_sender_is_told_statuses_through_the_outbox(office, job, monkeypatch) -> None:
    office.promulgate(INCOMING)
    told = []
    monkeypatch.setattr(tasks, "report_for_case", lambda **status: told.append(status))
    case = arrive(office)
    office.act("van-thu", case, "confirm")
    office.act("giam-doc", case, "done")
    office.work_off()
    assert [status["code"] for status in told] == ["01", "03", "04", "06"]
    assert {status["case_id"] for status in told} == {case.pk}


def test_status_of_an_action_replaces_that_of_its_step(office, job) -> None:
    office.promulgate(INCOMING)
    case = arrive(office)
    office.act("van-thu", case, "refuse", comment="Gửi nhầm nơi nhận")
    reported = entries(office, case, "status.reported")
    assert [entry.payload["status"] for entry in reported] == ["01", "02"]


def test_case_begun_by_a_person_reports_to_nobody(office, job) -> None:
    office.promulgate(INCOMING.replace("received}]", "received}, {by: clerk}]"))
    case = office.begin("den", "van-thu")
    office.act("van-thu", case, "confirm")
    assert entries(office, case, "status.reported") == []
