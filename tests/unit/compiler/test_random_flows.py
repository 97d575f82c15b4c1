"""Right flows of any make: the checker finds nothing to say about them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from quytrinh.compiler.check import check_flow
from tests.support.language import fake_registry, golden_flows, golden_forms
from tests.support.random_flows import sound_flow

FORMS = golden_forms()
FLOWS = golden_flows()
REGISTRY = fake_registry()


@given(st.integers(0, 10**9))
def test_right_flow_with_every_construct_passes_in_silence(seed: int) -> None:
    text = sound_flow(seed)
    found = check_flow(text, file="x.yaml", forms=FORMS, registry=REGISTRY, flows=FLOWS).diagnostics
    assert [each.as_text() for each in found] == []
