"""Run every check that needs no service, all of them even when one fails; exit 1 if any did."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
CHECKS: dict[str, list[str]] = {
    "style": ["ruff", "check", "--quiet", "."],
    "format": ["ruff", "format", "--check", "--quiet", "."],
    "imports": ["lint-imports", "--no-logo"],
    "types": ["mypy", "--no-error-summary"],
    "migrations": ["python", "manage.py", "makemigrations", "--check", "--dry-run"],
    "messages": ["python", "scripts/messages.py", "--check"],
}


def passes(name: str, command: list[str]) -> bool:
    """Run one check; show its output only when it fails."""
    started = time.monotonic()
    result = subprocess.run(
        [str(BIN / command[0]), *command[1:]],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    verdict = "ok" if result.returncode == 0 else "FAILED"
    print(f"lint {name:<11}{verdict:<7}{time.monotonic() - started:5.1f} s", flush=True)
    if result.returncode:
        print(result.stdout, flush=True)
    return result.returncode == 0


def main() -> None:
    """Check everything, then say whether all of it holds."""
    verdicts = [passes(name, command) for name, command in CHECKS.items()]
    sys.exit(not all(verdicts))


if __name__ == "__main__":
    main()
