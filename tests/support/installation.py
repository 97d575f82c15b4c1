"""An installation of a test's own: real processes on a folder of their own, killed and stopped."""

from __future__ import annotations

import json
import os
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from tests.support.serving import ROOT, VERB

PATIENCE = 60


class Installation:
    """An installation of its own: a data folder, a port, and commands run in it."""

    def __init__(self, folder: Path, processes: list[subprocess.Popen[str]]) -> None:
        self.folder = folder
        self.port = free_port()
        self._processes = processes

    def environment(self, **more: str) -> dict[str, str]:
        """The environment of its processes."""
        return {
            **os.environ,
            "QUYTRINH_VAR": str(self.folder),
            "DJANGO_SETTINGS_MODULE": "quytrinh.settings.embedded",
            "PYTHONPATH": f"{ROOT / 'platform'}:{ROOT / 'plugins'}:{ROOT}",
            "PORT": str(self.port),
            **more,
        }

    def start(self, *command: str, **environment: str) -> subprocess.Popen[str]:
        """Start a command in the background."""
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.support.serving", *command],
            env=self.environment(**environment),
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self._processes.append(process)
        return process

    def run(self, *command: str) -> None:
        """Run a command to its end."""
        output, _ = self.start(*command).communicate(timeout=PATIENCE)
        assert self._processes[-1].returncode == 0, output

    def rows(self, query: str) -> list[tuple]:
        """Ask the database."""
        with closing(sqlite3.connect(self.folder / "db.sqlite3", timeout=20)) as database:
            return database.execute(query).fetchall()

    def effects(self) -> Counter[str]:
        """How often each message had its effect."""
        rows = self.rows(f"SELECT payload FROM journal_journalentry WHERE verb = '{VERB}'")
        return Counter(json.loads(payload)["key"] for (payload,) in rows)

    def begun(self) -> list[str]:
        """The messages in the order their work began, each as often as it did."""
        file = self.folder / "begun"
        return file.read_text().split() if file.exists() else []

    def is_at_work(self, since: int) -> bool:
        """Tell whether work that began after the first `since` has not had its effect yet."""
        return bool(set(self.begun()[since:]) - set(self.effects()))

    def answers(self) -> bool:
        """Tell whether a page is answered."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/", timeout=5) as page:
                return page.status == 200
        except OSError:
            return False


def free_port() -> int:
    """A port that nobody uses now."""
    with closing(socket.socket()) as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def wait_until(happened: Callable[[], bool]) -> None:
    """Wait for something, not for ever."""
    deadline = time.monotonic() + PATIENCE
    while not happened():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.02)
