"""A procedure becomes a flow class once, wherever it is in force."""

from __future__ import annotations

import gc
import tracemalloc
from itertools import cycle, islice

import pytest

from quytrinh.runtime import definitions
from quytrinh.runtime.engine import registry
from quytrinh.runtime.engine.compile import compile_plan
from tests.bench.engines.ours import text_of
from tests.bench.ratios import cpu_seconds
from tests.bench.results import keep
from tests.bench.test_engine import promulgate
from tests.support.agencies import install

pytestmark = pytest.mark.django_db(transaction=True)

MILLISECONDS = 0.5
KILOBYTES = 25
CLASSES = 200
TEMPLATES = 10
AGENCY_FLOWS = 10_000


def kilobytes_of_a_class(plan) -> float:
    """Return what one more flow class takes in memory."""
    gc.collect()
    tracemalloc.start()
    before, _ = tracemalloc.get_traced_memory()
    made = [compile_plan(plan) for _ in range(CLASSES)]
    gc.collect()
    after, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return (after - before) / len(made) / 1024


def test_flow_of_seventeen_nodes_is_compiled_quickly_and_small() -> None:
    agency = install().binh_thuan
    promulgate(agency, text_of("linear"))
    [digest] = digests(agency, "do-linear")
    plan = definitions.plan(digest)
    assert len(list(compile_plan(plan).instance.nodes())) == 17
    milliseconds = cpu_seconds(lambda: compile_plan(plan), repeat=20) * 1000
    kilobytes = kilobytes_of_a_class(plan)
    print(f"\ncompile 17 nodes: {milliseconds:.2f} ms, {kilobytes:.1f} kB")
    keep("compile", {"ms": round(milliseconds, 3), "kb": round(kilobytes, 1)})
    assert milliseconds <= MILLISECONDS
    assert kilobytes <= KILOBYTES


def digests(agency, key: str) -> list[str]:
    """Return by which definitions a procedure of an agency runs."""
    from quytrinh.runtime.models import FlowVersion

    with agency.at_work():
        return [version.plan_digest for version in FlowVersion.objects.filter(flow__key=key)]


def test_ten_templates_in_a_thousand_agencies_are_compiled_ten_times(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    agency = install().binh_thuan
    texts = [text_of("split").replace("do-split", f"do-{n}") for n in range(TEMPLATES)]
    for text in texts:
        promulgate(agency, text)
    known = [digest for n in range(TEMPLATES) for digest in digests(agency, f"do-{n}")]
    compiled = []

    def counted(plan):
        compiled.append(plan.digest)
        return compile_plan(plan)

    monkeypatch.setattr(registry, "compile_plan", counted)
    registry.flow_class.cache_clear()
    classes = {registry.flow_class(digest) for digest in islice(cycle(known), AGENCY_FLOWS)}
    registry.flow_class.cache_clear()
    assert sorted(compiled) == sorted(known)
    assert len(classes) == TEMPLATES
