"""The conformance suite finds what it is there to find."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from quytrinh.spi import (
    Availability,
    Delivery,
    DeliveryState,
    Outcome,
    Parcel,
    StepFailed,
    StepRequest,
    StepResult,
)
from quytrinh.spi.conformance_exchange import exchange_problems
from quytrinh.spi.conformance_steps import step_problems, trial_problems
from quytrinh_exchange_local import LocalAxis
from tests.support.language import FakeStep

EMPTY = {"type": "object", "additionalProperties": False}
REQUEST = StepRequest("r1", "c1", "HS-1", "send")


@pytest.mark.parametrize(
    ("plugin", "problem"),
    [
        (FakeStep("Demo"), "dotted"),
        (FakeStep("demo.a", schema={"type": "object"}), "additionalProperties"),
        (FakeStep("demo.a", schema={"type": 7}), "no JSON Schema"),
        (
            FakeStep("demo.a", schema={**EMPTY, "properties": {"a": {"$ref": "http://x/"}}}),
            "outside itself",
        ),
        (FakeStep("demo.a", schema={**EMPTY, "properties": {"a": {"x-refers": "x"}}}), "x-refers"),
        (FakeStep("demo.a", schema=EMPTY, title=" "), "title is empty"),
        (FakeStep("demo.a", schema=EMPTY, outcomes=(Outcome("a", ""),)), "no title"),
        (FakeStep("demo.a", schema=EMPTY, usable=Availability(False)), "without a reason"),
        (FakeStep("demo.a", schema=EMPTY, inline=None), "inline"),  # type: ignore[arg-type]
    ],
)
def test_a_wrong_plugin_is_told_what_is_wrong(plugin: FakeStep, problem: str) -> None:
    assert any(problem in found for found in step_problems(plugin))


def test_a_right_plugin_has_no_problems() -> None:
    plugin = FakeStep("demo.a", schema=EMPTY)
    assert step_problems(plugin) == []
    assert trial_problems(plugin, REQUEST) == []


class Trial(FakeStep):
    """Answers as it is told."""

    def __init__(self, *answers: Any) -> None:
        super().__init__("demo.a", schema=EMPTY)
        self.answers = list(answers)

    def run(self, request: StepRequest) -> StepResult:
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


@pytest.mark.parametrize(
    ("answers", "problem"),
    [
        ((StepResult("x"), StepResult("x")), "not declared"),
        ((StepResult("done", {"n": 1}), StepResult("done", {"n": 2})), "two different"),
        ((StepResult("done"), StepFailed("gửi rồi")), "two different"),
        ((ValueError(), ValueError()), "not StepFailed"),
        (("done", None), "not StepResult"),
    ],
)
def test_a_trial_finds_what_a_repeat_must_not_do(answers: tuple[Any, ...], problem: str) -> None:
    assert any(problem in found for found in trial_problems(Trial(*answers), REQUEST))


def test_a_plugin_may_always_fail() -> None:
    assert trial_problems(Trial(StepFailed("bận"), StepFailed("bận")), REQUEST) == []


class Forgetful(LocalAxis):
    """Delivers again what was acknowledged, and takes other bytes under the same id."""

    def send(self, parcel: Parcel, content: bytes) -> None:
        for path in self._mail.rglob(f"{parcel.id}.*"):
            path.unlink()
        super().send(parcel, content)


class Careless(LocalAxis):
    """Shows every parcel to everyone, and says that all arrived."""

    def waiting(self, receiver: str) -> Sequence[Parcel]:
        return [p for agency in self.agencies() for p in super(Careless, self).waiting(agency.code)]

    def delivery_of(self, parcel: Parcel) -> Delivery:
        return Delivery(DeliveryState.DONE)


def test_a_wrong_axis_is_told_what_is_wrong(tmp_path: Path) -> None:
    forgetful = exchange_problems(Forgetful(tmp_path / "a"))
    assert any("acknowledged is delivered again" in each for each in forgetful)
    assert any("not refused for good" in each for each in forgetful)
    careless = exchange_problems(Careless(tmp_path / "b"))
    assert any("another than its receiver" in each for each in careless)
    assert any("unknown parcel" in each for each in careless)
