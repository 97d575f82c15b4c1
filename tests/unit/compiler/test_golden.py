"""Golden files: a wrong text and what is said of it; a right text, of which nothing is said.

After a wanted change of wording: `REWRITE_GOLDEN=1 pytest tests/unit/compiler/test_golden.py`,
then read the difference.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import pytest

from quytrinh.compiler import checks
from quytrinh.compiler.check import check_flow
from quytrinh.compiler.files import kind_of
from quytrinh.compiler.regulation.packs import NO_PACKS, shipped_packs
from quytrinh.language.diagnostics import Diagnostic
from quytrinh.language.form import check_form
from quytrinh.language.manifest import check_manifest
from tests.support.language import GOLDEN, fake_registry, golden_flows, golden_forms

ERRORS = sorted((GOLDEN / "err").glob("*.yaml"))
RIGHT = sorted((GOLDEN / "ok").glob("*.yaml"))
FORMS = golden_forms()
FLOWS = golden_flows()
REGISTRY = fake_registry()


def findings(path: Path) -> Sequence[Diagnostic]:
    data = path.read_bytes()
    kind = kind_of(data, path.name)
    if kind == "form":
        return check_form(data, file=path.name).diagnostics
    if kind in ("tenant", "organization"):
        return check_manifest(data, path.name).diagnostics
    # Only the rules about law ask for regulations: the others are told of texts under no law.
    packs = shipped_packs() if path.stem.startswith("f8") else NO_PACKS
    result = check_flow(
        data, file=path.name, forms=FORMS, registry=REGISTRY, flows=FLOWS, packs=packs
    )
    return result.diagnostics


@pytest.mark.parametrize("path", ERRORS, ids=lambda path: path.stem)
def test_wrong_text_is_told_what_is_wrong(path: Path) -> None:
    found = findings(path)
    said = "".join(f"{each.as_text()}\n" for each in found)
    expected = path.with_suffix(".out")
    if os.environ.get("REWRITE_GOLDEN"):
        expected.write_text(said, encoding="utf-8")
    assert said == expected.read_text(encoding="utf-8")
    code = path.stem.split("_")[0].upper()
    if code.startswith("F") and code[1:].isdigit():
        assert code in {each.code for each in found}


@pytest.mark.parametrize("path", RIGHT, ids=lambda path: path.stem)
def test_right_text_passes_in_silence(path: Path) -> None:
    assert [each.as_text() for each in findings(path)] == []


def test_every_rule_is_listed_and_has_a_golden_file() -> None:
    folder = Path(str(checks.__file__)).parent
    files = {path.stem for path in folder.glob("f*.py")}
    assert {rule.__module__.rpartition(".")[2] for rule in checks.RULES} == files
    tested = {path.stem.split("_")[0] for path in ERRORS}
    assert {name.split("_")[0] for name in files} <= tested


def test_every_rule_explains_itself() -> None:
    for rule in checks.RULES:
        module = __import__(rule.__module__, fromlist=["check"])
        assert module.__doc__.startswith(rule.__module__.rpartition(".")[2][:4].upper())
