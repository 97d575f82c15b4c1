"""What ships: every file checks, and an editor finds its schema."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator

from quytrinh.compiler.files import check_paths, discover, kind_of
from quytrinh.compiler.published import (
    CALENDARS_SCHEMA,
    FLOW_SCHEMA,
    FORM_SCHEMA,
    NATIONAL_SCHEMA,
    ORGANIZATION_SCHEMA,
    REGULATION_SCHEMA,
    RUNS_SCHEMA,
    TENANT_SCHEMA,
    VOCABULARY_SCHEMA,
    published_files,
)
from quytrinh.spi import Registry

ROOT = Path(__file__).parents[3]
FOLDERS = [ROOT / name for name in ("flows", "forms", "tenants")]
NATIONAL = ROOT / NATIONAL_SCHEMA.parent
FOLDERS.append(NATIONAL)
FILES = [path for folder in FOLDERS for path in discover(folder)]
SCHEMAS = {
    "flow": FLOW_SCHEMA,
    "form": FORM_SCHEMA,
    "runs": RUNS_SCHEMA,
    "tenant": TENANT_SCHEMA,
    "organization": ORGANIZATION_SCHEMA,
    "calendars": CALENDARS_SCHEMA,
    "calendar": NATIONAL_SCHEMA,
    "regulation": REGULATION_SCHEMA,
    "vocabulary": VOCABULARY_SCHEMA,
}


def test_shipped_files_check() -> None:
    # F105: the built-in steps live in rooms that this tier does not load.
    found = [each for each in check_paths(FOLDERS, Registry()) if each.code != "F105"]
    # F802: procedures of the house have steps that no article asks for.
    assert [each.as_text() for each in found if each.code not in ("F306", "F802")] == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_an_editor_finds_the_schema_and_agrees(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    line = re.match(r"# yaml-language-server: \$schema=(\S+)\n", text)
    assert line is not None
    kind = kind_of(text.encode(), path.name)
    assert kind is not None
    named = (path.parent / line.group(1)).resolve()
    assert named == ROOT / SCHEMAS[kind]
    schema = yaml.safe_load(published_files()[SCHEMAS[kind]])
    # YAML 1.2, which editors read, has no dates; PyYAML's 1.1 has.
    read = json.loads(json.dumps(yaml.safe_load(text), default=str))
    assert list(Draft202012Validator(schema).iter_errors(read)) == []
