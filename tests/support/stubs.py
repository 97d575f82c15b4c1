"""Stand-ins for steps of rooms that are not there: they agree to everything, at once or later.

Real plugins of the same name win, so that this file may outlive the day they come.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from quytrinh.spi import (
    Availability,
    Outcome,
    StepRequest,
    StepResult,
    built_in,
    built_in_plugins,
)

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


def register_stubs() -> None:
    """Offer a stand-in for each of these steps that no room has; before the registry is read."""
    known = {plugin.name for plugin in built_in_plugins()}
    for stub in STUBS:
        if stub.name not in known:
            built_in(stub)
