"""Verbs of flow-language §5.9: who may use which, what it does, what the journal says of it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from quytrinh.journal.models import JournalEntry
from quytrinh.runtime import actions
from quytrinh.runtime.exceptions import (
    ActionNotAllowed,
    FormInvalid,
    NotFoundForYou,
    TaskAlreadyDone,
)
from quytrinh.runtime.models import SIDE, Case, CaseTask, InboxEntry
from quytrinh.runtime.verbs.effects import Asked
from quytrinh.runtime.verbs.offers import case_verbs, task_verbs
from quytrinh.runtime.verbs.situation import Situation
from quytrinh.tenancy.context import tenant_context
from tests.integration.runtime.conftest import Office
from tests.integration.runtime.test_blocks import EACH, PARALLEL, act, open_tasks, tasks_of

pytestmark = pytest.mark.django_db(transaction=True)

FLOW = """
quytrinh: 1
flow: thao-tac
name: Giải quyết việc được giao
roles:
  drafter: {name: Người soạn, who: {creator: true}}
  desk: {name: Phòng Nghiệp vụ, who: {members_of: case.unit}}
  head: {name: Trưởng phòng, who: {head_of: case.unit}}
  leader: {name: Giám đốc, who: {position: giam-doc}}
due: {in: 10d}
VERBS
steps:
  - {id: draft, by: drafter, actions: {go: {label: Trình}}}
  - {id: handle, by: desk, due: {in: 5d}, actions: {go: {label: Xong}}}
  - {id: decide, by: leader, due: {in: 2d}, actions: {approve: {label: Duyệt}}}
  - {end: done}
"""


def use(office: Office, case: Case, who: str, verb: str, *, step: str = "", **asked: Any) -> UUID:
    """Use a verb on the only open task, or on that of a step."""
    tasks = open_tasks(office, case)
    task = tasks[step] if step else next(iter(tasks.values()))
    return use_on(office, task, who, verb, **asked)


def use_on(office: Office, task: CaseTask, who: str, verb: str, **asked: Any) -> UUID:
    person = office.agency.person(who)
    with tenant_context(office.agency.tenant.pk):
        return actions.use_on_task(task_id=task.pk, actor=person, verb=verb, asked=Asked(**asked))


def use_case(office: Office, case: Case, who: str, verb: str, comment: str = "") -> None:
    person = office.agency.person(who)
    with tenant_context(office.agency.tenant.pk):
        actions.use_on_case(case_id=case.pk, actor=person, verb=verb, asked=Asked(comment))


def begun(office: Office, verbs: str = "", *, until: str = "handle") -> Case:
    """Begin a case and let it come to a step."""
    office.promulgate(FLOW.replace("VERBS\n", f"verbs: {{{verbs}}}\n" if verbs else ""))
    case = office.begin("thao-tac")
    if until != "draft":
        office.act("chuyen-vien", case, "go")
    if until == "decide":
        office.act("chuyen-vien", case, "go")
    return case


def journal(office: Office, case: Case) -> list[JournalEntry]:
    with office.agency.at_work():
        return list(JournalEntry.objects.of_subject(case.pk).order_by("seq"))


def holder(office: Office, case: Case) -> UUID | None:
    return next(iter(open_tasks(office, case).values())).owner_id


def allowed(office: Office, case: Case, who: str) -> set[str]:
    """Which verbs of the only open task a person is offered as lawful."""
    task = next(iter(open_tasks(office, case).values()))
    person = office.agency.person(who)
    with office.agency.at_work():
        situation = Situation.read(Case.objects.get(pk=case.pk))
        [task] = [each for each in situation.live if each.pk == task.pk]
        offers = task_verbs(situation, task, person) + case_verbs(situation, person)
    assert all(bool(each.why_not) is not each.allowed for each in offers)
    return {each.id for each in offers if each.allowed}


def sides(office: Office, case: Case) -> list[CaseTask]:
    with office.agency.at_work():
        return list(CaseTask.objects.sides_of(case.pk))


# --- claim, release, reassign ---------------------------------------------------------------


def test_whoever_claims_a_task_has_it_alone_and_may_give_it_back(office: Office) -> None:
    case = begun(office)
    assert office.inbox("truong-phong") == office.inbox("chuyen-vien") != []
    use(office, case, "chuyen-vien", "claim")
    assert holder(office, case) == office.agency.person("chuyen-vien").id
    assert office.inbox("truong-phong") == []
    with pytest.raises(ActionNotAllowed, match=r"Chỉ người đang giữ việc"):
        use(office, case, "truong-phong", "claim")
    use(office, case, "chuyen-vien", "release")
    assert holder(office, case) is None
    assert len(office.inbox("truong-phong")) == len(office.inbox("chuyen-vien")) == 1


def test_head_gives_a_task_to_another_candidate_with_its_deadline(office: Office) -> None:
    case = begun(office)
    use(office, case, "chuyen-vien", "claim")
    before = open_tasks(office, case)["handle"]
    person = office.agency.person("truong-phong")
    use(office, case, "truong-phong", "reassign", person=person.id)
    after = open_tasks(office, case)["handle"]
    assert (after.owner_id, after.due_at) == (person.id, before.due_at)
    assert office.inbox("chuyen-vien") == []
    entry = journal(office, case)[-1]
    assert (entry.verb, entry.payload["person"]) == ("verb.reassign", str(person.id))


def test_task_goes_to_a_person_outside_the_role_only_with_a_reason(office: Office) -> None:
    case = begun(office)
    clerk = office.agency.person("van-thu").id
    with pytest.raises(FormInvalid) as refused:
        use(office, case, "chuyen-vien", "reassign", person=clerk)
    assert refused.value.errors == {
        "comment": ["Người này không thuộc vai trò của bước; hãy ghi lý do giao cho họ."]
    }
    use(office, case, "chuyen-vien", "reassign", person=clerk, comment="Phòng đi vắng")
    assert holder(office, case) == clerk
    assert journal(office, case)[-1].payload["comment"] == "Phòng đi vắng"


def test_person_of_another_agency_is_nobody_here(office: Office, other_office: Office) -> None:
    case = begun(office)
    stranger = other_office.agency.person("chuyen-vien")
    with pytest.raises(FormInvalid):
        use(office, case, "chuyen-vien", "reassign", person=stranger.id, comment="x")
    task = open_tasks(office, case)["handle"]
    with tenant_context(other_office.agency.tenant.pk), pytest.raises(NotFoundForYou):
        actions.use_on_task(task_id=task.pk, actor=stranger, verb="claim")


# --- return, recall -------------------------------------------------------------------------


def test_task_without_a_return_of_its_own_goes_back_with_a_reason(office: Office) -> None:
    case = begun(office)
    with pytest.raises(FormInvalid):
        use(office, case, "chuyen-vien", "return")
    use(office, case, "chuyen-vien", "return", comment="Thiếu phụ lục")
    assert office.place(case) == "draft"
    entry = journal(office, case)[-1]
    assert (entry.verb, entry.payload["comment"]) == ("verb.return", "Thiếu phụ lục")
    with pytest.raises(ActionNotAllowed, match="bước đầu"):
        use(office, case, "chuyen-vien", "return", comment="Nữa")


def test_return_twice_goes_back_further_each_time(office: Office) -> None:
    case = begun(office, until="decide")
    use(office, case, "giam-doc", "return", comment="Làm rõ")
    assert office.place(case) == "handle"
    use(office, case, "chuyen-vien", "return", comment="Làm rõ")
    assert office.place(case) == "draft"


def test_step_taken_by_mistake_is_recalled_while_nobody_has_opened_it(office: Office) -> None:
    case = begun(office, until="decide")
    assert "recall" in allowed(office, case, "chuyen-vien")
    use_case(office, case, "chuyen-vien", "recall", "Nhầm tệp")
    assert office.place(case) == "handle"
    assert holder(office, case) == office.agency.person("chuyen-vien").id
    assert office.inbox("giam-doc") == []


def test_opened_task_is_not_recalled(office: Office) -> None:
    case = begun(office, until="decide")
    with tenant_context(office.agency.tenant.pk):
        actions.mark_seen(
            task_id=open_tasks(office, case)["decide"].pk, actor=office.agency.person("giam-doc")
        )
    with pytest.raises(ActionNotAllowed, match="đã mở việc"):
        use_case(office, case, "chuyen-vien", "recall")
    with pytest.raises(ActionNotAllowed, match="vừa hoàn thành"):
        use_case(office, case, "giam-doc", "recall")


def test_split_is_recalled_whole_but_not_once_a_branch_has_gone_on(office: Office) -> None:
    office.promulgate(PARALLEL.replace("JOIN", "all"))
    case = office.begin("song-song")
    act(office, case, "chuyen-vien", "draft", "submit")
    use_case(office, case, "chuyen-vien", "recall")
    assert set(open_tasks(office, case)) == {"draft"}
    act(office, case, "chuyen-vien", "draft", "submit")
    act(office, case, "truong-phong", "check_content", "ok")
    with pytest.raises(ActionNotAllowed):
        use_case(office, case, "chuyen-vien", "recall")


# --- consult, handlers ----------------------------------------------------------------------


def test_opinion_is_asked_beside_the_task_and_told_to_who_asked(office: Office) -> None:
    case = begun(office)
    clerk = office.agency.person("van-thu")
    use(office, case, "chuyen-vien", "consult", person=clerk.id, comment="Đã vào sổ chưa?")
    [side] = sides(office, case)
    assert (case.code, "Xin ý kiến: handle") in office.inbox("van-thu")
    assert set(open_tasks(office, case)) == {"handle"}
    with tenant_context(office.agency.tenant.pk), pytest.raises(NotFoundForYou):
        actions.perform(task_id=side.pk, actor=clerk, action="go")
    use_on(office, side, "van-thu", "answer", comment="Đã vào sổ số 12")
    assert office.inbox("van-thu") == []
    assert any("Đã vào sổ số 12" in name for _code, name in office.inbox("chuyen-vien"))
    [side] = sides(office, case)
    assert (side.status, side.comment, side.done_by_id) == ("DONE", "Đã vào sổ số 12", clerk.id)


def test_unit_is_asked_by_its_head(office: Office) -> None:
    case = begun(office)
    use(office, case, "chuyen-vien", "consult", unit="van-phong", comment="Góp ý")
    assert (case.code, "Xin ý kiến: handle") in office.inbox("chanh-van-phong")
    with pytest.raises(FormInvalid):
        use(office, case, "chuyen-vien", "consult", unit="van-phong", comment="Góp ý")


def test_question_is_closed_with_the_task(office: Office) -> None:
    case = begun(office)
    use(office, case, "chuyen-vien", "add_handler", unit="van-phong", comment="Cùng làm")
    [side] = sides(office, case)
    office.act("chuyen-vien", case, "go")
    assert office.inbox("chanh-van-phong") == []
    with pytest.raises(TaskAlreadyDone):
        use_on(office, side, "chanh-van-phong", "answer", comment="Muộn")


def test_helper_is_released_by_who_asked(office: Office) -> None:
    case = begun(office)
    use(office, case, "chuyen-vien", "add_handler", unit="van-phong")
    assert "release_handler" in allowed(office, case, "chuyen-vien")
    use(office, case, "chuyen-vien", "release_handler", unit="van-phong")
    assert [side.status for side in sides(office, case)] == ["CANCELED"]


def asked_units(office: Office, rule: str) -> Case:
    text = EACH.replace("LEAD", rule).replace("phong-nghiep-vu, van-phong", "phong-nghiep-vu")
    office.promulgate(text)
    case = office.begin("xin-y-kien")
    act(office, case, "chuyen-vien", "draft", "submit")
    return case


def test_member_added_while_running_is_waited_for(office: Office) -> None:
    case = asked_units(office, "join: all")
    use(office, case, "chuyen-vien", "add_handler", unit="van-phong")
    assert set(tasks_of(office, case, "answer")) == {"phong-nghiep-vu", "van-phong"}
    task = tasks_of(office, case, "answer")["van-phong"]
    with pytest.raises(FormInvalid):
        use_on(office, task, "chuyen-vien", "add_handler", unit="van-phong")
    with pytest.raises(ActionNotAllowed, match="chủ trì"):
        use_on(office, task, "chanh-van-phong", "add_handler", unit="ban-giam-doc")


def test_release_of_the_last_open_member_closes_the_block(office: Office) -> None:
    case = asked_units(office, "join: all")
    use(office, case, "chuyen-vien", "add_handler", unit="van-phong")
    answer = tasks_of(office, case, "answer")["phong-nghiep-vu"]
    with tenant_context(office.agency.tenant.pk):
        actions.perform(
            task_id=answer.pk,
            actor=office.agency.person("truong-phong"),
            action="send",
            values={"directive": "Đồng ý"},
        )
    use(office, case, "chuyen-vien", "release_handler", unit="van-phong")
    assert set(open_tasks(office, case)) == {"decide"}


def test_lead_is_released_only_for_another(office: Office) -> None:
    case = asked_units(office, "lead: case.unit\n    join: lead")
    use(office, case, "chuyen-vien", "add_handler", unit="van-phong")
    task = tasks_of(office, case, "answer")["phong-nghiep-vu"]
    with pytest.raises(FormInvalid):
        use_on(office, task, "chuyen-vien", "release_handler", unit="phong-nghiep-vu")
    use_on(
        office, task, "chuyen-vien", "release_handler",
        unit="phong-nghiep-vu", new_lead="van-phong",
    )  # fmt: skip
    assert set(tasks_of(office, case, "answer")) == {"van-phong"}
    [block] = office.case(case).blocks.values()
    assert [branch["lead"] for branch in block["branches"].values()] == [False, True]


# --- suspend, extend, urge, note ------------------------------------------------------------


def test_suspended_task_says_why_and_refuses_its_actions(office: Office) -> None:
    # PR-19
    case = begun(office)
    use(office, case, "chuyen-vien", "suspend", comment="Chờ tập hợp hồ sơ")
    with office.agency.at_work():
        entries = InboxEntry.objects.for_keys(office.agency.person("chuyen-vien").keys)
        [entry] = entries.filter(case=case)
        assert (entry.due_at, entry.note) == (None, "Tạm dừng: Chờ tập hợp hồ sơ")
    with pytest.raises(ActionNotAllowed, match="đang tạm dừng"):
        office.act("chuyen-vien", case, "go")
    assert allowed(office, case, "chuyen-vien") == {
        *("resume", "reassign", "urge", "note"), "cancel",
    }  # fmt: skip
    use(office, case, "chuyen-vien", "resume")
    office.act("chuyen-vien", case, "go")
    assert office.place(case) == "decide"


def test_case_clock_stands_only_where_the_procedure_says_so(office: Office) -> None:
    case = begun(office, "suspend: {stops_clock: true}")
    use(office, case, "chuyen-vien", "suspend", comment="Chờ bổ sung")
    assert office.case(case).clock_stands_since is not None
    use(office, case, "chuyen-vien", "resume")
    assert office.case(case).clock_stands_since is None
    verbs = [entry.verb for entry in journal(office, case)]
    assert verbs[-4:] == ["verb.suspend", "clock.stopped", "verb.resume", "clock.resumed"]


def test_head_of_the_unit_extends_up_to_the_most(office: Office) -> None:
    case = begun(office, "extend: {max: 3d, at_most: 1}")
    before = open_tasks(office, case)["handle"].due_at
    with pytest.raises(ActionNotAllowed, match="trưởng đơn vị"):
        use(office, case, "chuyen-vien", "extend", period="1d")
    for wrong in ("", "1x", "99999999d", "4d", "1y"):
        with pytest.raises(FormInvalid):
            use(office, case, "truong-phong", "extend", period=wrong)
    use(office, case, "truong-phong", "extend", period="2d", comment="Hồ sơ phức tạp")
    task = open_tasks(office, case)["handle"]
    assert before is not None and task.due_at is not None and task.due_at > before
    with pytest.raises(ActionNotAllowed, match="1 lần"):
        use(office, case, "truong-phong", "extend", period="1d")


def test_urge_shows_in_the_inbox_and_notes_reach_the_holder(office: Office) -> None:
    case = begun(office, until="decide")
    use(office, case, "chuyen-vien", "urge", comment="Cần trước 16 giờ")
    use(office, case, "chuyen-vien", "note", comment="Có bản giấy ở phòng")
    with office.agency.at_work():
        entries = InboxEntry.objects.for_keys(office.agency.person("giam-doc").keys)
        shown = {(entry.kind, entry.note or entry.step_name) for entry in entries.filter(case=case)}
    assert any(kind == "task" and "Cần trước 16 giờ" in words for kind, words in shown)
    assert ("inform", "Ghi chú: Có bản giấy ở phòng") in shown
    with pytest.raises(NotFoundForYou):
        use(office, case, "chanh-van-phong", "urge")


# --- cancel, reopen, restrictions -------------------------------------------------------------


def test_creator_cancels_with_a_reason_and_holders_are_told(office: Office) -> None:
    case = begun(office, until="decide")
    with pytest.raises(ActionNotAllowed, match="người lập hồ sơ"):
        use_case(office, case, "giam-doc", "cancel", "x")
    use_case(office, case, "chuyen-vien", "cancel", "Không còn nhu cầu")
    assert office.case(case).outcome == "cancelled"
    assert open_tasks(office, case) == {}
    assert office.inbox("giam-doc") == [(case.code, "Đã hủy hồ sơ")]


def test_finished_case_is_reopened_at_its_last_step(office: Office) -> None:
    case = begun(office, "reopen: {by: [leader]}", until="decide")
    with pytest.raises(ActionNotAllowed, match="chưa kết thúc"):
        use_case(office, case, "giam-doc", "reopen", "Sai")
    office.act("giam-doc", case, "approve")
    with pytest.raises(ActionNotAllowed, match="Giám đốc"):
        use_case(office, case, "chuyen-vien", "reopen", "Sai")
    use_case(office, case, "giam-doc", "reopen", "Có tình tiết mới")
    assert office.place(case) == "decide"
    office.act("giam-doc", case, "approve")
    assert office.case(case).outcome == "done"


def test_procedure_switches_a_verb_off(office: Office) -> None:
    case = begun(office, "reassign: false, suspend: false")
    assert not {"reassign", "suspend"} & allowed(office, case, "chuyen-vien")
    with pytest.raises(ActionNotAllowed, match="Quy trình không cho"):
        use(office, case, "chuyen-vien", "suspend", comment="x")


def test_unknown_verb_is_not_found(office: Office) -> None:
    case = begun(office)
    for verb in ("answer", "cancel", "destroy"):
        with pytest.raises(NotFoundForYou):
            use(office, case, "chuyen-vien", verb, comment="x")
    assert not [task for task in sides(office, case) if task.flow_task_type == SIDE]


STOPS = """
quytrinh: 1
flow: dung-dong-ho
name: Chờ bổ sung
roles:
  drafter: {name: Người soạn, who: {creator: true}}
due: {in: 10d}
steps:
  - {id: draft, by: drafter, stops_clock: true, actions: {go: {label: Xong}}}
  - {id: last, by: drafter, actions: {go: {label: Xong}}}
  - {end: done}
"""


def test_clock_of_a_case_stands_while_a_step_that_stops_it_is_open(office: Office) -> None:
    office.promulgate(STOPS)
    case = office.begin("dung-dong-ho")
    assert office.case(case).clock_stands_since is not None
    office.act("chuyen-vien", case, "go")
    assert office.case(case).clock_stands_since is None
