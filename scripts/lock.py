"""Resolve pyproject.toml into the two lock files, with hashes and without any address.

Run by `make lock`. The pins already in a lock are kept where they still fit; `--upgrade` looks for
newer ones. pip-tools lives in an environment of its own, so it never meets what it locks.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TOOLS = ROOT / "var" / "lock-tools"
PIP_TOOLS = "pip-tools~=7.5"
RUN_LOCK = ROOT / "requirements.lock"
DEV_LOCK = ROOT / "requirements-dev.lock"
QUIET = ("index-url", "find-links", "trusted-host", "options")
ADDRESS = re.compile(r"https?://|^-|(?<![\w.])/\w", re.MULTILINE)


def ensure_tools() -> None:
    """Make the environment that holds pip-compile, once."""
    if (TOOLS / "bin" / "pip-compile").exists():
        return
    venv.create(TOOLS, clear=True, with_pip=True)
    subprocess.run([TOOLS / "bin" / "pip", "install", "--quiet", PIP_TOOLS], check=True)


def compile_lock(requirements: list[str], lock: Path, options: list[str]) -> None:
    """Write one lock file from requirements given as text."""
    command = [
        str(TOOLS / "bin" / "pip-compile"),
        "--quiet",
        "--generate-hashes",
        "--allow-unsafe",
        "--strip-extras",
        *(f"--no-emit-{part}" for part in QUIET),
        *options,
        f"--output-file={lock.name}",
        "-",
    ]
    subprocess.run(
        command,
        input="\n".join(requirements),
        text=True,
        check=True,
        cwd=ROOT,
        env={**os.environ, "CUSTOM_COMPILE_COMMAND": "make lock"},
    )


def refuse_addresses(lock: Path) -> None:
    """Stop when a lock names a registry, an option or a path of this machine."""
    found = ADDRESS.search(lock.read_text())
    if found:
        sys.exit(f"{lock.name} names an address or a path: {found.group()!r}")


def main() -> None:
    """Lock what runs, then what develops on top of exactly that."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    needed = project["project"]["dependencies"]
    developing = project["dependency-groups"]["dev"]
    options = sys.argv[1:]
    ensure_tools()
    compile_lock(needed, RUN_LOCK, options)
    compile_lock(needed + developing, DEV_LOCK, [*options, f"--constraint={RUN_LOCK.name}"])
    for lock in (RUN_LOCK, DEV_LOCK):
        refuse_addresses(lock)


if __name__ == "__main__":
    main()
