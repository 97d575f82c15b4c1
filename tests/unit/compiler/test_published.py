"""The published JSON Schemas: up to date, valid, and of one mind with the checker."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from quytrinh.compiler.check import check_flow
from quytrinh.compiler.published import published_files, schema_json
from quytrinh.language.form import form_schema_json
from quytrinh.spi import Registry
from tests.support.language import GOLDEN, fake_registry, golden_forms

ROOT = Path(__file__).parents[3]
FLOW = Draft202012Validator(schema_json(fake_registry()))
# Codes of what a text is shaped like; the others need names to be resolved.
SHAPE = {
    "F002",
    "F003",
    "F006",
    "F007",
    "F008",
    "F009",
    "F010",
    "F011",
    "F012",
    "F501",
    "F601",
    "F701",
}


@pytest.mark.parametrize("path", published_files(), ids=str)
def test_published_file_is_up_to_date(path: Path) -> None:
    assert (ROOT / path).read_text(encoding="utf-8") == published_files()[path]


@pytest.mark.parametrize(
    "schema", [schema_json(Registry()), schema_json(fake_registry()), form_schema_json()]
)
def test_schema_is_valid(schema: dict[str, Any]) -> None:
    Draft202012Validator.check_schema(schema)


@pytest.mark.parametrize("path", sorted((GOLDEN / "ok").glob("*.yaml")), ids=lambda p: p.stem)
def test_right_flows_fit_the_schema(path: Path) -> None:
    assert list(FLOW.iter_errors(yaml.safe_load(path.read_text(encoding="utf-8")))) == []


@pytest.mark.parametrize("path", sorted((GOLDEN / "forms").glob("*.yaml")), ids=lambda p: p.stem)
def test_right_forms_fit_the_schema(path: Path) -> None:
    validator = Draft202012Validator(form_schema_json())
    assert list(validator.iter_errors(yaml.safe_load(path.read_text(encoding="utf-8")))) == []


@pytest.mark.parametrize(
    "name",
    [
        "f002_unknown_key",
        "f003_missing_key",
        "f006_bad_id",
        "f007_kinds",
        "f009_exclusive",
        "f010_version",
        "f011_values",
        "f501_deadline",
        "f601_parameters",
        "f701_status",
    ],
)
def test_wrongly_shaped_flows_do_not_fit_the_schema(name: str) -> None:
    text = (GOLDEN / "err" / f"{name}.yaml").read_text(encoding="utf-8")
    assert list(FLOW.iter_errors(yaml.safe_load(text)))
    found = check_flow(text, file=name, forms=golden_forms(), registry=fake_registry())
    assert SHAPE & {each.code for each in found.diagnostics}


def test_each_plugin_brings_its_parameters() -> None:
    steps = schema_json(fake_registry())["$defs"]["step"]["anyOf"]
    runs = {step["properties"]["run"].get("const") for step in steps if "run" in step["properties"]}
    assert runs == set(fake_registry().names())
