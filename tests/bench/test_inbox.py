"""The first page of an inbox: as fast with a million open tasks as with ten thousand."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from quytrinh.organization.directory import PersonView
from quytrinh.runtime.models import InboxEntry
from quytrinh.tenancy.context import tenant_context
from tests.bench.results import keep
from tests.support.agencies import Agency, install
from tests.support.postgresql import as_admin

pytestmark = pytest.mark.django_db(transaction=True)

SIZES = (10_000, 100_000, 1_000_000)
GROWTH = 1.5
PAGE = 25
ROUNDS = 60
# Half waits for one of ten persons, half for one of five groups; the one measured has a share of
# both: what one key holds grows a hundredfold.
FILL = """
INSERT INTO runtime_inboxentry (id, tenant_id, kind, holder_key, task_id, case_id, case_code, title,
    step_name, flow_name, urgency, sender_name, created_at, sort_at)
SELECT gen_random_uuid(), %(tenant)s, 'task',
    CASE WHEN n %% 2 = 0 THEN (%(persons)s::text[])[1 + n / 2 %% 10]
         ELSE (%(groups)s::text[])[1 + n / 2 %% 5] END,
    gen_random_uuid(), %(case)s, 'H-' || n, repeat('Về việc mua sắm máy in ', 4), 'Duyệt',
    'Phiếu trình', 'normal', 'Nguyễn Thử', now(), now() + make_interval(mins => n)
FROM generate_series(%(first)s::int, %(last)s::int) n
"""


@dataclass(frozen=True, slots=True)
class Inbox:
    """Whose inbox is looked at."""

    agency: Agency
    person: PersonView

    def page(self) -> list[InboxEntry]:
        """Read the first page as the pages do."""
        with tenant_context(self.agency.tenant.pk), transaction.atomic():
            tasks = InboxEntry.objects.filter(kind="task")
            return tasks.first_for(self.person.keys, PAGE)

    def fill(self, first: int, last: int) -> None:
        """Add tasks; most wait for others."""
        case, _ = self.agency.new_case()
        mine = [key for key in self.person.keys if key.startswith("person:")]
        shared = [key for key in self.person.keys if not key.startswith("person:")]
        values = {
            "tenant": self.agency.tenant.pk,
            "case": case.pk,
            "persons": mine + [f"person:{number}" for number in range(9)],
            "groups": shared[:1] + [f"role:{number}" for number in range(4)],
            "first": first,
            "last": last,
        }
        with as_admin() as admin:
            admin.execute("SET session_replication_role = replica")
            admin.execute(FILL, values)
            admin.execute("VACUUM ANALYZE runtime_inboxentry")

    def milliseconds(self) -> float:
        """Return how long a page takes, from the best round."""
        rounds = []
        for _ in range(ROUNDS):
            started = time.perf_counter()
            assert len(self.page()) == PAGE
            rounds.append(time.perf_counter() - started)
        return min(rounds) * 1000

    def plan(self) -> list[str]:
        """Return the nodes of the plan that finds which rows the page shows."""
        with CaptureQueriesContext(connection) as seen:
            self.page()
        [finding] = [query["sql"] for query in seen if "UNION ALL" in query["sql"]]
        with (
            tenant_context(self.agency.tenant.pk),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute("EXPLAIN (ANALYZE, FORMAT JSON) " + finding)
            found = cursor.fetchone()[0]
        return _nodes((json.loads(found) if isinstance(found, str) else found)[0]["Plan"])


def _nodes(plan: dict) -> list[str]:
    """Return the scans of a plan."""
    inner = [node for each in plan.get("Plans", ()) for node in _nodes(each)]
    return [plan["Node Type"], *inner] if "Scan" in plan["Node Type"] else inner


def test_page_of_an_inbox_takes_as_long_with_a_million_open_tasks() -> None:
    agency = install().binh_thuan
    inbox = Inbox(agency, agency.person("truong-phong"))
    found, filled = {}, 0
    for size in SIZES:
        inbox.fill(filled + 1, size)
        filled = size
        found[size] = inbox.milliseconds()
        assert set(inbox.plan()) == {"Index Only Scan"}
    print("\ninbox page, ms: " + ", ".join(f"{size:,}: {ms:.2f}" for size, ms in found.items()))
    kept = {str(size): round(ms, 3) for size, ms in found.items()}
    keep("inbox", kept | {"plan": "Index Only Scan"})
    assert found[SIZES[-1]] <= GROWTH * found[SIZES[0]]
