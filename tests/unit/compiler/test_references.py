"""The authors' references: every example in them is run."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from textwrap import indent
from typing import Any

import pytest

from quytrinh.compiler.canonical import canonical_flow, digest
from quytrinh.compiler.check import check_flow
from quytrinh.compiler.planning import build_plan
from quytrinh.language.calendar_files import check_calendar_file
from quytrinh.language.diagnostics import Diagnostic
from quytrinh.language.form import check_form
from quytrinh.language.manifest import check_manifest
from quytrinh.language.regulation import read_regulation
from quytrinh.language.runs import check_runs
from quytrinh.spi import Registry, StepFailed, StepRequest
from tests.support.language import fake_registry, golden_flows, golden_forms

ROOT = Path(__file__).parents[3]
FORMS = golden_forms()
REGISTRY, FLOWS = fake_registry(), golden_flows()
ROLES = "doer: {name: Người làm, who: {creator: true}}"
WORK = "- {id: work, by: doer, form: phieu-trinh}\n"
END = "- {end: done}\n"


@dataclass(frozen=True)
class Example:
    """A code block of a README: `yaml flow`, `yaml steps`, `yaml wrong F211` …"""

    file: str
    line: int
    info: str
    text: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


def examples(file: str) -> list[Example]:
    text = (ROOT / file).read_text(encoding="utf-8")
    found = re.finditer(r"^```(\w[^\n]*)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    return [
        Example(file, text.count("\n", 0, each.start()) + 1, each.group(1), each.group(2))
        for each in found
    ]


def whole_flow(steps: str, roles: str = ROLES) -> str:
    return (
        "quytrinh: 1\nflow: vi-du\nname: Ví dụ\ndocument: internal\n"
        f"roles:\n{indent(roles, '  ')}\nsteps:\n{indent(steps, '  ')}"
    )


def check(example: Example) -> tuple[Diagnostic, ...]:
    kind, _, _ = example.info.removeprefix("yaml ").partition(" ")
    if example.info == "yaml regulation":
        return read_regulation(example.text, file=str(example)).diagnostics
    if example.info == "yaml runs":
        return check_runs(example.text, example.file).diagnostics
    if example.info in ("yaml tenant", "yaml organization"):
        return check_manifest(example.text, file=str(example)).diagnostics
    if example.info == "yaml calendars":
        return check_calendar_file(example.text, file=str(example)).diagnostics
    if "form: " in example.text and "schema:" in example.text:
        return check_form(example.text, file=str(example)).diagnostics
    texts = {
        "flow": example.text,
        "steps": whole_flow(WORK + example.text + END),
        "roles": whole_flow(WORK + END, example.text.rstrip()),
        "wrong": whole_flow(WORK + example.text + ("" if "no end" in example.text else END)),
    }
    result = check_flow(texts[kind], file=str(example), forms=FORMS, registry=REGISTRY, flows=FLOWS)
    if result.ok and result.flow is not None:
        canonical = canonical_flow(result.flow, FORMS, REGISTRY)
        build_plan(canonical, digest(canonical))
    return result.diagnostics


ALL = [
    example for room in ("flows", "forms", "tenants") for example in examples(f"{room}/README.md")
]


@pytest.mark.parametrize("example", ALL, ids=str)
def test_example(example: Example) -> None:
    assert example.info.startswith("yaml ")
    found = check(example)
    errors = [each for each in found if each.is_error]
    if example.info.startswith("yaml wrong"):
        assert {each.code for each in errors} == {example.info.rpartition(" ")[2]}
    else:
        assert [each.as_text() for each in errors] == []


def test_there_are_examples() -> None:
    assert len(ALL) > 12


def test_example_of_a_plugin() -> None:
    code, packaging, conformance, _ = examples("plugins/README.md")
    names: dict[str, Any] = {}
    exec(compile(code.text, str(code), "exec"), names)  # noqa: S102  (our own page)
    plugin = names["SendLetter"]()
    exec(compile(conformance.text, str(conformance), "exec"), names)  # noqa: S102
    registry = Registry([plugin])
    request = StepRequest("1", "case", "HS-1", "send", documents={"main": ["x"]})
    assert registry.get("post.send_letter").run(request) is plugin.run(request)
    with pytest.raises(StepFailed):
        plugin.run(StepRequest("2", "case", "HS-1", "send"))
    flow = whole_flow(
        WORK
        + "- {id: send, run: post.send_letter, with: {to: doer, document: main},"
        + " outcomes: {unknown_address: {return_to: work}}}\n"
        + END
    )
    assert check_flow(flow, file="x", forms=FORMS, registry=registry).diagnostics == ()
    entry = tomllib.loads(packaging.text)["project"]["entry-points"]["quytrinh.steps"]
    assert plugin.name in entry
