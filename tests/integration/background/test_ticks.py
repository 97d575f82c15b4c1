"""What is done every minute is sent to the workers, for each agency that receives."""

from __future__ import annotations

from typing import Any

import pytest

from quytrinh.background.celery_app import TENANT_HEADER, app
from quytrinh.background.ticks import tick
from quytrinh.exchange import tasks
from quytrinh.exchange.models import Mailbox
from tests.support.agencies import Agencies


def test_the_beat_ticks_every_minute() -> None:
    beat = app.conf.beat_schedule["tick"]
    assert (beat["task"], beat["schedule"].total_seconds()) == (tick.name, 60)


@pytest.mark.django_db
def test_every_agency_that_receives_looks_for_what_waits_for_it(
    agencies: Agencies, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Any] = []
    monkeypatch.setattr(
        tasks.look_in, "apply_async", lambda headers, expires: asked.append(headers[TENANT_HEADER])
    )
    tasks.look_around()
    assert sorted(asked) == sorted(set(Mailbox.objects.values_list("tenant_id", flat=True)))
    assert len(asked) == 2


def test_a_tick_wakes_what_is_registered(monkeypatch: pytest.MonkeyPatch) -> None:
    woken: list[str] = []
    monkeypatch.setattr(tasks.look_around, "apply_async", lambda expires: woken.append("exchange"))
    tick()
    assert woken == ["exchange"]
