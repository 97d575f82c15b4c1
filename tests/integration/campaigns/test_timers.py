"""Several dispatchers at once, and a clock that is set back: each timer goes off once."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from quytrinh.background.dispatch import run_due
from quytrinh.background.models import OutboxMessage
from quytrinh.runtime.models import CaseTask, InboxEntry
from tests.integration.runtime.conftest import Office
from tests.support.campaign import figure
from tests.support.processes import side_by_side

pytestmark = pytest.mark.django_db(transaction=True)

DISPATCHERS = 4
REMINDERS = 5
CASES = figure(10_000) // REMINDERS
FLOW = """
quytrinh: 1
flow: hen-gio
name: Hẹn giờ
roles:
  doer: {name: Người làm, who: {creator: true}}
steps:
  - id: one
    by: doer
    due: {in: 20d, remind: [5d, 4d, 3d, 2d, 1d]}
    actions: {go: {label: Xong}}
  - {end: done}
"""


def begin(office: Office, cases: int) -> None:
    """Begin cases whose timers wait."""
    office.promulgate(FLOW)

    def some(number: int) -> None:
        for _ in range(cases // DISPATCHERS):
            office.begin("hen-gio")

    side_by_side(DISPATCHERS, some)
    with office.agency.at_work():
        assert timers().count() == cases * REMINDERS


def timers():
    """The timers of the agency at work."""
    return OutboxMessage.objects.filter(kind="runtime.timer")


def make_due(office: Office, at: datetime) -> None:
    """Let every timer be due at an instant."""
    with office.agency.at_work():
        timers().update(not_before=at)


def dispatch_all(number: int) -> int:
    """Do what is due until nothing is; return how many were done here."""
    done = 0
    while some := run_due(limit=40):
        done += some
    return done


def fired(office: Office) -> Counter[str]:
    """How often each task was reminded of, from the inboxes; the timers must be done."""
    with office.agency.at_work():
        assert set(timers().values_list("state", "crashes")) == {("done", 0)}
        reminded = InboxEntry.objects.filter(kind="inform").values_list("case_id", flat=True)
        return Counter(reminded)


def test_four_dispatchers_fire_each_timer_once(office: Office) -> None:
    cases = CASES - CASES % DISPATCHERS
    begin(office, cases)
    make_due(office, timezone.now())
    done = side_by_side(DISPATCHERS, dispatch_all)
    assert sum(done) == cases * REMINDERS
    assert Counter(fired(office).values()) == {REMINDERS: cases}
    with office.agency.at_work():
        assert CaseTask.objects.open().count() == cases
    print(f"{sum(done)} timers by {DISPATCHERS} dispatchers {done}: each once")  # noqa: T201


def test_a_clock_set_back_an_hour_fires_nothing_twice_and_loses_nothing(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    cases = DISPATCHERS
    begin(office, cases)
    now = timezone.now()
    make_due(office, now)
    with office.agency.at_work():
        half = timers().order_by("pk").values_list("pk", flat=True)[: cases * REMINDERS // 2]
        timers().filter(pk__in=list(half)).update(not_before=now - timedelta(hours=2))

    real = timezone.now
    with monkeypatch.context() as earlier:
        earlier.setattr(timezone, "now", lambda: real() - timedelta(hours=1))
        # Only what was due an hour ago goes off; a case goes on and its journal stays whole.
        assert sum(side_by_side(DISPATCHERS, dispatch_all)) == cases * REMINDERS // 2
        case = office.begin("hen-gio")
        office.act("chuyen-vien", case, "go")
    assert sum(side_by_side(DISPATCHERS, dispatch_all)) == cases * REMINDERS // 2
    assert office.case(case).finished is not None
    with office.agency.at_work():
        once = InboxEntry.objects.filter(kind="inform").exclude(case_id=case.pk)
        assert Counter(once.values_list("case_id", flat=True)) == Counter(
            dict.fromkeys(CaseTask.objects.open().values_list("process", flat=True), REMINDERS)
        )
    call_command("journal", "verify")
