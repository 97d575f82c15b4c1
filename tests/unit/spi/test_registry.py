"""The registry of plugins: what it takes and what it refuses."""

from __future__ import annotations

from importlib.metadata import EntryPoint
from typing import Any

import pytest

from quytrinh.spi import Outcome, Registry, RegistryFrozen, StepFailed, WrongPlugin, registry
from tests.support.language import FakeStep


def test_plugins_are_found_by_name() -> None:
    step = FakeStep("demo.b")
    known = Registry([step, FakeStep("demo.a")])
    assert known.names() == ("demo.a", "demo.b")
    assert known.get("demo.b") is step
    assert "demo.b" in known
    assert "demo.c" not in known
    with pytest.raises(KeyError):
        known.get("demo.c")


def test_a_name_is_taken_once() -> None:
    with pytest.raises(WrongPlugin, match="already"):
        Registry([FakeStep("demo.a"), FakeStep("demo.a")])


def test_after_the_start_nothing_is_registered() -> None:
    known = Registry()
    known.freeze()
    with pytest.raises(RegistryFrozen):
        known.register(FakeStep("demo.a"))


@pytest.mark.parametrize(
    "wrong",
    [
        object(),
        "demo.a",
        FakeStep,
        FakeStep("Demo"),
        FakeStep("demo"),
        FakeStep("demo.a", interface=0),
        FakeStep("demo.a", outcomes=()),
        FakeStep("demo.a", outcomes=("done",)),  # type: ignore[arg-type]
        FakeStep("demo.a", outcomes=(Outcome("bad", "x", normal=False),)),
        FakeStep("demo.a", outcomes=(Outcome("a", "x"), Outcome("a", "y"))),
        FakeStep("demo.a", outcomes=(Outcome("A", "x"),)),
        FakeStep("demo.a", outcomes=(Outcome("failed", "x"),)),
    ],
)
def test_what_is_no_plugin_is_refused(wrong: Any) -> None:
    with pytest.raises(WrongPlugin):
        Registry([wrong])


def test_entry_points_may_be_classes_or_objects(monkeypatch: pytest.MonkeyPatch) -> None:
    entries = [
        EntryPoint("b", "tests.unit.spi.test_registry:OFFERED", "quytrinh.steps"),
        EntryPoint("a", "tests.unit.spi.test_registry:Offered", "quytrinh.steps"),
    ]
    monkeypatch.setattr(registry, "entry_points", lambda group: entries)
    known = Registry()
    known.load_entry_points()
    assert known.names() == ("demo.class", "demo.object")


class Offered(FakeStep):
    def __init__(self) -> None:
        super().__init__("demo.class")


OFFERED = FakeStep("demo.object")


def test_a_failure_says_whether_trying_again_may_help() -> None:
    assert StepFailed("x").retryable
    assert not StepFailed("x", retryable=False).retryable
