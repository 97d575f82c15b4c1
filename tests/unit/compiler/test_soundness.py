"""Well-formed implies sound: the checker against every marking of thousands of small flows.

`make soak` looks at all markings of 2,000 flows. Unsafe is one thing only: the checker is content,
and yet from some marking the end cannot be relied on, or some step never happens. The other way
round the rules are stricter than soundness, on purpose; those are counted.
"""

from __future__ import annotations

from collections import Counter
from itertools import count

import pytest

from quytrinh.compiler.check import CheckResult, check_flow
from tests.support.campaign import figure
from tests.support.explorer import Explorer, Findings, TooMany
from tests.support.language import fake_registry, golden_flows, golden_forms
from tests.support.random_flows import shape_flow

FORMS = golden_forms()
FLOWS = golden_flows()
REGISTRY = fake_registry()
MOST_MARKINGS = 2000
TOO_MANY = "too many markings, passed over"
STRICTER = {"F103", "F201", "F202", "F206", "F207", "F208", "F209", "F215"}


def check(text: str) -> CheckResult:
    return check_flow(text, file="x.yaml", forms=FORMS, registry=REGISTRY, flows=FLOWS)


def explore(result: CheckResult) -> Findings:
    assert result.flow is not None
    return Explorer(result.flow, REGISTRY).explore(MOST_MARKINGS)


def errors(result: CheckResult) -> set[str]:
    return {each.code for each in result.diagnostics if each.is_error}


def test_no_flow_that_passes_can_get_stuck_or_has_a_dead_step() -> None:
    counts: Counter[str] = Counter()
    stricter: Counter[str] = Counter()
    for seed in count():
        if counts.total() - counts[TOO_MANY] == figure(2000):
            break
        text = shape_flow(seed)
        result = check(text)
        try:
            found = explore(result)
        except TooMany:
            counts[TOO_MANY] += 1
            continue
        unsafe = result.ok and not found.sound
        assert not unsafe, f"seed {seed}\n{text}\ndead {found.dead}, stuck {found.stuck[:3]}"
        if result.ok or not found.sound:
            counts["both: sound" if result.ok else "both: not sound"] += 1
        else:
            counts["checker stricter"] += 1
            stricter.update([", ".join(sorted(errors(result)))])
    print(dict(counts), "stricter by:", dict(stricter.most_common()))  # noqa: T201
    assert {code for codes in stricter for code in codes.split(", ")} <= STRICTER
    # Enough of each kind, otherwise the comparison says nothing.
    assert counts[TOO_MANY] < counts.total() / 8
    assert min(counts["both: sound"], counts["both: not sound"]) > counts.total() / 6


SHAPE = """\
quytrinh: 1
flow: thu
name: Thử
roles: {{doer: {{name: Người làm, who: {{role: nguoi-lam}}}}}}
start: {{by: doer}}
steps:
{steps}
  - {{end: done}}
"""
CASES = {
    "loop that only a condition leaves": (
        "  - {id: a, by: doer, actions: {on: {label: A, to: a},"
        " out: {label: B, when: case.urgency == 'flash'}}}",
        False,
        {"F202"},
    ),
    "step behind an end": (
        "  - {id: a, by: doer, to: done}\n  - {id: b, by: doer}",
        False,
        {"F201"},
    ),
    "branch that cannot end, joined by all": (
        "  - id: p\n    join: all\n    parallel:\n"
        "      one: {steps: [{id: a, by: doer, to: a}]}\n"
        "      two: {steps: [{id: b, by: doer}]}",
        False,
        {"F202"},
    ),
    # The two cases in which the rules are stricter than they need to be, on purpose.
    "branch that cannot end, cut off by any": (
        "  - id: p\n    join: any\n    parallel:\n"
        "      one: {steps: [{id: a, by: doer, to: a}]}\n"
        "      two: {steps: [{id: b, by: doer}]}",
        True,
        {"F202"},
    ),
    "step that only a return leads to": (
        "  - {id: a, by: doer, to: b}\n"
        "  - id: b\n    by: doer\n    to: d\n"
        "    actions: {on: {label: A}, back: {label: B, return_to: c}}\n"
        "  - {id: c, by: doer, to: d}\n"
        "  - {id: d, by: doer}",
        False,
        {"F201", "F206"},
    ),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_oracle_and_checker_on_known_shapes(case: tuple[str, bool, set[str]]) -> None:
    steps, sound, codes = case
    result = check(SHAPE.format(steps=steps))
    assert errors(result) == codes
    assert explore(result).sound is sound


def test_members_who_come_late_and_leave_early_are_explored() -> None:
    steps = (
        "  - id: e\n    each: {units: [a, b]}\n    join: all\n"
        "    steps: [{id: a, by: doer}, {id: b, by: doer}]"
    )
    result = check(SHAPE.format(steps=steps))
    assert result.ok
    explorer = Explorer(result.flow, REGISTRY)  # type: ignore[arg-type]
    assert explorer.explore(MOST_MARKINGS).sound
    with pytest.raises(TooMany):
        explorer.explore(10)
