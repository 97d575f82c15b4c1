"""Fill .venv with exactly what a lock file names, once for each wording of the lock.

Called by scripts/bootstrap with any Python from 3.11 on and nothing installed. May be killed at any
moment: an installation that did not finish leaves a mark, and the next start begins it afresh.
"""

from __future__ import annotations

import hashlib
import math
import shutil
import subprocess
import sys
import time
import venv
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PIP = [str(VENV / "bin" / "python"), "-m", "pip", "--disable-pip-version-check"]
UNFINISHED = ROOT / "var" / "install-unfinished"
LOG = ROOT / "var" / "install.log"
# How pip begins the line of a package from a registry, from a folder, or there already.
FOUND = ("Collecting ", "Processing ", "Requirement already satisfied: ")
RUN_LOCK = ROOT / "requirements.lock"
DEV_LOCK = ROOT / "requirements-dev.lock"


def say(vietnamese: str, english: str) -> None:
    """Print one line of progress in both languages."""
    print(f"→ {vietnamese} / {english}", flush=True)


def stamp_of(lock: Path) -> Path:
    """Return the mark of a finished installation; pyproject.toml counts, it names entry points."""
    wording = lock.read_bytes() + (ROOT / "pyproject.toml").read_bytes()
    return VENV / f".installed-{hashlib.sha256(wording).hexdigest()[:16]}"


def covered_by(lock: Path) -> list[Path]:
    """Return the locks whose packages an installation of this one brings along."""
    return [RUN_LOCK, DEV_LOCK] if lock == DEV_LOCK else [lock]


def is_usable() -> bool:
    """Tell whether .venv holds a Python with pip and no earlier start was cut short in it."""
    if UNFINISHED.exists() or not (VENV / "bin" / "python").exists():
        return False
    return subprocess.run([*PIP, "--version"], capture_output=True).returncode == 0


def make_environment() -> None:
    """Make .venv, from nothing when what is there cannot be trusted."""
    if is_usable():
        return
    say("Tạo môi trường Python trong .venv", "making the Python environment in .venv")
    UNFINISHED.touch()
    shutil.rmtree(VENV, ignore_errors=True)
    venv.create(VENV, with_pip=True)


def output_of(command: list[str]) -> Iterator[str]:
    """Run a command, keep its output in the log, give it line by line; leave when it fails."""
    with (
        LOG.open("a", encoding="utf-8") as log,
        subprocess.Popen(
            command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        ) as process,
    ):
        for line in process.stdout or ():
            log.write(line)
            yield line
    if process.returncode:
        say("Cài đặt không thành công; xem các dòng dưới đây", "installation failed; see below")
        print("".join(LOG.read_text(encoding="utf-8").splitlines(keepends=True)[-15:]))
        sys.exit(process.returncode)


def install_locked(lock: Path) -> None:
    """Install the wheels that the lock names by hash, showing how far it is."""
    total = sum(1 for line in lock.read_text().splitlines() if "==" in line and line[0] != "#")
    say(f"Cài {total} gói đã khóa phiên bản", f"installing {total} locked packages")
    options = ["--require-hashes", "--only-binary", ":all:", "--progress-bar", "off"]
    found, shown = 0, time.monotonic()
    for line in output_of([*PIP, "install", *options, "-r", lock.name]):
        found += line.startswith(FOUND)
        if line.startswith("Installing collected packages"):
            say("Giải nén các gói", "unpacking the packages")
            shown = math.inf
        elif time.monotonic() - shown > 5:
            print(f"  {min(found, total)}/{total}", flush=True)
            shown = time.monotonic()


def install_ourselves() -> None:
    """Register the source roots and the plugins' entry points."""
    for _ in output_of([*PIP, "install", "--no-deps", "--no-build-isolation", "-e", "."]):
        pass


def main() -> None:
    """Bring .venv up to the lock named on the command line, unless it is there already."""
    lock = ROOT / sys.argv[1]
    if stamp_of(lock).exists() and not UNFINISHED.exists():
        return
    LOG.parent.mkdir(exist_ok=True)
    LOG.write_text("")
    started = time.monotonic()
    make_environment()
    for stamp in VENV.glob(".installed-*"):
        stamp.unlink()
    UNFINISHED.touch()
    install_locked(lock)
    install_ourselves()
    for covered in covered_by(lock):
        stamp_of(covered).touch()
    UNFINISHED.unlink()
    seconds = round(time.monotonic() - started)
    say(f"Môi trường sẵn sàng sau {seconds} giây", f"environment ready in {seconds} s")


if __name__ == "__main__":
    main()
