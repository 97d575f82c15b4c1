"""A plugin nobody here wrote: built, installed elsewhere, used without touching the tree."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from quytrinh.runtime.plugins import registry
from quytrinh.spi import StepRequest
from quytrinh.spi.conformance_steps import step_problems, trial_problems
from tests.integration.runtime.conftest import Office

pytestmark = pytest.mark.once("sqlite")

ROOT = Path(__file__).parents[3]
PACKAGE = ROOT / "tests" / "plugins" / "quytrinh_post_office"
FLOW = """
quytrinh: 1
flow: gui-thu
name: Gửi thư có tính cước
document: internal
roles:
  doer: {name: Người gửi, who: {creator: true}}
steps:
  - {id: write, name: Viết thư, by: doer, form: phieu-trinh, actions: {send: {label: Gửi}}}
  - id: frank
    name: Tính cước
    run: post_office.frank
    with: {rate: 4000}
    outcomes: {too_heavy: {return_to: write}}
  - {id: check, name: Soát cước, by: doer, actions: {done: {label: Xong}}}
  - {end: done}
"""
PRINT_SCHEMA = """
import json, os
os.environ["DJANGO_SETTINGS_MODULE"] = "quytrinh.settings.embedded"
import django
django.setup()
from quytrinh.compiler.published import schema_json
from quytrinh.runtime.plugins import registry
print(json.dumps(schema_json(registry())))
"""
WRONG = FLOW.replace("rate: 4000", "rate: nhiều")


@dataclass(frozen=True)
class Scratch:
    """A folder with the package installed, beside the platform."""

    folder: Path

    def run(self, *command: str, with_plugin: bool = True) -> subprocess.CompletedProcess[str]:
        """Run Python in the repository, with the plugin installed or not."""
        paths = [str(ROOT / "platform"), str(ROOT / "plugins")]
        paths += [str(self.folder / "site")] if with_plugin else []
        kept = {k: v for k, v in os.environ.items() if k != "DJANGO_SETTINGS_MODULE"}
        environment = {
            **kept,
            "PYTHONPATH": os.pathsep.join(paths),
            "QUYTRINH_VAR": str(self.folder / "var"),
        }
        return subprocess.run(
            [sys.executable, *command], cwd=ROOT, env=environment, capture_output=True, text=True
        )

    def check(self, text: str, *, with_plugin: bool = True) -> tuple[int, str]:
        """Return the exit code of `manage.py flow check` and what it found."""
        path = self.folder / "gui-thu.yaml"
        path.write_text(text, encoding="utf-8")
        command = ("manage.py", "flow", "check", "--format", "json", str(path))
        result = self.run(*command, with_plugin=with_plugin)
        return result.returncode, result.stdout


@pytest.fixture(scope="module")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Scratch:
    """Build a wheel and install it, offline, into a folder of its own."""
    folder = tmp_path_factory.mktemp("outsider")
    source = folder / "source"
    for path in PACKAGE.rglob("*"):
        if path.is_file() and "__pycache__" not in path.parts:
            copy = source / path.relative_to(PACKAGE)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(path.read_bytes())
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--isolated"]
    wheels = folder / "wheels"
    offline = ["--no-index", "--no-deps"]
    _run([*pip, "wheel", *offline, "--no-build-isolation", "-w", str(wheels), str(source)])
    [wheel] = wheels.glob("*.whl")
    _run([*pip, "install", *offline, "--target", str(folder / "site"), str(wheel)])
    return Scratch(folder)


def _run(command: list[str]) -> None:
    result = subprocess.run(command, capture_output=True, text=True)
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.fixture
def installed(scratch: Scratch, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """This process as if it had been started with the plugin installed."""
    monkeypatch.syspath_prepend(str(scratch.folder / "site"))
    registry.cache_clear()
    yield
    registry.cache_clear()
    sys.modules.pop("quytrinh_post_office", None)


def test_its_parameters_appear_in_the_schema(scratch: Scratch) -> None:
    result = scratch.run("-c", PRINT_SCHEMA)
    assert result.returncode == 0, result.stderr
    steps = json.loads(result.stdout)["$defs"]["step"]["anyOf"]
    # As a machine's step, and as one that a person confirms.
    mine = [s for s in steps if s["properties"].get("run", {}).get("const") == "post_office.frank"]
    rates = [step["properties"]["with"]["properties"]["rate"] for step in mine]
    assert [rate["minimum"] for rate in rates] == [1, 1]
    assert "post_office" not in scratch.run("-c", PRINT_SCHEMA, with_plugin=False).stdout


def test_flow_check_knows_it_where_it_is_installed(scratch: Scratch) -> None:
    known = {each["code"] for each in json.loads(scratch.check(FLOW)[1])}
    assert not known & {"F105", "F601"}
    assert "F601" in {each["code"] for each in json.loads(scratch.check(WRONG)[1])}
    code, found = scratch.check(FLOW, with_plugin=False)
    assert code == 1
    assert "F105" in {each["code"] for each in json.loads(found)}


def test_it_conforms(installed: None) -> None:
    plugin = registry().get("post_office.frank")
    request = StepRequest(
        "r1", "c1", "HS-1", "frank", {"rate": 4000}, {"subject": "Thư"}, {"main": ["d1"]}
    )
    assert step_problems(plugin) == []
    assert trial_problems(plugin, request) == []


@pytest.mark.django_db(transaction=True)
def test_a_case_runs_through_it(installed: None, office: Office) -> None:
    office.promulgate(FLOW)
    case = office.begin("gui-thu")
    office.act(
        "chuyen-vien",
        case,
        "send",
        values={"subject": "Thư mời", "content": "Kính mời.", "urgency": "normal"},
    )
    assert office.place(case) == "frank"
    assert office.work_off() == 1
    assert office.place(case) == "check"
    assert office.case(case).steps["frank"] == {"postage": 4000}
