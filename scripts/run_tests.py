"""Run lint and every tier of tests on services of their own; say what ran and how long it took.

scripts/run_tests.py                                   what `make test` runs
scripts/run_tests.py --tier acceptance-sqlite -- -x    one tier, further arguments for pytest
scripts/run_tests.py --campaign soak                   property tests at full figures
scripts/run_tests.py --campaign bench                  timings as ratios, tests/bench
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
import xml.etree.ElementTree as ElementTree
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from types import FrameType

import services

ROOT = Path(__file__).resolve().parent.parent
SPEAKING = threading.Lock()
RUNNING: list[subprocess.Popen[str]] = []
STOPPING = threading.Event()


@dataclass(frozen=True, slots=True)
class Tier:
    """Tests of one folder on one database."""

    name: str
    folder: str
    database: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a tier came to."""

    tier: Tier
    seconds: float
    passed: int
    failed: int
    skipped: int
    exit_code: int

    def __str__(self) -> str:
        counts = f"{self.passed:5} passed {self.failed:3} failed {self.skipped:3} skipped"
        return f"{self.tier.name:<24}{counts} {self.seconds:8.1f} s"


TIERS = (
    Tier("unit", "tests/unit", "sqlite"),
    Tier("integration-postgresql", "tests/integration", "postgresql"),
    Tier("integration-sqlite", "tests/integration", "sqlite"),
    Tier("acceptance-postgresql", "tests/acceptance", "postgresql"),
    Tier("acceptance-sqlite", "tests/acceptance", "sqlite"),
)
BENCH = (Tier("bench-postgresql", "tests/bench", "postgresql"),)


def run_tier(tier: Tier, environment: dict[str, str], arguments: list[str]) -> Outcome:
    """Run one tier and print what it said in one piece."""
    print(f"== {tier.name} begins", flush=True)
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as scratch:
        report = Path(scratch) / "report.xml"
        command = [sys.executable, "-m", "pytest", tier.folder, "-q", "-rs", f"--junitxml={report}"]
        # What is slow is told, so that it can be mended.
        command += ["--durations=15", "--durations-min=2"]
        process = subprocess.Popen(
            [*command, *arguments],
            cwd=ROOT,
            env={**environment, "QUYTRINH_TEST_DB": tier.database},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        RUNNING.append(process)
        said, _ = process.communicate()
        seconds = time.monotonic() - started
        with SPEAKING:
            print(f"\n== {tier.name}\n{said}", flush=True)
        return Outcome(tier, seconds, *counts_of(report), process.returncode)


def run_lanes(
    tiers: list[Tier], environment: dict[str, str], arguments: list[str]
) -> list[Outcome]:
    """Run the tiers of each database one after the other, the databases side by side.

    Redis and RabbitMQ belong to the lane of PostgreSQL alone.
    """
    lanes: dict[str, list[Tier]] = {}
    for tier in tiers:
        lanes.setdefault(tier.database, []).append(tier)

    def run_lane(lane: list[Tier]) -> list[Outcome]:
        return [run_tier(tier, environment, arguments) for tier in lane if not STOPPING.is_set()]

    with ThreadPoolExecutor() as pool:
        return list(chain.from_iterable(pool.map(run_lane, lanes.values())))


def counts_of(report: Path) -> tuple[int, int, int]:
    """Read passed, failed, skipped from pytest's own report."""
    if not report.exists():
        return 0, 1, 0
    # Written a moment ago by our own pytest.
    suites = list(ElementTree.parse(report).getroot().iter("testsuite"))  # noqa: S314
    total, errors, failures, skipped = (
        sum(int(suite.get(figure, 0)) for suite in suites)
        for figure in ("tests", "errors", "failures", "skipped")
    )
    failed = errors + failures
    return total - failed - skipped, failed, skipped


def lint_holds() -> bool:
    """Run the checks of `make lint`."""
    command = [sys.executable, str(ROOT / "scripts" / "run_lint.py")]
    return subprocess.run(command, cwd=ROOT).returncode == 0


def leave_properly(number: int, frame: FrameType | None) -> None:
    """On a kill, end the tiers and unwind, so that the services stop too."""
    STOPPING.set()
    for process in RUNNING:
        process.terminate()
    sys.exit(128 + number)


def parse() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--campaign", choices=["test", "soak", "bench"], default="test")
    names = [tier.name for tier in (*TIERS, *BENCH)]
    parser.add_argument("--tier", action="append", choices=names, help="only this one; repeatable")
    parser.add_argument("pytest_arguments", nargs="*", help="after --, for pytest")
    return parser.parse_args()


def chosen(options: argparse.Namespace) -> list[Tier]:
    """Return the tiers to run."""
    if options.tier:
        return [tier for tier in (*TIERS, *BENCH) if tier.name in options.tier]
    return list(BENCH if options.campaign == "bench" else TIERS)


def main() -> None:
    """Lint, start services, run the tiers, sum up."""
    options = parse()
    signal.signal(signal.SIGTERM, leave_properly)
    started = time.monotonic()
    services.ensure_programs()
    whole = options.campaign == "test" and not options.tier
    clean = lint_holds() if whole else None
    with services.running() as running:
        environment = {**os.environ, **running.environment()}
        environment["QUYTRINH_CAMPAIGN"] = "full" if options.campaign == "soak" else "tenth"
        # Tests that prove the same on either database run once; a soak repeats them.
        environment["QUYTRINH_SHARED"] = "1" if whole else "0"
        outcomes = run_lanes(chosen(options), environment, options.pytest_arguments)
    summarise(outcomes, clean, time.monotonic() - started)
    sys.exit(clean is False or any(outcome.exit_code for outcome in outcomes))


def summarise(outcomes: list[Outcome], clean: bool | None, seconds: float) -> None:
    """Print a line a tier and the sum."""
    print("\n== summary")
    for outcome in outcomes:
        print(outcome)
    lint = {True: "lint clean", False: "lint FAILED", None: "lint not run"}[clean]
    print(f"{lint}; {seconds:.0f} s in all")
    passed, failed, skipped = (
        sum(getattr(outcome, figure) for outcome in outcomes)
        for figure in ("passed", "failed", "skipped")
    )
    # A tier that broke off without a failed test, or ran none at all, is a failure too.
    failed += sum(1 for outcome in outcomes if outcome.exit_code and not outcome.failed)
    print(f"{passed} passed, {failed} failed, {skipped} skipped", flush=True)


if __name__ == "__main__":
    main()
