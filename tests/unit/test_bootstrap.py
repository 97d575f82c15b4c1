"""`make run` on a machine without a usable Python says which package to install."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TOO_OLD = "exit 1"
WITHOUT_ENSUREPIP = 'case "$2" in *ensurepip*) exit 1;; esac'


@pytest.mark.parametrize(
    ("python", "advice"),
    [
        (TOO_OLD, "apt-get install python3 python3-venv"),
        (WITHOUT_ENSUREPIP, "apt-get install python3-venv"),
    ],
)
def test_missing_package_is_named(python: str, advice: str, tmp_path: Path) -> None:
    fake = tmp_path / "python3"
    fake.write_text(f"#!/bin/sh\n{python}\n")
    fake.chmod(0o755)
    (tmp_path / "dirname").symlink_to("/usr/bin/dirname")
    result = subprocess.run(
        ["/bin/sh", str(ROOT / "scripts" / "bootstrap"), "requirements.lock"],
        env={"PATH": str(tmp_path)},
        capture_output=True,
        text=True,
    )
    assert result.returncode == 1
    assert result.stderr.rstrip().endswith(advice)
