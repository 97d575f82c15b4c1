"""The checker as a whole: it collects, it never raises, it is quick."""

from __future__ import annotations

import time

import yaml
from hypothesis import given
from hypothesis import strategies as st

from quytrinh.compiler.canonical import canonical_flow
from quytrinh.compiler.check import CheckResult, check_flow
from tests.support.language import GOLDEN, fake_registry, golden_forms

FORMS = golden_forms()
REGISTRY = fake_registry()
RIGHT = (GOLDEN / "ok" / "phieu-trinh.yaml").read_text(encoding="utf-8")
LINES = RIGHT.splitlines(keepends=True)


def check(text: str | bytes) -> CheckResult:
    return check_flow(text, file="x.yaml", forms=FORMS, registry=REGISTRY)


def test_faults_of_several_kinds_are_told_together() -> None:
    text = RIGHT.replace("by: head", "by: haed").replace("due: 4h", "due: 4x")
    text = text.replace("help: Đối", "hepl: Đối").replace("form: y-kien", "form: y-kein")
    found = {each.code for each in check(text).diagnostics if each.is_error}
    assert found == {"F002", "F101", "F104", "F501"}


@given(st.integers(0, len(LINES) - 1), st.integers(0, 80), st.text(max_size=4))
def test_any_damage_to_a_text_gives_a_verdict(line: int, column: int, put: str) -> None:
    damaged = LINES.copy()
    damaged[line] = damaged[line][:column] + put + damaged[line][column + 1 :]
    result = check("".join(damaged))
    if result.ok:
        assert result.flow is not None
        canonical_flow(result.flow, FORMS, REGISTRY)
    else:
        assert any(each.is_error and each.message for each in result.diagnostics)


KEYS = [
    *("quytrinh", "flow", "name", "steps", "roles", "id", "by", "run", "choose", "end", "actions"),
    *("to", "return_to", "due", "in", "who", "role", "creator", "when", "else", "start", "form"),
    *("outcomes", "label", "cite", "basis"),
]
JUNK = st.recursive(
    st.sampled_from(["work", "done", "", "1", "true", "next", "2d", "demo.note", "case.x > 1"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(KEYS),
            inner,
            max_size=5,
        )
    ),
    max_leaves=20,
)


@given(JUNK, JUNK, JUNK)
def test_any_shape_gives_a_verdict(steps: object, roles: object, start: object) -> None:
    document = {"quytrinh": 1, "flow": "a", "name": "A"}
    text = yaml.safe_dump({**document, "steps": steps, "roles": roles, "start": start})
    check(text)
    check(yaml.safe_dump({**document, "steps": [steps, {"end": "done"}], "roles": roles}))


def test_two_hundred_steps_are_checked_in_a_moment() -> None:
    steps = [
        {
            "id": f"s{number}",
            "by": "doer",
            "form": "phieu-trinh",
            "when": "has(case.estimated_cost) && case.estimated_cost > 5",
            "due": "2d",
            "actions": {"go": {"label": "Đi"}, "back": {"label": "Về", "return_to": "s0"}},
        }
        for number in range(200)
    ]
    flow = {
        "quytrinh": 1,
        "flow": "dai",
        "name": "Dài",
        "document": "internal",
        "roles": {"doer": {"name": "Người làm", "who": {"creator": "true"}}},
        "steps": [*steps, {"end": "done"}],
    }
    text = yaml.safe_dump(flow, allow_unicode=True, sort_keys=False)
    check(text)
    began = time.process_time()
    result = check(text)
    took = time.process_time() - began
    # `s0` cannot go back to itself: it has not been done before.
    assert [each.code for each in result.diagnostics] == ["F206"]
    assert took < 1
