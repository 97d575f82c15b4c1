"""Stand-ins for steps of signing and exchange: they agree to everything, without keys and axis."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

import pytest

from quytrinh.spi import Availability, Outcome, StepRequest, StepResult, built_in_plugins

# The package has a function of the same name.
built_in_module = import_module("quytrinh.spi.built_in")

# What `signing.verify` is to find, by case code; valid where nothing is said.
VERDICTS: dict[str, str] = {}


@dataclass(frozen=True)
class StubStep:
    """A job that answers with its first outcome, or with the verdict that a test has set."""

    name: str
    outcomes: Sequence[Outcome]
    by_person: bool | None = None
    title: str = "Bước thế chỗ"
    schema: Mapping[str, Any] = field(default_factory=lambda: {"type": "object"})
    inline: bool = False
    interface: int = 1

    def availability(self) -> Availability:
        """Always there."""
        return Availability()

    def run(self, request: StepRequest) -> StepResult:
        """Answer."""
        verdict = VERDICTS.get(request.case_code) if self.name == "signing.verify" else None
        return StepResult(verdict or self.outcomes[0].id, {"by": request.actor})


STUBS = (
    StubStep("signing.sign", (Outcome("signed", "Đã ký"),), by_person=True),
    StubStep("signing.seal", (Outcome("sealed", "Đã ký số cơ quan"),), by_person=True),
    StubStep(
        "signing.verify",
        (
            Outcome("valid", "Hợp lệ"),
            Outcome("unsigned", "Không có chữ ký", normal=False),
            Outcome("broken", "Không hợp lệ", normal=False),
            Outcome("undetermined", "Chưa xác định", normal=False),
        ),
    ),
    StubStep("exchange.dispatch", (Outcome("sent", "Đã gửi"),)),
    StubStep("exchange.ask_resend", (Outcome("asked", "Đã đề nghị"),), by_person=True),
)


def with_stand_ins(patch: pytest.MonkeyPatch) -> None:
    """Put each stand-in in the place of the real step until the test ends."""
    names = {stub.name for stub in STUBS}
    real = [plugin for plugin in built_in_plugins() if plugin.name not in names]
    patch.setattr(built_in_module, "_built_in", [*real, *STUBS])
