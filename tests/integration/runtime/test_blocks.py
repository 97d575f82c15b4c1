"""Work at the same time: branches, members, their joins, and returns that leave them whole."""

from __future__ import annotations

from typing import Any

import pytest

from quytrinh.runtime import actions
from quytrinh.runtime.models import Case, CaseTask
from quytrinh.runtime.scopes import Scope
from quytrinh.tenancy.context import tenant_context
from tests.integration.runtime.conftest import Office

pytestmark = pytest.mark.django_db(transaction=True)

PARALLEL = """
quytrinh: 1
flow: song-song
name: Thẩm tra song song
roles:
  drafter: {name: Người soạn, who: {creator: true}}
  head: {name: Trưởng phòng, who: {head_of: case.unit}}
  leader: {name: Giám đốc, who: {position: giam-doc}}
  clerk: {name: Văn thư, who: {role: van-thu}}
steps:
  - id: draft
    by: drafter
    actions: {submit: {label: Trình}}
  - id: examine
    parallel:
      content:
        steps:
          - id: check_content
            by: head
            actions: {ok: {label: Đúng}, again: {label: Trả lại, return_to: draft}}
      form:
        steps:
          - {id: check_form, by: clerk, actions: {ok: {label: Đúng}}}
          - id: sign_form
            by: clerk
            actions: {ok: {label: Ký nháy}, back: {label: Xem lại, return_to: check_form}}
      urgent:
        when: case.urgency == 'flash'
        steps: [{id: warn, by: leader, actions: {ok: {label: Đã biết}}}]
    join: JOIN
  - id: decide
    by: leader
    actions: {approve: {label: Duyệt}, redo: {label: Thẩm tra lại, return_to: examine}}
  - {end: done}
"""


def open_tasks(office: Office, case: Case) -> dict[str, CaseTask]:
    """Return the open tasks of a case by step."""
    with office.agency.at_work():
        return {task.step: task for task in CaseTask.objects.open().filter(process=case)}


def act(office: Office, case: Case, who: str, step: str, action: str, **entered: Any) -> None:
    """Do one of several open tasks."""
    task = open_tasks(office, case)[step]
    with tenant_context(office.agency.tenant.pk):
        actions.perform(task_id=task.pk, actor=office.agency.person(who), action=action, **entered)


def begun(office: Office, join: str, **values: Any) -> Case:
    office.promulgate(PARALLEL.replace("JOIN", join))
    case = office.begin("song-song", **values)
    act(office, case, "chuyen-vien", "draft", "submit")
    return case


def test_branches_are_open_at_the_same_time(office: Office) -> None:
    case = begun(office, "all")
    assert set(open_tasks(office, case)) == {"check_content", "check_form"}


def test_block_is_over_when_every_branch_has_ended(office: Office) -> None:
    case = begun(office, "all")
    act(office, case, "truong-phong", "check_content", "ok")
    act(office, case, "van-thu", "check_form", "ok")
    assert set(open_tasks(office, case)) == {"sign_form"}
    act(office, case, "van-thu", "sign_form", "ok")
    assert set(open_tasks(office, case)) == {"decide"}


def test_first_branch_to_end_releases_the_others_where_any_is_enough(office: Office) -> None:
    case = begun(office, "any")
    act(office, case, "truong-phong", "check_content", "ok")
    assert set(open_tasks(office, case)) == {"decide"}
    assert ("check_form", "CANCELED") in office.statuses(case)
    assert office.inbox("van-thu") == []


def test_block_is_over_when_its_condition_holds(office: Office) -> None:
    done = "has(steps.check_form.action) && steps.check_form.action == 'ok'"
    case = begun(office, f'{{when: "{done}"}}')
    act(office, case, "van-thu", "check_form", "ok")
    act(office, case, "van-thu", "sign_form", "ok")
    assert set(open_tasks(office, case)) == {"decide"}


def test_return_within_a_branch_leaves_the_others_alone(office: Office) -> None:
    case = begun(office, "all")
    act(office, case, "van-thu", "check_form", "ok")
    act(office, case, "van-thu", "sign_form", "back")
    assert set(open_tasks(office, case)) == {"check_content", "check_form"}


def test_return_out_of_a_block_takes_the_whole_block_with_it(office: Office) -> None:
    case = begun(office, "all")
    act(office, case, "van-thu", "check_form", "ok")
    act(office, case, "truong-phong", "check_content", "again")
    assert set(open_tasks(office, case)) == {"draft"}
    assert office.inbox("van-thu") == []
    act(office, case, "chuyen-vien", "draft", "submit")
    assert set(open_tasks(office, case)) == {"check_content", "check_form"}


def test_block_is_done_again_as_a_whole(office: Office) -> None:
    case = begun(office, "any")
    act(office, case, "truong-phong", "check_content", "ok")
    act(office, case, "giam-doc", "decide", "redo")
    assert set(open_tasks(office, case)) == {"check_content", "check_form"}
    act(office, case, "truong-phong", "check_content", "ok")
    act(office, case, "giam-doc", "decide", "approve")
    assert office.case(case).outcome == "done"
    states = [block["state"] for block in office.case(case).blocks.values()]
    assert states == ["joined", "joined"]


EACH = """
quytrinh: 1
flow: xin-y-kien
name: Lấy ý kiến các đơn vị
roles:
  drafter: {name: Người soạn, who: {creator: true}}
  unit_head: {name: Lãnh đạo đơn vị, who: {head_of: item.unit}}
  leader: {name: Giám đốc, who: {position: giam-doc}}
steps:
  - {id: draft, by: drafter, actions: {submit: {label: Trình}}}
  - id: ask
    each: {units: [phong-nghiep-vu, van-phong]}
    LEAD
    steps:
      - {id: answer, by: unit_head, form: y-kien, actions: {send: {label: Gửi ý kiến}}}
  - id: decide
    by: leader
    actions: {approve: {label: Duyệt}, again: {label: Hỏi lại, return_to: ask}}
  - {end: done}
"""


def tasks_of(office: Office, case: Case, step: str) -> dict[str, CaseTask]:
    """Return the open tasks of a body's step by member."""
    with office.agency.at_work():
        tasks = CaseTask.objects.open().select_related("process").filter(process=case, step=step)
        return {Scope(task.process, str(task.token)).item()["unit"]: task for task in tasks}


def answer(office: Office, case: Case, unit: str, who: str, opinion: str) -> None:
    task = tasks_of(office, case, "answer")[unit]
    with tenant_context(office.agency.tenant.pk):
        actions.perform(
            task_id=task.pk,
            actor=office.agency.person(who),
            action="send",
            values={"directive": opinion},
        )


def asked(office: Office, rule: str) -> Case:
    office.promulgate(EACH.replace("LEAD", rule))
    case = office.begin("xin-y-kien")
    act(office, case, "chuyen-vien", "draft", "submit")
    return case


def test_every_member_has_a_branch_of_its_own(office: Office) -> None:
    case = asked(office, "join: all")
    assert set(tasks_of(office, case, "answer")) == {"phong-nghiep-vu", "van-phong"}


def test_opinions_of_members_are_kept_apart(office: Office) -> None:
    case = asked(office, "join: all")
    answer(office, case, "phong-nghiep-vu", "truong-phong", "Đồng ý")
    answer(office, case, "van-phong", "chanh-van-phong", "Cần sửa")
    results = Scope(office.case(case)).results()["ask"]
    assert [(each["unit"], each["directive"], each["state"]) for each in results] == [
        ("phong-nghiep-vu", "Đồng ý", "done"),
        ("van-phong", "Cần sửa", "done"),
    ]
    assert set(open_tasks(office, case)) == {"decide"}
    assert "directive" not in office.case(case).fields


def test_end_of_the_lead_closes_the_block_and_releases_the_rest(office: Office) -> None:
    case = asked(office, "lead: case.unit\n    join: lead")
    answer(office, case, "phong-nghiep-vu", "truong-phong", "Đồng ý")
    results = Scope(office.case(case)).results()["ask"]
    assert [(each["lead"], each["state"]) for each in results] == [
        (True, "done"),
        (False, "released"),
    ]
    assert set(open_tasks(office, case)) == {"decide"}


def test_block_returned_to_begins_anew_and_earlier_opinions_stay(office: Office) -> None:
    case = asked(office, "join: any")
    answer(office, case, "van-phong", "chanh-van-phong", "Lần một")
    act(office, case, "giam-doc", "decide", "again")
    assert set(tasks_of(office, case, "answer")) == {"phong-nghiep-vu", "van-phong"}
    answer(office, case, "van-phong", "chanh-van-phong", "Lần hai")
    now = office.case(case)
    said = [block["branches"]["2"]["fields"]["directive"] for block in now.blocks.values()]
    assert said == ["Lần một", "Lần hai"]
    assert Scope(now).results()["ask"][1]["directive"] == "Lần hai"


def test_whoever_decides_reads_the_opinions_on_the_page_of_the_case(office: Office) -> None:
    case = asked(office, "lead: case.unit\n    join: any")
    answer(office, case, "van-phong", "chanh-van-phong", "Cần sửa mục 2")
    page = office.agency.client("giam-doc").get(f"/ho-so/{case.pk}/").content.decode()
    assert "Cần sửa mục 2" in page
    assert "Phòng Nghiệp vụ (chủ trì)" in page
    assert "đã rút, không phải trả lời" in page


NESTED = """
quytrinh: 1
flow: long-nhau
name: Lồng nhau
roles:
  drafter: {name: Người soạn, who: {creator: true}}
steps:
  - {id: draft, by: drafter, actions: {go: {label: Trình}}}
  - id: ask
    each: {units: [phong-nghiep-vu, van-phong]}
    join: all
    steps:
      - id: both
        parallel:
          a: {steps: [{id: one, by: drafter, actions: {go: {label: Xong}}}]}
          b: {steps: [{id: two, by: drafter, actions: {go: {label: Xong}}}]}
        join: all
      - {id: answer, by: drafter, actions: {go: {label: Xong}}}
  - {id: last, by: drafter, actions: {go: {label: Xong}}}
  - {end: done}
"""


def test_join_within_a_member_waits_for_that_members_branches_alone(office: Office) -> None:
    """Viewflow's own join finds its task by node and case, and refuses two members here."""
    office.promulgate(NESTED)
    case = office.begin("long-nhau")
    office.act("chuyen-vien", case, "go")
    person = office.agency.person("chuyen-vien")

    def members(step: str) -> dict[str, CaseTask]:
        return tasks_of(office, case, step)

    def do(task: CaseTask) -> None:
        with tenant_context(office.agency.tenant.pk):
            actions.perform(task_id=task.pk, actor=person, action="go")

    do(members("one")["van-phong"])
    do(members("two")["phong-nghiep-vu"])
    assert members("answer") == {}
    do(members("two")["van-phong"])
    assert set(members("answer")) == {"van-phong"}
    do(members("answer")["van-phong"])
    do(members("one")["phong-nghiep-vu"])
    assert set(open_tasks(office, case)) == {"answer"}
    do(members("answer")["phong-nghiep-vu"])
    assert set(open_tasks(office, case)) == {"last"}
