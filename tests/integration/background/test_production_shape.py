"""PostgreSQL, Celery workers of their own, Redis or RabbitMQ between: nothing lost, once each."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import kombu
import pytest
import redis
from django.conf import settings
from django.db import connection, transaction

from quytrinh.background.celery_app import app
from quytrinh.background.models import OutboxMessage
from quytrinh.journal.models import JournalEntry
from quytrinh.tenancy.context import tenant_context
from quytrinh.tenancy.models import Tenant
from tests.support.campaign import figure
from tests.support.postgresql import addresses
from tests.support.serving import AGENCY, ROOT, VERB

PATIENCE = 40
WORK = 16
FLUSHES = figure(10)
BROKERS = {"redis": "QUYTRINH_TEST_REDIS_URL", "rabbitmq": "QUYTRINH_TEST_AMQP_URL"}

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one process only"),
    pytest.mark.skipif("QUYTRINH_TEST_REDIS_URL" not in os.environ, reason="no Redis was started"),
]


@pytest.fixture(params=list(BROKERS))
def environment(request: pytest.FixtureRequest, tmp_path: Path) -> dict[str, str]:
    """What a process of the production shape is told."""
    return {
        **os.environ,
        "QUYTRINH_VAR": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "quytrinh.settings.production",
        "QUYTRINH_DATABASE_URL": addresses(str(settings.DATABASES["default"]["NAME"])).serving,
        "QUYTRINH_REDIS_URL": os.environ["QUYTRINH_TEST_REDIS_URL"],
        "QUYTRINH_BROKER_URL": os.environ[BROKERS[request.param]],
        "QUYTRINH_SECRET_KEY": "a key for this test only",
        "QUYTRINH_HOSTS": "localhost",
        "PYTHONPATH": f"{ROOT / 'platform'}:{ROOT / 'plugins'}:{ROOT}",
    }


@pytest.fixture
def worker(environment: dict[str, str], tmp_path: Path) -> Iterator[Callable[[], subprocess.Popen]]:
    """Return a function that starts a Celery worker; whatever still runs is killed afterwards."""
    started: list[subprocess.Popen] = []

    def start() -> subprocess.Popen:
        command = ["-A", "tests.support.working", "worker", "--concurrency=2", "--loglevel=warning"]
        with (tmp_path / "worker.log").open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "celery", *command],
                env=environment,
                cwd=ROOT,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        started.append(process)
        return process

    yield start
    for process in started:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    print((tmp_path / "worker.log").read_text()[-4000:])  # noqa: T201  (shown on failure)


def run(environment: dict[str, str], *command: str) -> None:
    """Run a command of serving.py."""
    subprocess.run(
        [sys.executable, "-m", "tests.support.serving", *command],
        env=environment,
        cwd=ROOT,
        check=True,
        timeout=PATIENCE,
    )


def effects() -> Counter[str]:
    """How often each message had its effect."""
    with tenant_context(Tenant.objects.get(slug=AGENCY).pk), transaction.atomic():
        payloads = JournalEntry.objects.filter(verb=VERB).values_list("payload", flat=True)
        return Counter(payload["key"] for payload in payloads)


def wait_until(happened: Callable[[], bool]) -> None:
    """Wait for something, not for ever."""
    deadline = time.monotonic() + PATIENCE
    while not happened():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.05)


def test_wake_ups_travel_and_killed_workers_lose_nothing(environment, worker):
    run(environment, "fill", str(WORK))
    first = worker()
    wait_until(lambda: len(effects()) >= 2)
    os.killpg(first.pid, signal.SIGKILL)
    first.wait()
    done = len(effects())
    assert done < WORK, "nothing was left to be interrupted"
    worker()
    # The broker may keep what the dead worker had taken; the sweep finds the rows.
    swept = time.monotonic()
    run(environment, "sweep")
    while len(effects()) < WORK:
        assert time.monotonic() < swept + PATIENCE, effects()
        time.sleep(1)
        run(environment, "sweep")
    assert set(effects().values()) == {1}
    with tenant_context(Tenant.objects.get(slug=AGENCY).pk), transaction.atomic():
        assert set(OutboxMessage.objects.values_list("state", flat=True)) == {"done"}


def flush(environment: dict[str, str]) -> None:
    """Have the broker forget every wake-up that waits."""
    address = environment["QUYTRINH_BROKER_URL"]
    if address.startswith("redis"):
        with redis.Redis.from_url(address) as server:
            server.flushall()
        return
    with kombu.Connection(address) as broker:
        broker.default_channel.queue_purge(app.conf.task_default_queue)


def test_broker_flushed_under_load_loses_nothing(environment, worker):
    work = FLUSHES * WORK
    run(environment, "fill", str(work))
    worker()
    for _ in range(FLUSHES):
        before = len(effects())
        wait_until(lambda before=before: len(effects()) > before)
        flush(environment)
        # What the minute's beat does.
        run(environment, "sweep")
    while len(effects()) < work:
        before = len(effects())
        wait_until(lambda before=before: len(effects()) >= min(work, before + 2))
        run(environment, "sweep")
    assert set(effects().values()) == {1}
    print(f"flushed {FLUSHES} times: {work} of {work} done, once each")  # noqa: T201


@pytest.mark.parametrize("environment", ["redis"], indirect=True)
def test_worker_asked_to_stop_finishes_what_it_does(environment, worker):
    run(environment, "fill", str(WORK))
    process = worker()
    wait_until(lambda: len(effects()) >= 2)
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=PATIENCE) == 0
    with tenant_context(Tenant.objects.get(slug=AGENCY).pk), transaction.atomic():
        assert not OutboxMessage.objects.leased().exists()
