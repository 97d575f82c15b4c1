"""Procedures that begin by date: once in each period, for each agency."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from quytrinh.deadlines.calendar import ZONE
from quytrinh.organization.directory import directory
from quytrinh.runtime.actions.schedules import coming_runs, plan_runs
from quytrinh.runtime.models import Case, FlowVersion
from quytrinh.tenancy.context import tenant_context
from tests.integration.runtime.conftest import Office

pytestmark = pytest.mark.django_db(transaction=True)

WEEKLY = """
quytrinh: 1
flow: nhac-viec
name: Nhắc việc tuần
roles:
  clerk: {name: Văn thư, who: {role: van-thu}}
  head: {name: Trưởng phòng, who: {position: truong-phong}}
start:
  - {schedule: {every: week, day: mon, at: "08:00"}}
  - {schedule: {every: month, day: "1"}}
steps:
  - {id: remind, by: clerk}
  - {end: done}
"""


def next_monday() -> datetime:
    today = timezone.localtime()
    monday = today + timedelta(days=7 - today.weekday())
    return monday.astimezone(ZONE).replace(hour=8, minute=0, second=0, microsecond=0)


def dates_come(office: Office, now: datetime) -> list[str]:
    """Let it be that instant; return which runs of the test's procedure have a case."""
    with tenant_context(office.agency.tenant.pk):
        plan_runs(now)
    while office.work_off():
        pass
    with office.agency.at_work():
        own = Case.objects.filter(flow_version__flow__key="nhac-viec")
        return sorted(key.split(":", 2)[2] for key in own.values_list("start_key", flat=True))


def test_a_date_begins_a_case_once_a_period(office: Office) -> None:
    office.promulgate(WEEKLY)
    monday = next_monday()
    # What was due before the procedure was in force is not made up for.
    assert dates_come(office, timezone.now()) == []
    week = f"week-1:{monday.date()}"
    assert week in dates_come(office, monday)
    again = dates_come(office, monday + timedelta(hours=3))
    assert again.count(week) == 1
    assert office.inbox("van-thu")


def test_a_new_version_does_not_begin_the_same_period_again(office: Office) -> None:
    office.promulgate(WEEKLY)
    monday = next_monday()
    dates_come(office, monday)
    office.promulgate(WEEKLY.replace("day: mon", "day: tue"))
    begun = dates_come(office, monday + timedelta(days=1))
    assert [each for each in begun if each.startswith("week")] == [f"week-1:{monday.date()}"]


def test_what_will_begin_is_told(office: Office) -> None:
    office.promulgate(WEEKLY)
    with office.agency.at_work():
        coming = coming_runs(timezone.now(), directory().calendars)
        version = FlowVersion.objects.get(flow__key="nhac-viec")
    own = [each for each in coming if each.version == version]
    assert {each.schedule.every for each in own} == {"week", "month"}
    assert next_monday() in [each.run.at for each in own]
