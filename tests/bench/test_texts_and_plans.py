"""What a worker does for each digest it meets, against what is done once when a text is checked."""

from __future__ import annotations

import json

import pytest

from quytrinh.compiler.canonical import canonical_bytes, canonical_flow, digest
from quytrinh.compiler.check import check_flow
from quytrinh.compiler.planning import build_plan
from tests.bench.ratios import cpu_seconds, report
from tests.support.language import GOLDEN, fake_registry, golden_forms

TEXT = (GOLDEN / "ok" / "phieu-trinh.yaml").read_bytes()


@pytest.fixture(scope="module")
def check():
    """A function that checks the text from beginning to end."""
    forms, registry = golden_forms(), fake_registry()
    return lambda: check_flow(TEXT, file="phieu-trinh.yaml", forms=forms, registry=registry)


def test_plan_is_built_for_a_fraction_of_a_check(check) -> None:
    canonical = canonical_flow(check().flow, golden_forms(), fake_registry())
    stored, name = canonical_bytes(canonical), digest(canonical)
    building = cpu_seconds(lambda: build_plan(json.loads(stored), name), repeat=50)
    checking = cpu_seconds(check, repeat=3)
    report("plan from stored JSON against a whole check", building, checking, at_most=0.2)
