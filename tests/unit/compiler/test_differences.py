"""The difference of two versions: every change is named, in words, and nothing else."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from quytrinh.compiler.canonical import canonical_flow, canonical_form
from quytrinh.compiler.differences import Change, differences, renamed
from quytrinh.language.parse import parse_flow
from quytrinh.language.source import read_source
from tests.support.language import GOLDEN, fake_registry, golden_forms

FORMS = golden_forms()
REGISTRY = fake_registry()
CANONICAL_FORMS = {name: canonical_form(form) for name, form in FORMS.items()}


def canonical(text: str | bytes) -> dict[str, Any]:
    flow, findings = parse_flow(read_source(text, file="thu.yaml"))
    assert flow is not None, findings
    return canonical_flow(flow, FORMS, REGISTRY)


@pytest.fixture
def slip() -> dict[str, Any]:
    return canonical((GOLDEN / "ok" / "phieu-trinh.yaml").read_bytes())


def compared(before: dict[str, Any], after: dict[str, Any]) -> tuple[Change, ...]:
    return differences(
        before, after, forms_before=CANONICAL_FORMS, forms_after=CANONICAL_FORMS, registry=REGISTRY
    )


def test_a_version_does_not_differ_from_itself(slip: dict[str, Any]) -> None:
    assert compared(slip, copy.deepcopy(slip)) == ()


def test_changes_are_told_in_the_words_of_the_flow(slip: dict[str, Any]) -> None:
    later = copy.deepcopy(slip)
    review = next(step for step in later["steps"] if step.get("id") == "review")
    review["due"] = {"in": "4h"}
    review["actions"][0]["label"] = "Nhất trí"
    review["cite"] = ["noi-quy:5.1"]
    told = {(change.kind, change.sentence, change.step) for change in compared(slip, later)}
    assert (
        "wording",
        "Nhãn thao tác ở “Kiểm tra nội dung”: “Đồng ý” → “Nhất trí”.",
        "review",
    ) in told
    assert any(kind == "time" and "→ 4 giờ làm việc." in said for kind, said, _ in told)
    assert any(kind == "law" and "Điều 5 khoản 1" in said for kind, said, _ in told)
    assert len(told) == 4  # the deadline had an article of its own


def test_a_step_that_stands_elsewhere_is_told_with_its_neighbours(slip: dict[str, Any]) -> None:
    later = copy.deepcopy(slip)
    steps = later["steps"]
    steps[6], steps[7] = steps[7], steps[6]
    (change,) = compared(slip, later)
    assert change.kind == "course"
    assert "nay đứng sau" in change.sentence and "(trước: đứng sau" in change.sentence


def test_a_step_under_another_id_is_the_same_step(slip: dict[str, Any]) -> None:
    text = (GOLDEN / "ok" / "phieu-trinh.yaml").read_text("utf-8")
    later = canonical(text.replace("review", "examine"))
    assert renamed(slip, later) == {"review": "examine"}
    (change,) = compared(slip, later)
    assert (change.kind, change.step) == ("course", "examine")


def test_changed_forms_are_told_field_by_field(slip: dict[str, Any]) -> None:
    later, forms = copy.deepcopy(slip), copy.deepcopy(CANONICAL_FORMS)
    fields = forms["phieu-trinh"]["schema"]["properties"]
    fields[0]["title"] = "Tên khác"
    fields.append({"id": "extra", "type": "string", "title": "Trường mới"})
    later["uses"]["forms"]["phieu-trinh"] = "0" * 64
    found = differences(slip, later, forms_before=CANONICAL_FORMS, forms_after=forms)
    assert [change.kind for change in found] == ["wording", "data"]
    assert "Thêm trường “Trường mới”" in found[1].sentence
