"""What the language says of returns, limits and conditions, lived by cases."""

from __future__ import annotations

import pytest

from quytrinh.runtime.exceptions import ActionNotAllowed
from quytrinh.runtime.lawful import actions_for
from tests.integration.runtime.conftest import Office

pytestmark = pytest.mark.django_db(transaction=True)

LOOP = """
quytrinh: 1
flow: thu-nghiem
name: Thử nghiệm trả lại
roles:
  drafter: {name: Người soạn, who: {creator: true}}
  head: {name: Trưởng phòng, who: {head_of: case.unit}}
  leader: {name: Giám đốc, who: {position: giam-doc}}
  clerk: {name: Văn thư, who: {role: van-thu}}
steps:
  - id: draft
    by: drafter
    actions: {submit: {label: Trình}, simple: {label: Trình gọn, to: finish}}
  - id: review
    by: head
    actions: {approve: {label: Đồng ý}, return: {label: Trả lại, return_to: draft}}
  - id: decide
    by: leader
    actions:
      approve: {label: Phê duyệt}
      fix: {label: "Sửa, trình lại tôi", return_to: draft, then: back_here, at_most: 1}
      again: {label: Làm lại từ đầu, return_to: draft}
  - id: check
    when: case.urgency == 'flash'
    by: clerk
  - {end: finish}
"""


@pytest.fixture
def case_at_leader(office: Office):
    """A case that waits for the leader."""
    office.promulgate(LOOP)
    case = office.begin("thu-nghiem")
    office.act("chuyen-vien", case, "submit")
    office.act("truong-phong", case, "approve")
    return case


def test_return_straight_back_passes_over_the_steps_between(office, case_at_leader) -> None:
    office.act("giam-doc", case_at_leader, "fix")
    office.act("chuyen-vien", case_at_leader, "submit")
    assert office.place(case_at_leader) == "decide"


def test_return_straight_back_is_forgotten_when_another_way_is_chosen(
    office, case_at_leader
) -> None:
    office.act("giam-doc", case_at_leader, "fix")
    office.act("chuyen-vien", case_at_leader, "simple")
    assert office.case(case_at_leader).status == "DONE"


def test_return_onwards_walks_every_step_again(office, case_at_leader) -> None:
    office.act("giam-doc", case_at_leader, "again")
    office.act("chuyen-vien", case_at_leader, "submit")
    assert office.place(case_at_leader) == "review"


def test_straight_way_back_serves_one_return_only(office, case_at_leader) -> None:
    office.act("giam-doc", case_at_leader, "fix")
    office.act("chuyen-vien", case_at_leader, "submit")
    office.act("giam-doc", case_at_leader, "again")
    office.act("chuyen-vien", case_at_leader, "submit")
    assert office.place(case_at_leader) == "review"


def test_action_limited_in_number_is_then_refused_with_its_reason(office, case_at_leader) -> None:
    office.act("giam-doc", case_at_leader, "fix")
    office.act("chuyen-vien", case_at_leader, "submit")
    with pytest.raises(ActionNotAllowed, match="chỉ được dùng 1 lần"):
        office.act("giam-doc", case_at_leader, "fix")
    leader = office.agency.person("giam-doc")
    task = office.agency.open_task(case_at_leader)
    with office.agency.at_work():
        offers = {offer.id: offer.allowed for offer in actions_for(task, leader)}
    assert offers == {"approve": True, "fix": False, "again": True}


def test_step_whose_condition_does_not_hold_is_passed_over(office, case_at_leader) -> None:
    office.act("giam-doc", case_at_leader, "approve")
    assert office.case(case_at_leader).status == "DONE"


def test_step_whose_condition_holds_is_done(office) -> None:
    office.promulgate(LOOP.replace("== 'flash'", "== 'normal'"))
    case = office.begin("thu-nghiem")
    office.act("chuyen-vien", case, "submit")
    office.act("truong-phong", case, "approve")
    office.act("giam-doc", case, "approve")
    assert office.place(case) == "check"


def test_work_nobody_can_do_goes_to_the_administrators(office) -> None:
    office.promulgate(LOOP.replace("{position: giam-doc}", "{in_charge_of: case.urgency}"))
    case = office.begin("thu-nghiem")
    office.act("chuyen-vien", case, "submit")
    office.act("truong-phong", case, "approve")
    assert office.inbox("chanh-van-phong") == [(case.code, "decide")]


def test_returned_work_goes_to_the_person_who_did_it(office, case_at_leader) -> None:
    office.act("giam-doc", case_at_leader, "again")
    task = office.agency.open_task(case_at_leader)
    assert task.holder_keys == [f"person:{office.agency.person('chuyen-vien').id}"]


def test_condition_may_ask_which_agency_it_is(office: Office) -> None:
    office.promulgate(
        """
quytrinh: 1
flow: theo-co-quan
name: Theo cơ quan
roles:
  drafter: {name: Người soạn, who: {creator: true}}
steps:
  - {id: draft, by: drafter}
  - {id: more, when: case.agency == 'ha-tinh', by: drafter}
  - {end: finish}
"""
    )
    case = office.begin("theo-co-quan")
    office.act("chuyen-vien", case, "done")
    assert office.case(case).outcome == "finish"
