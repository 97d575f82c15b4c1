"""A submission slip goes its way: drafted, returned, corrected, decided, closed."""

from __future__ import annotations

import pytest
from django.db import transaction

from quytrinh.journal.chain import verify
from quytrinh.journal.models import JournalEntry
from quytrinh.runtime import actions, history
from quytrinh.runtime.actions.start import startable
from quytrinh.runtime.exceptions import (
    ActionNotAllowed,
    FormInvalid,
    NotFoundForYou,
    TaskAlreadyDone,
)
from quytrinh.runtime.lawful import actions_for
from quytrinh.runtime.models import Case, CaseTask
from quytrinh.tenancy.context import tenant_context
from tests.integration.runtime.conftest import SLIP, Office

pytestmark = pytest.mark.django_db(transaction=True)


def test_slip_goes_from_draft_to_close_with_a_return(office: Office) -> None:
    case = office.begin("phieu-trinh")
    assert office.place(case) == "draft"
    office.act("chuyen-vien", case, "submit", values=SLIP)
    office.act("truong-phong", case, "return", comment="Nêu rõ số lượng")
    assert office.place(case) == "draft"
    office.act("chuyen-vien", case, "submit", values={**SLIP, "content": "Mua 02 máy in."})
    office.act("truong-phong", case, "approve")
    office.act("giam-doc", case, "approve", values={"directive": "Đồng ý."})
    assert office.place(case) == "inform"
    assert office.work_off() == 1
    assert office.place(case) == "close"
    closing = office.act("van-thu", case, "done", values={"dossier": "HS-01"})
    assert closing.finished
    ended = office.case(case)
    assert (ended.status, ended.outcome) == ("DONE", "done")
    assert ended.fields["content"] == "Mua 02 máy in."
    with office.agency.at_work():
        assert not CaseTask.objects.open().filter(process=case).exists()


def test_task_waits_in_the_inbox_of_whoever_does_it_and_of_nobody_else(office: Office) -> None:
    case = office.begin("phieu-trinh")
    office.act("chuyen-vien", case, "submit", values=SLIP)
    waiting = [(case.code, "Kiểm tra nội dung")]
    assert office.inbox("truong-phong") == waiting
    for who in ("chuyen-vien", "giam-doc", "pho-giam-doc", "van-thu", "chanh-van-phong"):
        assert office.inbox(who) == []


def test_small_matter_goes_to_the_deputy_after_the_budget_was_appraised(office: Office) -> None:
    case = office.begin("phieu-trinh")
    office.act("chuyen-vien", case, "submit", values={**SLIP, "estimated_cost": 5_000_000})
    office.act("truong-phong", case, "approve")
    assert office.place(case) == "appraise"
    appraisal = {"funding_source": "Chi thường xuyên"}
    office.act("chanh-van-phong", case, "approve", values=appraisal)
    assert office.place(case) == "decide_minor"


def test_refusal_ends_the_case_with_its_own_outcome(office: Office) -> None:
    case = office.begin("phieu-trinh")
    office.act("chuyen-vien", case, "submit", values=SLIP)
    office.act("truong-phong", case, "approve")
    office.act("giam-doc", case, "refuse", values={"directive": "Không."}, comment="Chưa cần thiết")
    assert office.case(case).outcome == "refused"


def test_incomplete_form_is_refused_field_by_field_and_nothing_changes(office: Office) -> None:
    case = office.begin("phieu-trinh")
    with pytest.raises(FormInvalid) as refusal:
        office.act("chuyen-vien", case, "submit", values={"subject": "", "estimated_cost": "abc"})
    assert set(refusal.value.errors) >= {"subject", "content", "estimated_cost"}
    assert office.place(case) == "draft"
    assert office.case(case).revision == 1


def test_return_without_a_reason_is_refused(office: Office) -> None:
    case = office.begin("phieu-trinh")
    office.act("chuyen-vien", case, "submit", values=SLIP)
    with pytest.raises(FormInvalid) as refusal:
        office.act("truong-phong", case, "return", comment="  ")
    assert list(refusal.value.errors) == ["comment"]


def test_person_who_sees_the_case_but_does_not_hold_the_task_may_not_act(office: Office) -> None:
    case = office.begin("phieu-trinh")
    office.act("chuyen-vien", case, "submit", values=SLIP)
    with pytest.raises(ActionNotAllowed):
        office.act("chuyen-vien", case, "approve")


def test_person_who_does_not_see_the_case_is_told_it_does_not_exist(office: Office) -> None:
    case = office.begin("phieu-trinh")
    with pytest.raises(NotFoundForYou):
        office.act("pho-giam-doc", case, "submit", values=SLIP)


def test_second_click_learns_who_did_it_and_when(office: Office) -> None:
    case = office.begin("phieu-trinh")
    office.act("chuyen-vien", case, "submit", values=SLIP)
    task = office.agency.open_task(case)
    head = office.agency.person("truong-phong")
    with tenant_context(office.agency.tenant.pk):
        actions.perform(task_id=task.pk, actor=head, action="approve")
        with pytest.raises(TaskAlreadyDone, match="Phạm Thị Giả Định"):
            actions.perform(task_id=task.pk, actor=head, action="approve")
    assert office.place(case) == "decide"


def test_case_is_seen_by_starter_holders_clerk_and_head_only(office: Office) -> None:
    case = office.begin("phieu-trinh")
    office.act("chuyen-vien", case, "submit", values=SLIP)
    sees = {}
    for who in ("chuyen-vien", "truong-phong", "giam-doc", "van-thu", "pho-giam-doc"):
        person = office.agency.person(who)
        with office.agency.at_work():
            sees[who] = Case.objects.visible_to(person).filter(pk=case.pk).exists()
    assert sees == {
        "chuyen-vien": True,
        "truong-phong": True,
        "giam-doc": True,
        "van-thu": True,
        "pho-giam-doc": False,
    }


def test_offered_actions_say_why_not(office: Office) -> None:
    case = office.begin("phieu-trinh")
    office.act("chuyen-vien", case, "submit", values=SLIP)
    task = office.agency.open_task(case)
    holder, starter = office.agency.person("truong-phong"), office.agency.person("chuyen-vien")
    with office.agency.at_work():
        assert [(offer.id, offer.allowed) for offer in actions_for(task, holder)] == [
            ("approve", True),
            ("return", True),
        ]
        assert {offer.why_not for offer in actions_for(task, starter)} == {
            "Việc này đang chờ người khác xử lý."
        }


def test_every_step_is_told_in_a_journal_that_verifies(office: Office) -> None:
    case = office.begin("phieu-trinh")
    office.act("chuyen-vien", case, "submit", values=SLIP)
    office.act("truong-phong", case, "return", comment="Sửa trích yếu")
    with office.agency.at_work():
        entries = list(JournalEntry.objects.of_subject(case.pk))
        assert [entry.verb for entry in entries] == [
            "case.started",
            "task.completed",
            "task.returned",
        ]
        assert verify(entries) is None
        latest = history.of(Case.objects.get(pk=case.pk))[0]
    assert (latest.what, latest.who, latest.comment) == (
        "Trả lại",
        "Phạm Thị Giả Định",
        "Sửa trích yếu",
    )


def test_urgent_matter_has_a_shorter_deadline(office: Office) -> None:
    ordinary = office.begin("phieu-trinh")
    office.act("chuyen-vien", ordinary, "submit", values=SLIP)
    urgent = office.begin("phieu-trinh")
    office.act("chuyen-vien", urgent, "submit", values={**SLIP, "urgency": "urgent"})
    due = [office.agency.open_task(case).due_at for case in (ordinary, urgent)]
    assert due[1] < due[0]
    assert [code for code, _ in office.inbox("truong-phong")] == [urgent.code, ordinary.code]


def test_what_one_agency_does_the_other_never_sees(office: Office, other_office: Office) -> None:
    case = office.begin("phieu-trinh")
    task = office.agency.open_task(case)
    stranger = other_office.agency.person("giam-doc")
    with tenant_context(other_office.agency.tenant.pk):
        with transaction.atomic():
            assert not Case.objects.filter(pk=case.pk).exists()
        with pytest.raises(NotFoundForYou):
            actions.perform(task_id=task.pk, actor=stranger, action="submit", values=SLIP)


def test_both_agencies_share_one_definition_of_the_same_text(
    office: Office, other_office: Office
) -> None:
    digests = set()
    for each in (office, other_office):
        person = each.agency.person("chuyen-vien")
        with each.agency.at_work():
            versions = startable(person)
            digests |= {each.definition_id for each in versions if each.flow.key == "phieu-trinh"}
    assert len(digests) == 1


def test_correction_need_not_repeat_what_the_case_holds(office: Office) -> None:
    case = office.begin("phieu-trinh")
    office.act("chuyen-vien", case, "submit", values=SLIP)
    office.act("truong-phong", case, "return", comment="Sửa trích yếu")
    office.act("chuyen-vien", case, "submit", values={"subject": "Mua sắm 02 máy in"})
    corrected = office.case(case)
    assert (corrected.subject, corrected.fields["content"]) == (
        "Mua sắm 02 máy in",
        SLIP["content"],
    )
