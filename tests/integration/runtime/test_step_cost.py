"""What a step costs on PostgreSQL, counted on the wire (facts: §8, §10)."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest

from quytrinh.runtime import actions
from quytrinh.tenancy.context import tenant_context
from tests.integration.runtime.conftest import SLIP, Office
from tests.support.wire import Wire

pytestmark = pytest.mark.django_db(transaction=True)

# BEGIN, the tenant setting and COMMIT travel with every step.
FRAME = 3
Watch = Callable[[], AbstractContextManager[Wire]]


def cost_of(office: Office, wire: Watch, who: str, case, action: str, **entered) -> Wire:
    """Do a step with everything kept warm, and return what it cost."""
    task = office.agency.open_task(case)
    person = office.agency.person(who)
    with tenant_context(office.agency.tenant.pk), wire() as seen:
        actions.perform(task_id=task.pk, actor=person, action=action, **entered)
    return seen


def test_human_step_is_one_read_and_one_write_in_two_round_trips(office: Office, wire: Watch):
    warm = office.begin("phieu-trinh")
    office.act("chuyen-vien", warm, "submit", values=SLIP)
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
