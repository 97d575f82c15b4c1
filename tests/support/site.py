"""A running installation, in either shape, that tests visit from outside."""

from __future__ import annotations

import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from tests.support.postgresql import fresh_database

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent
PATIENCE = 60


@dataclass(slots=True)
class Site:
    """Processes of one installation; `environment` lets a test run commands beside them."""

    environment: dict[str, str]
    commands: list[list[str]]
    url: str
    log: Path
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def manage(self, *arguments: str) -> str:
        """Run a management command of this installation."""
        return run([str(BIN / "python"), "manage.py", *arguments], self.environment)

    def play(self, module: str) -> dict[str, str]:
        """Run a module that fills this installation; return what its last line says, as JSON."""
        told = run([str(BIN / "python"), "-m", module], self.environment)
        answer: dict[str, str] = json.loads(told.splitlines()[-1])
        return answer

    def start(self) -> None:
        """Start every process and wait until pages are answered."""
        with self.log.open("ab") as output:
            self.processes = [
                subprocess.Popen(
                    command, cwd=ROOT, env=self.environment, stdout=output, stderr=output
                )
                for command in self.commands
            ]
        deadline = time.monotonic() + PATIENCE
        while not self._answers():
            dead = [p.args for p in self.processes if p.poll() is not None]
            if dead or time.monotonic() > deadline:
                raise AssertionError(f"{dead or self.url} is down:\n{self.log.read_text()[-4000:]}")
            time.sleep(0.1)

    def _answers(self) -> bool:
        try:
            return httpx.get(self.url).status_code == 200
        except httpx.TransportError:
            return False

    def stop(self, number: signal.Signals = signal.SIGTERM) -> list[int]:
        """Signal every process (SIGKILL for a power cut); return their exit codes."""
        for process in self.processes:
            process.send_signal(number)
        try:
            return [process.wait(timeout=30) for process in self.processes]
        except subprocess.TimeoutExpired:
            for process in self.processes:
                process.kill()
            raise
        finally:
            self.processes = []


def run(command: list[str], environment: dict[str, str]) -> str:
    """Run a command to its end; fail with what it said."""
    result = subprocess.run(
        command,
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert result.returncode == 0, f"{' '.join(command)}\n{result.stdout}"
    return result.stdout


def free_port() -> int:
    """Return a loopback port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _clean_environment(folder: Path, port: int) -> dict[str, str]:
    """Return the environment of a newcomer: nothing of the tests' own settings."""
    kept = {
        k: v for k, v in os.environ.items() if k not in {"DJANGO_SETTINGS_MODULE", "PYTHONPATH"}
    }
    return {**kept, "QUYTRINH_VAR": str(folder), "HOST": "localhost", "PORT": str(port)}


@contextmanager
def embedded_site(folder: Path) -> Iterator[Site]:
    """Run what `make run` runs: SQLite, one process."""
    port = free_port()
    environment = _clean_environment(folder, port)
    python = str(BIN / "python")
    site = Site(
        environment=environment,
        commands=[[python, "manage.py", "serve"]],
        url=f"http://localhost:{port}/",
        log=folder / "site.log",
    )
    run([python, "scripts/prepare.py"], environment)
    yield from _alive(site)


@contextmanager
def production_site(folder: Path) -> Iterator[Site]:
    """Run the production shape: PostgreSQL, Redis, RabbitMQ, separate web and worker processes."""
    port = free_port()
    with ExitStack() as stack:
        database = stack.enter_context(fresh_database(f"quytrinh_site_{os.getpid()}_{port}"))
        environment = {
            **_clean_environment(folder, port),
            "DJANGO_SETTINGS_MODULE": "quytrinh.settings.production",
            "QUYTRINH_DATABASE_URL": database.serving,
            "QUYTRINH_REDIS_URL": os.environ["QUYTRINH_TEST_REDIS_URL"],
            "QUYTRINH_BROKER_URL": os.environ["QUYTRINH_TEST_AMQP_URL"],
            "QUYTRINH_SECRET_KEY": secrets.token_urlsafe(50),
            "QUYTRINH_HOSTS": "localhost,.localhost",
            "QUYTRINH_DEMO": "1",
        }
        _migrate_as_owner(environment, database.owner)
        schedule = folder / "celerybeat-schedule"
        serve = ["uvicorn", "quytrinh.asgi:application", "--port", str(port), "--log-level=warning"]
        work = ["celery", "-A", "quytrinh", "worker", "--beat", "-s", str(schedule), "-c", "1"]
        site = Site(
            environment=environment,
            commands=[[str(BIN / serve[0]), *serve[1:]], [str(BIN / work[0]), *work[1:]]],
            url=f"http://localhost:{port}/",
            log=folder / "site.log",
        )
        site.manage("collectstatic", "--noinput", "-v0")
        site.manage("demo")
        site.manage("demo_keys")
        yield from _alive(site)


def _migrate_as_owner(environment: dict[str, str], owner_url: str) -> None:
    owner = {
        **environment,
        "DJANGO_SETTINGS_MODULE": "quytrinh.settings.owner",
        "QUYTRINH_OWNER_DATABASE_URL": owner_url,
    }
    run([str(BIN / "python"), "manage.py", "migrate", "--noinput", "-v0"], owner)


def _alive(site: Site) -> Iterator[Site]:
    site.start()
    try:
        yield site
    finally:
        site.stop()
