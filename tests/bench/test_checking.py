"""A text is checked while its author waits; longer texts take longer in proportion."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import yaml

from quytrinh.compiler.check import check_flow
from tests.bench.ratios import cpu_seconds, report
from tests.support.language import fake_registry, golden_forms

FORMS, REGISTRY = golden_forms(), fake_registry()
Json = dict[str, Any]


def checking(steps: list[Json]) -> Callable[[], object]:
    """A function that checks a flow of these steps, in which it finds no error."""
    flow = {
        "quytrinh": "1",
        "flow": "dai",
        "name": "Dài",
        "document": "internal",
        "roles": {"doer": {"name": "Người làm", "who": {"role": "nguoi-lam"}}},
        "start": {"by": "doer", "form": "phieu-trinh"},
        "steps": [{"id": "first", "by": "doer"}, *steps, {"end": "done"}],
    }
    text = yaml.safe_dump(flow, allow_unicode=True, sort_keys=False)

    def check() -> object:
        return check_flow(text, file="dai.yaml", forms=FORMS, registry=REGISTRY)

    assert check_flow(text, file="dai.yaml", forms=FORMS, registry=REGISTRY).ok
    return check


def human(name: str, back: str) -> Json:
    """A step with a form, a deadline, a condition and a way back."""
    return {
        "id": name,
        "by": "doer",
        "form": "phieu-trinh",
        "due": "2d",
        "when": "has(case.estimated_cost) && case.estimated_cost > 5",
        "actions": {"go": {"label": "Đi"}, "back": {"label": "Về", "return_to": back}},
    }


def list_of(count: int) -> list[Json]:
    """Steps one after the other."""
    return [human(f"s{number}", f"s{number - 1}" if number else "first") for number in range(count)]


def test_twelve_branches_of_three_steps() -> None:
    branches = {
        f"b{branch}": {
            "steps": [
                {"id": f"s{branch}_{number}", "by": "doer", "when": "case.urgency == 'flash'"}
                for number in range(3)
            ]
        }
        for branch in range(12)
    }
    check = checking([{"id": "both", "parallel": branches, "join": "all"}])
    report("12 branches of 3 steps, of 50 ms", cpu_seconds(check, repeat=3), 0.05, at_most=1)


def test_two_hundred_steps() -> None:
    check = checking(list_of(199))
    report("200 steps, of 100 ms", cpu_seconds(check, repeat=1), 0.1, at_most=1)


def test_time_grows_with_the_length_only() -> None:
    ten, hundred, two_hundred = (
        cpu_seconds(checking(list_of(count)), repeat=2) for count in (10, 100, 200)
    )
    report("100 steps against 10", hundred, ten, at_most=15)
    report("200 steps against 10", two_hundred, ten, at_most=30)


def test_blocks_grow_with_their_number_only() -> None:
    def members(count: int) -> list[Json]:
        return [
            {
                "id": f"e{number}",
                "each": {"role": "doer"},
                "join": "all",
                "steps": [{"id": f"i{number}", "by": "doer", "when": "item.lead"}],
            }
            for number in range(count)
        ]

    ten, hundred = (cpu_seconds(checking(members(count)), repeat=2) for count in (10, 100))
    report("100 blocks against 10", hundred, ten, at_most=15)
