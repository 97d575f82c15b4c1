"""Right flows of any make: the checker finds nothing to say about them."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from quytrinh.compiler.canonical import canonical_bytes, canonical_flow
from quytrinh.compiler.check import check_flow
from quytrinh.compiler.text import definition_text
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


@given(st.integers(0, 10**9))
def test_check_normal_form_text_check_is_the_identity(seed: int) -> None:
    first = canonical(sound_flow(seed))
    stored = json.loads(canonical_bytes(first))
    assert canonical(definition_text(stored)) == first


def canonical(text: str) -> dict[str, Any]:
    result = check_flow(text, file="x.yaml", forms=FORMS, registry=REGISTRY, flows=FLOWS)
    assert result.ok and result.flow, [each.as_text() for each in result.diagnostics]
    return canonical_flow(result.flow, FORMS, REGISTRY)
