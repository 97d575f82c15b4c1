"""Random flows to their normal form, to a text and back, and to a drawing."""

from __future__ import annotations

import pytest

from quytrinh.compiler.canonical import digest
from quytrinh.compiler.planning import build_plan
from quytrinh.compiler.text import definition_text
from tests.support.campaign import figure
from tests.support.random_flows import shape_flow, sound_flow
from tests.unit.compiler.test_differences import canonical
from tests.unit.compiler.test_layout import assert_drawn_cleanly


@pytest.mark.parametrize("made", [sound_flow, shape_flow])
def test_any_flow_comes_back_from_its_text(made) -> None:  # type: ignore[no-untyped-def]
    for seed in range(figure(1000)):
        first = canonical(made(seed))
        assert canonical(definition_text(first)) == first, seed


@pytest.mark.parametrize("batch", range(4))
def test_any_flow_is_drawn_cleanly(batch: int) -> None:
    count = figure(1000) // 4
    for seed in range(batch * count, (batch + 1) * count):
        found = canonical(sound_flow(seed))
        assert_drawn_cleanly(build_plan(found, digest(found)))
