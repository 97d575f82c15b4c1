"""CPU of a human step, client and PostgreSQL backend: ours against three others, interleaved."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from quytrinh.runtime import actions
from quytrinh.tenancy.context import tenant_context
from tests.bench.engines.bare import Bare
from tests.bench.engines.engine import SHAPES, Engine, Shape, walk
from tests.bench.engines.ours import Ours, text_of
from tests.bench.engines.spiff import Spiff
from tests.bench.engines.stock import Stock
from tests.bench.results import keep
from tests.integration.runtime.conftest import Office
from tests.support.agencies import Agency, install
from tests.support.postgresql import as_admin
from tests.support.step_kinds import count_kinds
from tests.support.wire import watched_wire

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = 12
CASES = 4
# Times the bare statements at most; times cheaper than the other engines at least.
BOUNDS = {
    "linear": {"bare": 3.0, "viewflow": 5, "spiff": 2},
    "split": {"bare": 4.0, "viewflow": 8, "spiff": 2},
}
Costs = dict[str, float]


def promulgate(agency: Agency, source: str) -> None:
    """Put a procedure in force."""
    head = agency.person("giam-doc")
    with tenant_context(agency.tenant.pk):
        draft = actions.save_draft(source=source, actor=head)
        assert draft.version is not None and draft.ok, draft.diagnostics
        actions.promulgate(
            version_id=draft.version.pk,
            actor=head,
            decision_number="1/QĐ-ĐO",
            decision_date=date(2026, 11, 2),
        )


@pytest.fixture
def engines() -> Iterator[list[Engine]]:
    """All four, warm."""
    agency = install().binh_thuan
    for shape in SHAPES:
        promulgate(agency, text_of(shape))
    ours = Ours(agency)
    bare, spiff = Bare(ours), Spiff()
    known = [bare, Stock(agency.user("chuyen-vien")), spiff, ours]
    for engine in known:
        for shape in SHAPES:
            walk(engine, shape, CASES)
    # As autovacuum would have done by the time an agency has worked for a day.
    with as_admin() as admin:
        admin.execute("VACUUM ANALYZE")
    yield known
    bare.connection.close()
    spiff.connection.close()


def measured(engines: list[Engine], shape: Shape) -> Costs:
    """Return the CPU milliseconds of a step of each engine, from its best round."""
    rounds = [{each.name: walk(each, shape, CASES) for each in engines} for _ in range(ROUNDS)]
    return {each.name: min(found[each.name] for found in rounds) * 1000 for each in engines}


def test_a_human_step_costs_little_more_than_its_bare_statements(engines: list[Engine]) -> None:
    table = {shape: measured(engines, shape) for shape in SHAPES}
    print("\nCPU ms a human step    bare  viewflow   spiff    ours   ours/bare")
    for shape, costs in table.items():
        ratio = costs["ours"] / costs["bare"]
        row = "  ".join(f"{costs[name]:7.3f}" for name in ("bare", "viewflow", "spiff", "ours"))
        print(f"{shape:<17}{row}   {ratio:7.2f}")
        kept = {name: round(cost, 3) for name, cost in costs.items()} | {"ratio": round(ratio, 2)}
        keep("engine", {shape: kept})
    for shape, costs in table.items():
        bounds = BOUNDS[shape]
        assert costs["ours"] <= bounds["bare"] * costs["bare"], shape
        assert costs["viewflow"] >= bounds["viewflow"] * costs["ours"], shape
        assert costs["spiff"] >= bounds["spiff"] * costs["ours"], shape


def test_statements_of_each_kind_of_step() -> None:
    costs = count_kinds(Office(install().binh_thuan), watched_wire)
    print("\nstatements and round trips, besides BEGIN, the tenant setting and COMMIT")
    for kind, cost in costs.items():
        print(f"{kind:<24}{cost.statements:3}{cost.round_trips:4}")
    keep("engine", {"statements": {kind: cost.statements for kind, cost in costs.items()}})
    assert max(cost.statements for kind, cost in costs.items() if kind != "start") == 2
