"""`manage.py serve`, the real process: pages and background work in one, killed and stopped."""

from __future__ import annotations

import shutil
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from tests.support.installation import PATIENCE, Installation, wait_until

pytestmark = pytest.mark.skipif(
    connection.vendor != "sqlite", reason="the embedded shape brings its own SQLite"
)
WORK = 24


@pytest.fixture
def processes() -> Iterator[list[subprocess.Popen[str]]]:
    """What a test has started; whatever still runs is killed afterwards."""
    started: list[subprocess.Popen[str]] = []
    yield started
    for process in started:
        process.kill()
        process.wait()
        process.stdout.close()


@pytest.fixture(scope="module")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an empty database, to be copied."""
    folder = tmp_path_factory.mktemp("migrated")
    Installation(folder, []).run("migrate", "-v0")
    (folder / "static").mkdir()
    return folder


@pytest.fixture
def installation(
    tmp_path: Path, migrated: Path, processes: list[subprocess.Popen[str]]
) -> Installation:
    """An installation of the test's own."""
    return Installation(shutil.copytree(migrated, tmp_path / "var"), processes)


def test_killed_during_background_work_everything_completes_once(installation):
    installation.run("fill", str(WORK))
    for _ in range(2):
        since = len(installation.begun())
        process = installation.start("serve")
        wait_until(lambda since=since: installation.is_at_work(since))
        process.kill()
        process.wait()
    assert sum(installation.effects().values()) < WORK, "nothing was left to be interrupted"
    process = installation.start("serve")
    wait_until(lambda: len(installation.effects()) == WORK)
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=PATIENCE)
    assert set(installation.effects().values()) == {1}
    assert installation.rows("SELECT DISTINCT state FROM background_outboxmessage") == [("done",)]
    assert len(installation.begun()) > WORK, "no work was interrupted: this test proved nothing"


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_asked_to_stop_it_finishes_what_runs_and_ends_with_zero(installation, how):
    installation.run("fill", "30")
    process = installation.start("serve")
    wait_until(lambda: len(installation.effects()) >= 3)
    process.send_signal(how)
    output, _ = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, output
    assert "Đã dừng" in output
    assert "Traceback" not in output
    # Whatever began was finished: nothing is left leased.
    assert not installation.rows(
        "SELECT key FROM background_outboxmessage"
        " WHERE state = 'pending' AND lease_until IS NOT NULL"
    )
    assert len(installation.begun()) == len(installation.effects())


def test_page_is_answered_and_a_taken_port_is_told(installation):
    installation.run("collectstatic", "--noinput", "-v0")
    process = installation.start("serve")
    wait_until(installation.answers)
    second = installation.start("serve")
    output, _ = second.communicate(timeout=PATIENCE)
    assert second.returncode == 1
    assert f"Cổng {installation.port} đang được chương trình khác dùng" in output
    assert "Traceback" not in output
    assert process.poll() is None


def test_port_that_is_freed_meanwhile_is_taken(installation):
    with closing(socket.socket()) as squatter:
        squatter.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        squatter.bind(("127.0.0.1", installation.port))
        squatter.listen()
        process = installation.start("serve")
        assert "đang bận" in process.stdout.readline()
    assert "đang chạy" in process.stdout.readline()


@pytest.mark.parametrize("port", ["0", "99999", "tám nghìn"])
def test_impossible_port_is_refused(port):
    with pytest.raises(CommandError, match="không hợp lệ"):
        call_command("serve", "--port", port)


def test_process_ends_when_its_worker_dies(installation):
    process = installation.start("serve", WORKER_DIES="1")
    output, _ = process.communicate(timeout=PATIENCE)
    assert process.returncode == 1
    assert "Bộ xử lý nền đã dừng" in output
