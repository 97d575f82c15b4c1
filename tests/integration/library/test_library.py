"""The library: every procedure may be adopted as it is, and lives as its examples say."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from functools import cache
from pathlib import Path

import pytest
from django.utils import timezone

from quytrinh.compiler.files import check_paths
from quytrinh.compiler.simulation import Simulation
from quytrinh.compiler.simulation_choice import Chooser
from quytrinh.deadlines.paper import PaperClock
from quytrinh.language.runs import ExampleRun, check_runs
from quytrinh.runtime.examples import departures, live, national_calendars
from quytrinh.runtime.named_flows import NamedFlow, named_flow
from quytrinh.runtime.plugins import registry

ROOT = Path(__file__).parents[3]
FLOWS = sorted((ROOT / "flows").glob("*.yaml"))
EXAMPLES = [
    (path.stem, example)
    for path in sorted((ROOT / "flows/runs").glob("*.yaml"))
    for example in check_runs(path.read_bytes(), str(path)).examples
]
PROVINCES = ("binh-thuan", "ha-tinh", "dien-bien", "binh-dinh", "quang-binh")


@cache
def flow(key: str) -> NamedFlow:
    return named_flow(str(ROOT / f"flows/{key}.yaml"))


def test_every_file_checks() -> None:
    found = check_paths([ROOT / "flows", ROOT / "forms"], registry())
    # Warnings are for the head to acknowledge: F801, F802 of the regulations, F602 without keys.
    assert [each.as_text() for each in found if each.is_error] == []


def test_each_province_has_both_ways() -> None:
    keys = {path.stem for path in FLOWS}
    wanted = {f"{place}-van-ban-{way}" for place in PROVINCES for way in ("den", "di")}
    assert wanted <= keys


@pytest.mark.parametrize("path", FLOWS, ids=lambda path: path.stem)
def test_each_procedure_helps_its_reader(path: Path) -> None:
    """Named as its file, with a word of help; each step of a regulated one cites its article."""
    found = flow(path.stem)
    assert found.canonical["flow"] == path.stem
    assert found.canonical["help"]
    if any(path.stem.startswith(place) for place in PROVINCES):
        uncited = [
            step.id for step in found.plan.steps if needs_article(step.kind) and not step.cite
        ]
        assert uncited == []


def needs_article(kind: str) -> bool:
    return kind in ("human", "service")


@pytest.mark.parametrize("path", FLOWS, ids=lambda path: path.stem)
def test_each_procedure_has_examples(path: Path) -> None:
    assert path.stem in {key for key, _ in EXAMPLES}


@pytest.mark.parametrize(
    ("key", "example"), EXAMPLES, ids=[f"{key}: {example.name}" for key, example in EXAMPLES]
)
def test_examples_come_out_as_they_say(key: str, example: ExampleRun) -> None:
    assert list(departures(live(flow(key), example), example)) == []


def test_an_example_that_no_longer_holds_is_told() -> None:
    key, example = EXAMPLES[0]
    story = live(flow(key), example)
    wrong = replace(example, ends="refused", tells=("không ai kể",), silent=("Hồ sơ kết thúc",))
    found = list(departures(story, wrong))
    assert [each.split(":")[0].split(" là ")[0] for each in found] == [
        "kết thúc",
        "không kể, hoặc kể không đúng thứ tự",
        "kể điều không được có",
    ]


@pytest.mark.parametrize("path", FLOWS, ids=lambda path: path.stem)
def test_whatever_people_decide_the_case_ends(path: Path) -> None:
    found = flow(path.stem)
    clock, start = PaperClock(national_calendars()), timezone.make_aware(datetime(2026, 11, 23, 8))
    for seed in range(20):
        chooser = Chooser(found.plan, seed=seed)
        story = Simulation(found.phrases, clock=clock, chooser=chooser, start=start).run()
        assert story.outcome is not None, seed
