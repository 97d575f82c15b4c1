"""The published JSON Schemas, for editors; `python -m quytrinh.compiler.published ROOT` writes.

The files carry the grammar alone; `schema_json` with a filled registry adds every plugin's `with:`.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from quytrinh.language.calendar_files import AGENCY as CALENDARS
from quytrinh.language.calendar_files import NATIONAL
from quytrinh.language.form import form_schema_json
from quytrinh.language.kinds import definition_of, json_schema
from quytrinh.language.manifest import ORGANIZATION, TENANT
from quytrinh.language.regulation import regulation_schema_json, vocabulary_schema_json
from quytrinh.language.runs import RUNS
from quytrinh.language.schema import DIALECT, FLOW, STEP
from quytrinh.spi import Registry

_OF_PLUGINS = ("run", "with", "outcomes")
FLOW_SCHEMA = Path("flows/flow.schema.json")
FORM_SCHEMA = Path("forms/form.schema.json")
RUNS_SCHEMA = Path("flows/runs.schema.json")
REGULATION_SCHEMA = Path("flows/regulation.schema.json")
VOCABULARY_SCHEMA = Path("flows/vocabulary.schema.json")
TENANT_SCHEMA = Path("tenants/tenant.schema.json")
ORGANIZATION_SCHEMA = Path("tenants/organization.schema.json")
CALENDARS_SCHEMA = Path("tenants/calendars.schema.json")
NATIONAL_SCHEMA = Path("platform/quytrinh/deadlines/national/calendar.schema.json")


def schema_json(registry: Registry) -> dict[str, Any]:
    """The JSON Schema of a flow, with the parameters of every plugin step known."""
    schema = json_schema(FLOW)
    steps = definition_of(STEP)
    if registry.names():
        kinds = [variant for step in steps["anyOf"] for variant in _variants(step, registry)]
        steps = {"anyOf": kinds}
    schema["$defs"] = {STEP.name: steps}
    title = "Quy trình: tệp khai báo quy trình (flow)"
    return {"$schema": DIALECT, **schema, "title": title}


def published_files() -> dict[Path, str]:
    """The files that ship, by their path under the repository."""
    schemas = {
        FLOW_SCHEMA: schema_json(Registry()),
        FORM_SCHEMA: form_schema_json(),
        RUNS_SCHEMA: {"$schema": DIALECT, **json_schema(RUNS)},
        REGULATION_SCHEMA: regulation_schema_json(),
        VOCABULARY_SCHEMA: vocabulary_schema_json(),
        TENANT_SCHEMA: {"$schema": DIALECT, **json_schema(TENANT)},
        ORGANIZATION_SCHEMA: {"$schema": DIALECT, **json_schema(ORGANIZATION)},
        CALENDARS_SCHEMA: {"$schema": DIALECT, **json_schema(CALENDARS)},
        NATIONAL_SCHEMA: {"$schema": DIALECT, **json_schema(NATIONAL)},
    }
    return {
        path: json.dumps(schema, ensure_ascii=False, indent=1) + "\n"
        for path, schema in schemas.items()
    }


def _variants(step: dict[str, Any], registry: Registry) -> Iterator[dict[str, Any]]:
    """A kind of step once for each plugin it may run, and without one if it need not."""
    if "run" not in step["properties"]:
        yield step
        return
    if "run" not in step["required"]:
        properties = {k: v for k, v in step["properties"].items() if k not in _OF_PLUGINS}
        needs = {k: v for k, v in step["dependentRequired"].items() if k not in _OF_PLUGINS}
        yield {**step, "properties": properties, "dependentRequired": needs}
    for name in registry.names():
        plugin = registry.get(name)
        own = {
            "run": {"const": name, "description": plugin.title},
            "with": dict(plugin.schema),
        }
        required = list(dict.fromkeys([*step["required"], "run"]))
        yield {**step, "properties": {**step["properties"], **own}, "required": required}


def main(root: Path) -> None:
    for path, text in published_files().items():
        (root / path).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
