"""Plugins and forms that the tests of the language lean on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from quytrinh.compiler.signatures import Signature, signature_of
from quytrinh.language.form import FormDefinition, check_form
from quytrinh.language.parse import parse_flow
from quytrinh.language.source import read_source
from quytrinh.spi import Availability, Outcome, Registry, StepRequest, StepResult

GOLDEN = Path(__file__).parents[1] / "golden"


@dataclass
class FakeStep:
    """A step plugin whose every property can be chosen."""

    name: str
    title: str = "Bước thử"
    schema: Mapping[str, Any] = field(default_factory=lambda: {"type": "object"})
    outcomes: Sequence[Outcome] = (Outcome("done", "Xong"),)
    inline: bool = False
    interface: int = 1
    usable: Availability = Availability()
    by_person: bool | None = None

    def availability(self) -> Availability:
        return self.usable

    def run(self, request: StepRequest) -> StepResult:
        return StepResult(self.outcomes[0].id)


def fake_registry() -> Registry:
    note = FakeStep(
        "demo.note",
        schema={
            "type": "object",
            "additionalProperties": False,
            "required": ["text"],
            "properties": {
                "text": {"type": "string"},
                "times": {"type": "integer", "minimum": 1},
                "ratio": {"type": "number"},
                "loud": {"type": "boolean"},
                "tags": {"type": "array", "items": {"type": "string"}},
            },
        },
    )
    verify = FakeStep(
        "demo.verify",
        outcomes=(
            Outcome("valid", "Hợp lệ"),
            Outcome("broken", "Không hợp lệ", normal=False),
            Outcome("unsigned", "Không có chữ ký", normal=False),
        ),
        interface=3,
    )
    absent = FakeStep("demo.absent", usable=Availability(False, "chưa cài đặt máy in"))
    inform = FakeStep(
        "demo.inform",
        schema={
            "type": "object",
            "properties": {
                "roles": {"type": "array", "items": {"type": "string", "x-refers": "role"}},
                "document": {"type": "string", "x-refers": "slot"},
            },
        },
    )
    approve = FakeStep("demo.approve", inline=True, by_person=True)
    post = FakeStep("demo.post", by_person=False)
    named = (
        FakeStep("signing.seal_scan", by_person=True),
        FakeStep(
            "signing.verify",
            outcomes=(
                Outcome("valid", "Hợp lệ"),
                Outcome("unsigned", "Không có chữ ký", normal=False),
                Outcome("broken", "Không hợp lệ", normal=False),
                Outcome("undetermined", "Chưa xác định", normal=False),
            ),
        ),
        FakeStep("documents.register_in", by_person=True),
        FakeStep("exchange.ask_resend", by_person=True),
    )
    registry = Registry([note, verify, absent, inform, approve, post, *named])
    registry.freeze()
    return registry


def golden_flows() -> dict[str, Signature]:
    """The procedures that golden files call."""
    forms = golden_forms()
    signatures: dict[str, Signature] = {}
    for path in sorted((GOLDEN / "flows").glob("*.yaml")):
        flow, findings = parse_flow(read_source(path.read_bytes(), file=path.name))
        assert flow is not None, findings
        signatures[flow.id.text] = signature_of(flow, forms)
    return signatures


def golden_forms() -> dict[str, FormDefinition]:
    forms: dict[str, FormDefinition] = {}
    for path in sorted((GOLDEN / "forms").glob("*.yaml")):
        result = check_form(path.read_bytes(), file=path.name)
        assert result.form is not None, result.diagnostics
        forms[result.form.id.text] = result.form
    return forms
