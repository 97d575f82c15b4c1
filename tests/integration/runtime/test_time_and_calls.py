"""Waiting, lateness, sub-cases, and who may not do what: lived by cases."""

from __future__ import annotations

from uuid import UUID

import pytest
from django.utils import timezone

from quytrinh.background.models import OutboxMessage
from quytrinh.journal.models import JournalEntry
from quytrinh.runtime.actions.events import deliver_event
from quytrinh.runtime.exceptions import ActionNotAllowed
from quytrinh.runtime.models import Case, CaseTask
from quytrinh.runtime.timers import TIMER_KIND
from quytrinh.tenancy.context import tenant_context
from tests.integration.runtime.conftest import Office
from tests.integration.runtime.test_blocks import act, open_tasks

pytestmark = pytest.mark.django_db(transaction=True)

HEAD = """
quytrinh: 1
flow: thu
name: Thử
roles:
  drafter: {name: Người soạn, who: {creator: true}}
  head: {name: Trưởng phòng, who: {head_of: case.unit}}
  leader: {name: Giám đốc, who: {position: giam-doc}, if_absent: [{position: pho-giam-doc}]}
  clerk: {name: Văn thư, who: {role: van-thu}}
"""


def begun(office: Office, steps: str) -> Case:
    office.promulgate(HEAD + "steps:\n" + steps)
    return office.begin("thu")


def time_comes(office: Office) -> None:
    """Let every timer that is set go off now."""
    with office.agency.at_work():
        OutboxMessage.objects.filter(kind=TIMER_KIND).update(not_before=timezone.now())
    while office.work_off():
        pass


def verbs(office: Office, case: Case) -> list[str]:
    with office.agency.at_work():
        entries = JournalEntry.objects.filter(subject_id=case.pk).order_by("seq")
        return [entry.verb for entry in entries]


WAITING = """
  - {id: draft, by: drafter, actions: {send: {label: Gửi}}}
  - id: answer
    wait: {for: 5d, event: exchange.received, when: "event.code == 'A'"}
    outcomes: {time: remind}
  - {id: read, by: head}
  - {end: answered}
  - {id: remind, by: clerk}
  - {end: silent}
"""


def test_wait_ends_when_its_time_is_over(office: Office) -> None:
    case = begun(office, WAITING)
    act(office, case, "chuyen-vien", "draft", "send")
    time_comes(office)
    assert set(open_tasks(office, case)) == {"remind"}


def test_wait_ends_by_the_event_it_awaits_and_its_timer_then_does_nothing(office: Office) -> None:
    case = begun(office, WAITING)
    act(office, case, "chuyen-vien", "draft", "send")
    with tenant_context(office.agency.tenant.pk):
        other = deliver_event(case_id=case.pk, event="exchange.received", facts={"code": "B"})
        right = deliver_event(case_id=case.pk, event="exchange.received", facts={"code": "A"})
    assert (other, right) == (0, 1)
    time_comes(office)
    assert set(open_tasks(office, case)) == {"read"}


SILENCE = """
  - {id: draft, by: drafter, actions: {send: {label: Gửi}}}
  - id: consider
    by: head
    due: {in: 1d, remind: 4h, escalate: leader}
    on_late: {action: agree}
    actions: {agree: {label: Đồng ý}, refuse: {label: Không đồng ý, return_to: draft}}
  - {end: done}
"""


def test_silence_decides_where_the_procedure_says_so(office: Office) -> None:
    case = begun(office, SILENCE)
    act(office, case, "chuyen-vien", "draft", "send")
    time_comes(office)
    assert office.case(case).outcome == "done"
    assert office.inbox("truong-phong") == [(case.code, "Sắp đến hạn: consider")]
    with office.agency.at_work():
        last = JournalEntry.objects.get(subject_id=case.pk, payload__action="agree")
    assert (last.actor, last.payload["comment"]) == (None, "im lặng quá hạn")


def test_timers_of_a_task_that_is_done_do_nothing(office: Office) -> None:
    case = begun(office, SILENCE)
    act(office, case, "chuyen-vien", "draft", "send")
    act(office, case, "truong-phong", "consider", "refuse")
    time_comes(office)
    assert set(open_tasks(office, case)) == {"draft"}
    assert "task.escalated" not in verbs(office, case)


LEAVING = """
  - {id: draft, by: drafter, actions: {send: {label: Gửi}}}
  - id: ask
    parallel:
      a: {steps: [{id: one, by: head}]}
      b: {steps: [{id: two, by: clerk}]}
    join: all
    due: 2d
    on_late: {to: decide}
  - {id: thank, by: drafter}
  - {id: decide, by: leader}
  - {end: done}
"""


def test_block_whose_time_is_over_is_left_with_its_branches_noted_late(office: Office) -> None:
    case = begun(office, LEAVING)
    act(office, case, "chuyen-vien", "draft", "send")
    act(office, case, "truong-phong", "one", "done")
    time_comes(office)
    assert set(open_tasks(office, case)) == {"decide"}
    branches = office.case(case).blocks["1"]["branches"].values()
    assert [branch["state"] for branch in branches] == ["done", "late"]


def test_task_without_a_deadline_is_measured_by_its_block(office: Office) -> None:
    case = begun(office, LEAVING)
    act(office, case, "chuyen-vien", "draft", "send")
    with office.agency.at_work():
        dues = set(
            CaseTask.objects.filter(process=case, step__in=["one", "two", "ask"]).values_list(
                "due_at"
            )
        )
    assert len(dues - {(None,)}) == 1


def test_who_did_a_step_may_not_do_one_that_excludes_them(office: Office) -> None:
    case = begun(
        office,
        """
  - {id: draft, by: leader, actions: {send: {label: Gửi}}}
  - {id: check, by: leader, not_by: [draft], actions: {ok: {label: Đúng}}}
  - {end: done}
""".replace("by: leader, actions", "by: drafter, actions"),
    )
    act(office, case, "chuyen-vien", "draft", "send")
    assert set(open_tasks(office, case)) == {"check"}


def test_excluded_person_is_passed_over_for_the_substitute(office: Office) -> None:
    office.promulgate(
        HEAD
        + """
steps:
  - {id: draft, by: leader, actions: {send: {label: Gửi}}}
  - {id: check, by: leader, not_by: [draft], actions: {ok: {label: Đúng}}}
  - {end: done}
"""
    )
    case = office.begin("thu", who="giam-doc")
    act(office, case, "giam-doc", "draft", "send")
    with pytest.raises(ActionNotAllowed):
        act(office, case, "giam-doc", "check", "ok")
    act(office, case, "pho-giam-doc", "check", "ok")
    assert office.case(case).outcome == "done"


CALLEE = """
quytrinh: 1
flow: thu-con
name: Việc con
roles:
  clerk: {name: Văn thư, who: {role: van-thu}}
start: {event: call}
steps:
  - {id: type, by: clerk, actions: {ok: {label: Xong}, bad: {label: Hỏng, to: broken}}}
  - {end: typed}
  - {end: broken}
"""
CALLING = """
  - {id: draft, by: drafter, actions: {send: {label: Gửi}}}
  - id: sub
    call: thu-con
    outcomes: {broken: {return_to: draft}, cancelled: {return_to: draft}}
  - {id: read, by: head}
  - {end: done}
"""


def called(office: Office) -> tuple[Case, Case]:
    """A case that waits for the case it called."""
    office.promulgate(CALLEE)
    case = begun(office, CALLING)
    act(office, case, "chuyen-vien", "draft", "send")
    while office.work_off():
        pass
    with office.agency.at_work():
        child = Case.objects.get(start_key__startswith="call:")
    return case, child


def test_sub_case_begins_and_its_end_lets_the_caller_go_on(office: Office) -> None:
    case, child = called(office)
    assert child.creator_id == UUID(str(office.agency.person("chuyen-vien").id))
    act(office, child, "van-thu", "type", "ok")
    while office.work_off():
        pass
    assert set(open_tasks(office, case)) == {"read"}


def test_end_of_a_sub_case_takes_the_route_of_its_name(office: Office) -> None:
    case, child = called(office)
    act(office, child, "van-thu", "type", "bad")
    while office.work_off():
        pass
    assert set(open_tasks(office, case)) == {"draft"}


def test_sub_case_is_cancelled_with_the_block_that_called_it(office: Office) -> None:
    office.promulgate(CALLEE)
    case = begun(
        office,
        """
  - {id: draft, by: drafter, actions: {send: {label: Gửi}}}
  - id: both
    parallel:
      a: {steps: [{id: sub, call: thu-con, outcomes: {cancelled: join, broken: join}}]}
      b:
        steps:
          - id: watch
            by: head
            actions: {ok: {label: Được}, stop: {label: Thôi, return_to: draft}}
    join: all
  - {end: done}
""",
    )
    act(office, case, "chuyen-vien", "draft", "send")
    while office.work_off():
        pass
    act(office, case, "truong-phong", "watch", "stop")
    while office.work_off():
        pass
    with office.agency.at_work():
        child = Case.objects.get(start_key__startswith="call:")
        assert (child.status, child.outcome) == ("CANCELED", "cancelled")
        assert not CaseTask.objects.open().filter(process=child).exists()
