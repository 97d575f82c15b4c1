"""Everything in one process: the Celery worker in a thread, the outbox swept on a tick."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

from celery.worker import state
from django.db import close_old_connections, connections

from quytrinh.background.celery_app import TICK_EVERY, app
from quytrinh.background.dispatch import release_leases_of_the_dead
from quytrinh.background.tasks import sweep
from quytrinh.background.ticks import tick

logger = logging.getLogger(__name__)

SWEEP_SECONDS = 2.0
THREADS = 2
STOP_SECONDS = 60.0


class EmbeddedWorker:
    """A Celery worker in a daemon thread, and the tick that watches it and sweeps the outbox.

    `on_death` is called, from the tick's thread, when the worker's thread ended by itself.
    """

    def __init__(self, on_death: Callable[[], None]) -> None:
        self._on_death = on_death
        self._stopping = threading.Event()
        self._worker = threading.Thread(target=self._work, name="celery-worker", daemon=True)
        self._ticker = threading.Thread(target=self._tick, name="outbox-tick", daemon=True)

    def start(self) -> None:
        """Let go of what a killed process held, then begin."""
        released = release_leases_of_the_dead()
        if released:
            logger.warning("%d messages were held by a process that was killed", released)
        self._worker.start()
        self._ticker.start()

    @property
    def is_alive(self) -> bool:
        """Tell whether the worker's thread still runs."""
        return self._worker.is_alive()

    def stop(self) -> None:
        """Finish what is running, then end both threads."""
        self._stopping.set()
        state.should_stop = 0
        self._worker.join(STOP_SECONDS)
        self._ticker.join(STOP_SECONDS)

    def _work(self) -> None:
        controller = app.WorkController(
            app=app,
            pool="threads",
            concurrency=THREADS,
            hostname="embedded@localhost",
            without_heartbeat=True,
            without_mingle=True,
            without_gossip=True,
        )
        controller.start()

    def _tick(self) -> None:
        next_tick = time.monotonic()
        while not self._stopping.is_set():
            if not self._worker.is_alive():
                logger.critical("the background worker has ended; so does the process")
                self._on_death()
                break
            self._attempt(sweep)
            if time.monotonic() >= next_tick:
                self._attempt(tick)
                next_tick = time.monotonic() + TICK_EVERY.total_seconds()
            self._stopping.wait(SWEEP_SECONDS)
        connections.close_all()

    def _attempt(self, work: Callable[[], object]) -> None:
        try:
            work()
        except Exception:
            # The database may be busy or gone for a moment; the next round asks again.
            logger.exception("the outbox could not be swept")
        finally:
            close_old_connections()
