"""What a step costs on PostgreSQL, counted on the wire (facts: §8, §10)."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest

from quytrinh.runtime import actions
from quytrinh.runtime.models import CaseTask
from quytrinh.tenancy.context import tenant_context
from tests.integration.runtime.conftest import SLIP, Office
from tests.support.wire import Wire

pytestmark = pytest.mark.django_db(transaction=True)

# BEGIN, the tenant setting and COMMIT travel with every step.
FRAME = 3
Watch = Callable[[], AbstractContextManager[Wire]]


@pytest.fixture(autouse=True)
def everything_warm(office: Office) -> None:
    """Walk one case to its end: definitions, the compiled flow and the directory are then kept."""
    case = office.begin("phieu-trinh")
    office.act("chuyen-vien", case, "submit", values=SLIP)
    office.act("truong-phong", case, "approve")
    office.act("giam-doc", case, "approve", values={"directive": "Đồng ý"})
    office.work_off()
    office.act("van-thu", case, "done", values={"dossier": "HS-01"})


def cost_of(office: Office, wire: Watch, who: str, case, action: str, **entered) -> Wire:
    """Do a step with everything kept warm, and return what it cost."""
    task = office.agency.open_task(case)
    person = office.agency.person(who)
    with tenant_context(office.agency.tenant.pk), wire() as seen:
        actions.perform(task_id=task.pk, actor=person, action=action, **entered)
    return seen


def test_human_step_is_one_read_and_one_write_in_two_round_trips(office: Office, wire: Watch):
    case = office.begin("phieu-trinh")
    step = cost_of(office, wire, "chuyen-vien", case, "submit", values=SLIP)
    assert (step.statements, step.round_trips) == (2 + FRAME, 2)


def test_return_costs_what_a_step_costs(office: Office, wire: Watch):
    case = office.begin("phieu-trinh")
    office.act("chuyen-vien", case, "submit", values=SLIP)
    step = cost_of(office, wire, "truong-phong", case, "return", comment="Sửa")
    assert (step.statements, step.round_trips) == (2 + FRAME, 2)


def test_step_with_condition_choice_job_and_outbox_costs_no_more(office: Office, wire: Watch):
    case = office.begin("phieu-trinh")
    office.act("chuyen-vien", case, "submit", values=SLIP)
    through_when_and_choose = cost_of(office, wire, "truong-phong", case, "approve")
    into_the_outbox = cost_of(
        office, wire, "giam-doc", case, "approve", values={"directive": "Đồng ý"}
    )
    for step in (through_when_and_choose, into_the_outbox):
        assert (step.statements, step.round_trips) == (2 + FRAME, 2)


def test_last_step_costs_no_more(office: Office, wire: Watch):
    case = office.begin("phieu-trinh")
    office.act("chuyen-vien", case, "submit", values=SLIP)
    office.act("truong-phong", case, "approve")
    office.act("giam-doc", case, "approve", values={"directive": "Đồng ý"})
    office.work_off()
    step = cost_of(office, wire, "van-thu", case, "done", values={"dossier": "HS-01"})
    assert (step.statements, step.round_trips) == (2 + FRAME, 2)


SPLIT = """
quytrinh: 1
flow: hai-nhanh
name: Hai nhánh
roles:
  drafter: {name: Người soạn, who: {creator: true}}
  head: {name: Trưởng phòng, who: {head_of: case.unit}}
steps:
  - {id: draft, by: drafter, actions: {go: {label: Trình}}}
  - id: both
    parallel:
      a: {steps: [{id: one, by: drafter, actions: {go: {label: Xong}}}]}
      b: {steps: [{id: two, by: drafter, actions: {go: {label: Xong}}}]}
    join: all
    due: {in: 2d, remind: 4h, escalate: head}
  - {id: last, by: head, actions: {go: {label: Xong}, redo: {label: Lại, return_to: both}}}
  - {end: done}
"""


def test_split_and_join_and_return_out_of_a_block_cost_no_more(office: Office, wire: Watch):
    office.promulgate(SPLIT)
    for _ in range(2):  # the first case makes everything warm
        case = office.begin("hai-nhanh")
        split = cost_of(office, wire, "chuyen-vien", case, "go")
        one, two = tasks_of(office, case)
        branch = cost_of_task(office, wire, "chuyen-vien", one, "go")
        join = cost_of_task(office, wire, "chuyen-vien", two, "go")
        again = cost_of(office, wire, "truong-phong", case, "redo")
    for step in (split, branch, join, again):
        assert (step.statements, step.round_trips) == (2 + FRAME, 2)


def tasks_of(office: Office, case) -> list[CaseTask]:
    with office.agency.at_work():
        return list(CaseTask.objects.open().filter(process=case).order_by("step"))


def cost_of_task(office: Office, wire: Watch, who: str, task: CaseTask, action: str) -> Wire:
    person = office.agency.person(who)
    with tenant_context(office.agency.tenant.pk), wire() as seen:
        actions.perform(task_id=task.pk, actor=person, action=action)
    return seen
