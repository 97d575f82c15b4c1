"""Calendars as rows: one national, each agency's own over it, and open deadlines counted anew."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from quytrinh.administration.calendars import (
    apply_agency_calendars,
    apply_national_calendar,
    apply_shipped_holidays,
)
from quytrinh.deadlines.calendar import local_day
from quytrinh.deadlines.calendars import STANDARD, Calendars
from quytrinh.deadlines.due import period_after
from quytrinh.journal.models import JournalEntry
from quytrinh.language.calendar_files import (
    AgencyCalendars,
    DayEntry,
    HoursEntry,
    NationalYear,
)
from quytrinh.organization.directory import directory
from quytrinh.runtime.models import Case, CaseTask, InboxEntry
from quytrinh.tenancy.context import tenant_context
from tests.integration.runtime.conftest import SLIP, Office
from tests.support.agencies import Agencies, Agency

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def office(agencies: Agencies) -> Office:
    """The first agency at work."""
    return Office(agencies.binh_thuan)


def calendars(agency: Agency) -> Calendars:
    with tenant_context(agency.tenant.pk):
        return directory().calendars


def apply_here(agency: Agency, **declared: object) -> tuple[str, ...]:
    with tenant_context(agency.tenant.pk):
        return apply_agency_calendars(
            declared=AgencyCalendars(slug=agency.slug, **declared)  # type: ignore[arg-type]
        )


def closed(day: date, announcement: str = "") -> NationalYear:
    """A year whose one holiday is this day."""
    return NationalYear(
        day.year,
        (DayEntry(day, "holiday", "Nghỉ", announcement, estimated=not announcement),),
    )


def waiting(office: Office) -> CaseTask:
    """A task that waits for the head of a unit, due in working days."""
    case = office.begin("phieu-trinh")
    office.act("chuyen-vien", case, "submit", values=SLIP)
    return office.agency.open_task(case)


def test_the_shipped_holidays_hold_in_every_agency_and_are_applied_once(
    agencies: Agencies,
) -> None:
    tet = date(2026, 2, 17)
    assert all(calendars(agency).calendar("working").is_open(tet) for agency in agencies)
    assert "9441/TB-BNV" in apply_shipped_holidays()
    assert not any(calendars(agency).calendar("working").is_open(tet) for agency in agencies)
    assert all(calendars(agency).calendar("reception").is_open(tet) for agency in agencies)
    assert apply_shipped_holidays() == ()


def test_an_agency_has_its_own_days_and_hours_over_the_national_ones(agencies: Agencies) -> None:
    apply_shipped_holidays()
    here, there = agencies
    morning = ("07:00-11:30",)
    apply_here(
        here,
        immediate="30m",
        hours=(HoursEntry("mot-cua", ((morning,) * 6 + ((),)), "Một cửa"),),
        days=(DayEntry(date(2026, 2, 20), "work", "Trực"),),
    )
    ours, theirs = calendars(here), calendars(there)
    assert ours.calendar("working").is_open(date(2026, 2, 20))
    assert not theirs.calendar("working").is_open(date(2026, 2, 20))
    assert ours.calendar("mot-cua").is_open(date(2026, 11, 21))
    assert ours.immediate == timedelta(minutes=30)
    assert "mot-cua" not in theirs.by_key
    assert theirs.immediate == timedelta(minutes=15)


def test_a_new_announcement_moves_open_deadlines_and_says_so(office: Office) -> None:
    task = waiting(office)
    assert task.due_at is not None
    apply_national_calendar(years=[closed(local_day(task.due_at), "15/TB-THU")])
    office.work_off()
    moved = office.agency.open_task(task.process)
    assert moved.due_at == next_closing(task.due_at)
    with office.agency.at_work():
        row = InboxEntry.objects.get(task_id=task.pk)
        entry = JournalEntry.objects.get(verb="deadline.changed")
    assert (row.due_at, row.sort_at) == (moved.due_at, moved.due_at)
    assert entry.actor is None
    assert entry.payload["announcement"] == "15/TB-THU"
    assert datetime.fromisoformat(entry.payload["old"]) == task.due_at
    assert datetime.fromisoformat(entry.payload["new"]) == moved.due_at
    page = office.agency.client("truong-phong").get(f"/viec/{task.pk}/").content.decode()
    assert "Hạn xử lý đổi theo lịch làm việc" in page
    assert "15/TB-THU" in page


def next_closing(due: datetime) -> datetime:
    """The due instant a working day later, as the platform's own calendar has it."""
    return period_after(due, "1d", STANDARD.calendar("working"))


def test_counting_again_changes_nothing(office: Office) -> None:
    task = waiting(office)
    assert task.due_at is not None
    years = [closed(local_day(task.due_at), "15/TB-THU")]
    apply_national_calendar(years=years)
    office.work_off()
    assert apply_national_calendar(years=years) == ()
    office.work_off()
    with office.agency.at_work():
        assert JournalEntry.objects.filter(verb="deadline.changed").count() == 1


def test_a_day_off_elsewhere_moves_nothing(office: Office) -> None:
    task = waiting(office)
    assert task.due_at is not None
    with office.agency.at_work():
        revision = Case.objects.get(pk=task.process_id).revision
    apply_national_calendar(years=[closed(local_day(task.due_at) + timedelta(days=30))])
    office.work_off()
    with office.agency.at_work():
        assert Case.objects.get(pk=task.process_id).revision == revision


def test_a_deadline_that_somebody_moved_stays(office: Office) -> None:
    task = waiting(office)
    assert task.due_at is not None
    extended = task.due_at + timedelta(days=3)
    with office.agency.at_work():
        CaseTask.objects.filter(pk=task.pk).update(due_at=extended)
    apply_national_calendar(years=[closed(local_day(task.due_at))])
    office.work_off()
    assert office.agency.open_task(task.process).due_at == extended


def test_an_agency_that_changes_its_hours_moves_only_its_own_deadlines(
    agencies: Agencies, office: Office
) -> None:
    here, there = waiting(office), waiting(Office(agencies.ha_tinh))
    early = (("07:30-11:00",),) * 5
    apply_here(office.agency, hours=(HoursEntry("working", (*early, (), ())),))
    office.work_off()
    moved = office.agency.open_task(here.process)
    assert moved.due_at is not None
    assert moved.due_at.astimezone().strftime("%M") == "00"
    assert moved.due_at != here.due_at
    assert agencies.ha_tinh.open_task(there.process).due_at == there.due_at


def test_the_command_applies_a_file_and_refuses_a_wrong_one(
    agencies: Agencies, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "2031.yaml"
    day = "{date: 2031-01-01, kind: holiday, name: Tết Dương lịch, announcement: 45/2019/QH14}"
    file.write_text(f"quytrinh: 1\ncalendar: 2031\ndays:\n  - {day}\n")
    call_command("calendar", "apply", str(file))
    assert "45/2019/QH14" in capsys.readouterr().out
    assert not calendars(agencies.ha_tinh).calendar("working").is_open(date(2031, 1, 1))
    call_command("calendar", "apply", str(file))
    assert "không có gì mới" in capsys.readouterr().out
    file.write_text(f"quytrinh: 1\ncalendar: 2032\ndays:\n  - {day}\n")
    with pytest.raises(CommandError, match="F011"):
        call_command("calendar", "apply", str(file))
