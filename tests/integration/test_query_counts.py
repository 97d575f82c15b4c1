"""What every page and every request of the API costs, pinned in tests/query_counts.json.

Counted on PostgreSQL's wire: statements and round trips, sessions and users included. A page that
grows dearer fails here; where that is meant, write the new figures down with
`REWRITE_COUNTS=1 pytest tests/integration/test_query_counts.py` and say why in the commit.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection
from django.http import HttpResponse

from quytrinh.runtime.models import Case, CaseMigration
from tests.integration.runtime.conftest import SLIP, Office
from tests.support.agencies import Agencies
from tests.support.arrivals import Correspondent, connect, listen
from tests.support.migrating import migrate
from tests.support.two_wordings import AFTER, BEFORE
from tests.support.wire import watched_wire

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no wire"),
]
PINNED = Path(__file__).parents[1] / "query_counts.json"


@pytest.fixture
def office(agencies, settings, tmp_path: Path) -> Office:
    """An agency with a few cases under way."""
    settings.MEDIA_ROOT, settings.CACHE_ROOT = tmp_path / "files", tmp_path / "cache"
    settings.EXCHANGE = {"local": {"folder": str(tmp_path / "axis")}}
    at_work = Office(agencies.binh_thuan)
    for _ in range(3):
        case = at_work.begin("phieu-trinh")
        at_work.act("chuyen-vien", case, "submit", values=SLIP)
    return at_work


def exchanged(office: Office, agencies: Agencies) -> tuple[Case, Case]:
    """A case of the agency that sent two documents, and the one the first of them began."""
    sender, receiver = Correspondent(office.agency), Correspondent(agencies.ha_tinh)
    connect(sender)
    connect(receiver)
    listen(receiver)
    sending = sender.begin("phieu-trinh")
    for number in ("12", "13"):
        sender.send(receiver, sender.document(number), case_id=sending.pk)
    return sending, receiver.arrived_cases()[0]


def migrated(office: Office) -> CaseMigration:
    """A migration of one of three cases that run by an earlier version."""
    office.promulgate(BEFORE)
    cases = [office.begin("de-nghi") for _ in range(3)]
    office.promulgate(AFTER)
    begun = migrate(office.agency, cases[:1])
    office.work_off()
    return begun


def requests(office: Office, agencies: Agencies) -> dict[str, Callable[[], HttpResponse]]:
    """Return every request whose cost is pinned, by name."""
    case = office.begin("phieu-trinh")
    office.act("chuyen-vien", case, "submit", values=SLIP)
    task = office.agency.open_task(case)
    specialist, unit_head, head, administrator = (
        office.agency.client(who)
        for who in ("chuyen-vien", "truong-phong", "giam-doc", "chanh-van-phong")
    )
    approve = f"/viec/{task.pk}/approve/"
    sending, received = exchanged(office, agencies)
    clerk = agencies.ha_tinh.client("van-thu")
    migration = migrated(office)
    return {
        "inbox": lambda: unit_head.get("/viec/"),
        "task": lambda: unit_head.get(f"/viec/{task.pk}/"),
        "cases": lambda: unit_head.get("/ho-so/"),
        "case": lambda: specialist.get(f"/ho-so/{case.pk}/"),
        "case that sent": lambda: specialist.get(f"/ho-so/{sending.pk}/"),
        "case that came in": lambda: clerk.get(f"/ho-so/{received.pk}/"),
        "exchange": lambda: clerk.get("/lien-thong/"),
        "clerk's inbox": lambda: clerk.get("/viec/"),
        "start list": lambda: specialist.get("/ho-so/moi/"),
        "start form": lambda: specialist.get("/ho-so/moi/phieu-trinh/"),
        "procedures": lambda: head.get("/quy-trinh/"),
        "procedure": lambda: head.get("/quy-trinh/phieu-trinh/"),
        "law": lambda: head.get("/quy-trinh/can-cu/"),
        "units": lambda: administrator.get("/quan-tri/"),
        "people": lambda: administrator.get("/quan-tri/nguoi/"),
        "dry run": lambda: head.get("/quy-trinh/de-nghi/1/chuyen-ho-so/"),
        "migration": lambda: head.get(f"/quy-trinh/chuyen-ho-so/{migration.pk}/"),
        "migrations": lambda: administrator.get("/quan-tri/chuyen-ho-so/"),
        "api inbox": lambda: unit_head.get("/api/v1/inbox"),
        "api task": lambda: unit_head.get(f"/api/v1/tasks/{task.pk}"),
        "api case": lambda: unit_head.get(f"/api/v1/cases/{case.pk}"),
        "do a step": lambda: unit_head.post(approve, {"_agency": office.agency.slug}),
    }


def test_no_page_costs_more_than_what_is_pinned(office: Office, agencies: Agencies) -> None:
    counted = {}
    for name, ask in requests(office, agencies).items():
        if name != "do a step":
            ask()  # warm: definitions, directory and prepared statements are kept by a process
        with watched_wire() as wire:
            answer = ask()
        assert answer.status_code in {200, 302}, (name, answer.status_code)
        counted[name] = {"statements": wire.statements, "round_trips": wire.round_trips}
    if os.environ.get("REWRITE_COUNTS"):
        PINNED.write_text(json.dumps(counted, indent=2) + "\n")
    assert counted == json.loads(PINNED.read_text())
