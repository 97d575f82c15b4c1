"""Killed with -9 during set-up and during steps: nothing accepted is lost, nothing is half done."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from django.db import connection

from tests.support.api_client import ApiClient
from tests.support.installation import ROOT, Installation, wait_until
from tests.support.people import FLOW, SPECIALIST

pytestmark = pytest.mark.skipif(
    connection.vendor != "sqlite", reason="the embedded shape brings its own SQLite"
)
KILLS = 2
SLIP = {"subject": "Mua máy in", "content": "Kính trình.", "urgency": "normal"}


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    """An empty folder to set up."""
    processes: list[subprocess.Popen[str]] = []
    yield Installation(tmp_path / "var", processes)
    for process in processes:
        process.kill()
        process.wait()
        process.stdout.close()


def prepare(installation: Installation) -> subprocess.Popen[str]:
    """Start what `make run` does before it serves."""
    installation.folder.mkdir(exist_ok=True)
    return subprocess.Popen(
        [sys.executable, str(ROOT / "scripts" / "prepare.py")],
        env=installation.environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def finish(process: subprocess.Popen[str]) -> None:
    """Wait for success."""
    output, _ = process.communicate(timeout=120)
    assert process.returncode == 0, output


def test_killed_during_set_up_the_next_start_completes_it(installation: Installation) -> None:
    for moment in ("preparing", "loading", "cơ quan mới"):
        process = prepare(installation)
        for line in process.stdout:
            if moment in line:
                break
        process.kill()
        process.communicate()
    finish(prepare(installation))
    finish(prepare(installation))
    assert installation.rows("PRAGMA integrity_check") == [("ok",)]
    assert installation.rows("SELECT count(*) FROM tenancy_tenant") == [(5,)]
    people = "SELECT count(*) FROM organization_person GROUP BY tenant_id"
    # Bình Định has two deputies.
    assert installation.rows(people) == [(7,), *[(6,)] * 4]
    in_force = "SELECT count(*) FROM runtime_flowversion WHERE state = 'promulgated'"
    assert len(installation.rows(f"{in_force} GROUP BY tenant_id")) == 5
    # Nothing was made twice.
    assert installation.rows("SELECT max(number) FROM runtime_flowversion") == [(1,)]


class Worker(threading.Thread):
    """Someone who begins cases over the API and remembers what was accepted."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self._client = ApiClient(url, SPECIALIST)
        self.accepted: list[str] = []

    def run(self) -> None:
        """Begin and submit cases until the server dies."""
        entered = {"flow": FLOW, "action": "submit", "values": SLIP}
        try:
            while True:
                answer = self._client.http.post("cases", json=entered)
                self.accepted.append(answer.json()["case_id"])
        except (httpx.HTTPError, ValueError):
            return


def test_killed_during_steps_every_accepted_step_is_there_and_none_is_half_done(
    installation: Installation,
) -> None:
    finish(prepare(installation))
    accepted: list[str] = []
    for _ in range(KILLS):
        server = installation.start("serve")
        wait_until(installation.answers)
        worker = Worker(f"http://localhost:{installation.port}/")
        worker.start()
        wait_until(lambda worker=worker: len(worker.accepted) >= 3)
        server.kill()
        server.wait()
        worker.join()
        accepted += worker.accepted
    stored = {case.replace("-", "") for case in accepted}
    cases = {str(case) for (case,) in installation.rows("SELECT id FROM runtime_case")}
    assert stored <= cases
    assert len(accepted) >= 3 * KILLS
    half_done = """
        SELECT c.id FROM runtime_case c
        WHERE (SELECT count(*) FROM runtime_casetask t
               WHERE t.process_id = c.id AND t.status IN ('NEW', 'ASSIGNED')) <> 1
           OR (SELECT count(*) FROM runtime_inboxentry i WHERE i.case_id = c.id) <> 1
           OR (SELECT count(*) FROM journal_journalentry j
               WHERE j.subject_id = c.id) <> c.journal_seq
    """
    assert installation.rows(half_done) == []
    assert installation.rows(
        "SELECT DISTINCT step FROM runtime_casetask WHERE status = 'ASSIGNED'"
    ) == [("review",)]
    installation.run("journal", "verify")
