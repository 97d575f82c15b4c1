"""A right flow ends on paper, whatever is decided, as the checker promises."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from quytrinh.compiler.canonical import canonical_flow, digest
from quytrinh.compiler.check import check_flow
from quytrinh.compiler.naming import Phrases
from quytrinh.compiler.planning import build_plan
from quytrinh.compiler.simulation import Simulation
from quytrinh.compiler.simulation_choice import Chooser
from quytrinh.deadlines.calendars import build_calendars
from quytrinh.deadlines.paper import PaperClock
from tests.support.language import fake_registry, golden_flows, golden_forms
from tests.support.random_flows import sound_flow
from tests.unit.compiler.test_simulation import START

FORMS, REGISTRY, FLOWS = golden_forms(), fake_registry(), golden_flows()


@given(flow=st.integers(0, 100_000), decisions=st.integers(0, 100_000))
def test_right_flow_ends_whatever_is_decided(flow: int, decisions: int) -> None:
    result = check_flow(
        sound_flow(flow), file="x.yaml", forms=FORMS, registry=REGISTRY, flows=FLOWS
    )
    assert result.flow is not None
    canonical = canonical_flow(result.flow, FORMS, REGISTRY)
    plan = build_plan(canonical, digest(canonical))
    story = Simulation(
        Phrases.of(plan, registry=REGISTRY),
        clock=PaperClock(build_calendars()),
        chooser=Chooser(plan, seed=decisions),
        start=START,
    ).run()
    assert story.outcome is not None
