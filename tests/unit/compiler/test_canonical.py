"""The normal form: what changes it, what does not, and the way back to text."""

from __future__ import annotations

import json
import unicodedata
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from quytrinh.compiler.canonical import canonical_bytes, canonical_flow, digest
from quytrinh.compiler.check import check_flow
from quytrinh.compiler.planning import build_plan
from quytrinh.compiler.text import definition_text
from tests.support.language import GOLDEN, fake_registry, golden_flows, golden_forms

FORMS = golden_forms()
REGISTRY = fake_registry()
FLOWS = golden_flows()
RIGHT = sorted((GOLDEN / "ok").glob("*.yaml"))
WHEN = "has(case.estimated_cost) && case.estimated_cost > 5"
PLAIN = """\
quytrinh: 1
flow: thu
name: Trình
roles: {doer: {name: Người làm, who: {creator: true}}}
steps:
  - id: work
    by: doer
    due: 2d
    actions: {ok: {label: Xong}, back: {label: Lại, to: again}}
  - {id: again, form: phieu-trinh, when: has(case.estimated_cost) && case.estimated_cost > 5,
     by: doer}
  - {end: done}
document: internal
"""


def canonical(text: str) -> dict[str, Any]:
    result = check_flow(text, file="x", forms=FORMS, registry=REGISTRY, flows=FLOWS)
    assert result.ok, "\n".join(each.as_text() for each in result.diagnostics)
    assert result.flow is not None
    return canonical_flow(result.flow, FORMS, REGISTRY)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("name: Trình", "name:   'Trình'   # ghi chú"),
        ("name: Trình", unicodedata.normalize("NFD", "name: Trình")),
        ("due: 2d", "due: {in: 2d, calendar: working}"),
        ("who: {creator: true}", "who: [{creator: true}]"),
        ("id: work", "id: work\n    name: work\n    to: next"),
        ("ok: {label: Xong}", "ok: {label: Xong, to: next, comment: none, incomplete: false}"),
        ("roles:", "start: {by: doer}\nroles:"),
        ("roles:", "basis: []\nroles:"),
        (WHEN, '"has( case.estimated_cost)&&case.estimated_cost  >5.0 "'),
        ("quytrinh: 1\n", "---\nquytrinh: '1'\n"),
    ],
)
def test_another_way_to_write_the_same_has_the_same_digest(old: str, new: str) -> None:
    assert old in PLAIN
    assert digest(canonical(PLAIN.replace(old, new))) == digest(canonical(PLAIN))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("name: Trình", "name: Trinh"),
        ("due: 2d", "due: 3d"),
        ("due: 2d", "due: {in: 2d, calendar: natural}"),
        ("ok: {label: Xong}, back: {label: Lại, to: again}", "back: {label: Lại}, ok: {label: B}"),
        ("cost > 5", "cost >= 5"),
        (f"form: phieu-trinh, when: {WHEN}", "form: y-kien"),
        ("Xong}", "Xong, comment: required}"),
    ],
)
def test_another_meaning_has_another_digest(old: str, new: str) -> None:
    assert old in PLAIN
    assert digest(canonical(PLAIN.replace(old, new))) != digest(canonical(PLAIN))


def test_a_changed_form_or_plugin_changes_the_digest() -> None:
    result = check_flow(PLAIN, file="x", forms=FORMS, registry=REGISTRY)
    assert result.flow is not None
    other = {**FORMS, "phieu-trinh": FORMS["khac-kieu"]}
    assert digest(canonical_flow(result.flow, other, REGISTRY)) != digest(canonical(PLAIN))


def test_the_digest_of_a_text_does_not_change_from_release_to_release() -> None:
    text = (GOLDEN / "ok" / "ngan-nhat.yaml").read_text(encoding="utf-8")
    assert canonical_bytes(canonical(text)).decode() == (
        '{"flow":"ngan-nhat","name":"Quy trình ngắn nhất","quytrinh":1,'
        '"roles":[{"id":"doer","name":"Người làm","who":[{"creator":true}]}],'
        '"steps":[{"by":"doer","id":"work"},{"end":"done"}],"uses":{"forms":{},"steps":{}}}'
    )
    assert digest(canonical(text)) == (
        "633bcf87bae6d877ffd9611b9a76ece5f3078d1602489be3f00452988ef15674"
    )


@pytest.mark.parametrize("path", RIGHT, ids=lambda path: path.stem)
def test_golden_flows_to_text_and_back(path) -> None:  # type: ignore[no-untyped-def]
    first = canonical(path.read_text(encoding="utf-8"))
    stored = json.loads(canonical_bytes(first))
    assert canonical(definition_text(stored)) == first


# --- generated flows -------------------------------------------------------------------------

LABELS = st.text(
    alphabet=st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn", "Zl", "Zp"]),
    min_size=1,
    max_size=30,
).filter(lambda text: unicodedata.normalize("NFC", text).strip() and "\ufeff" not in text)
PERIODS = st.sampled_from(["30m", "4h", "2d", "999d"])
DUES = st.one_of(
    PERIODS,
    st.fixed_dictionaries(
        {"in": PERIODS},
        optional={
            "calendar": st.sampled_from(["working", "reception", "natural"]),
            "by_urgency": st.dictionaries(
                st.sampled_from(["urgent", "very_urgent", "flash"]), PERIODS, min_size=1
            ),
            "cite": st.sampled_from(["6", ["noi-quy:6.2.a", "7"]]),
        },
    ),
)
CONDITIONS = st.sampled_from(
    [
        "has(case.estimated_cost)&&case.estimated_cost > 5",
        'has(case.kind) ? case.kind=="khac" : false',
        "!has( case.wanted_on )",
        "has(docs.main)",
    ]
)


@st.composite
def actions(draw: st.DrawFn, earlier: list[str], later: list[str]) -> dict[str, Any]:
    made: dict[str, Any] = {"go": {"label": draw(LABELS)}}
    for name in draw(st.lists(st.sampled_from(["a", "b", "c"]), unique=True)):
        action: dict[str, Any] = {"label": draw(LABELS)}
        if earlier and draw(st.booleans()):
            action["return_to"] = draw(st.sampled_from(earlier))
            action["then"] = draw(st.sampled_from(["onwards", "back_here"]))
        elif draw(st.booleans()):
            action["to"] = draw(st.sampled_from(["next", *later]))
        if draw(st.booleans()):
            action["at_most"] = draw(st.integers(1, 9))
        if draw(st.booleans()):
            action["when"] = draw(CONDITIONS)
        action["comment"] = draw(st.sampled_from(["none", "optional", "required"]))
        made[name] = action
    return made


@st.composite
def flows(draw: st.DrawFn) -> dict[str, Any]:
    count = draw(st.integers(1, 6))
    ids = [f"s{number}" for number in range(count)]
    steps: list[dict[str, Any]] = []
    for number, name in enumerate(ids):
        later = [*ids[number + 1 :], "done"]
        earlier = [step["id"] for step in steps if "by" in step]
        kind = draw(st.sampled_from(["human", "service", "choose"])) if number else "human"
        step: dict[str, Any] = {"id": name}
        if kind == "choose":
            step["choose"] = [
                {"when": draw(CONDITIONS), "to": draw(st.sampled_from(["next", *later]))},
                {"else": "next"},
            ]
        elif kind == "service":
            step |= {"run": "demo.verify", "outcomes": {"broken": {"to": later[0]}}}
            step["outcomes"]["unsigned"] = draw(st.sampled_from(["next", *later]))
        else:
            step |= {"by": "doer", "form": "phieu-trinh"}
            step["actions"] = draw(actions(earlier, later))
        if kind != "choose":
            step |= draw(st.fixed_dictionaries({}, optional={"due": DUES, "when": CONDITIONS}))
        step |= draw(st.fixed_dictionaries({}, optional={"name": LABELS, "help": LABELS}))
        steps.append(step)
    return {
        "quytrinh": 1,
        "flow": "sinh-ra",
        "name": draw(LABELS),
        "document": "internal",
        "basis": ["noi-quy"],
        "roles": {"doer": {"name": draw(LABELS), "who": {"creator": True}}},
        "steps": [*steps, {"end": "done"}],
    }


@given(flows())
def test_check_canonical_text_check_is_the_identity(flow: dict[str, Any]) -> None:
    unshared = json.loads(json.dumps(flow))  # or the writer would use anchors
    text = yaml.safe_dump(unshared, allow_unicode=True, sort_keys=False)
    result = check_flow(text, file="x", forms=FORMS, registry=REGISTRY, flows=FLOWS)
    assert result.flow is not None, [each.as_text() for each in result.diagnostics]
    assert result.ok, [each.as_text() for each in result.diagnostics]
    first = canonical_flow(result.flow, FORMS, REGISTRY)
    stored = json.loads(canonical_bytes(first))
    written = definition_text(stored)
    again = canonical(written)
    assert again == first
    assert digest(again) == digest(first)
    assert definition_text(again) == written
    plan = build_plan(stored, digest(first))
    known = {step.id for step in plan.steps}
    for step in plan.steps:
        targets = [case.to for case in step.choose]
        targets += [r.to or r.return_to or "" for r in step.outcomes.values()]
        targets += [a.route.to or a.route.return_to or "" for a in step.actions]
        assert set(targets) <= known
