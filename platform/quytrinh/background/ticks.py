"""What is done every minute: rooms register it here in AppConfig.ready()."""

from __future__ import annotations

from typing import Any

from quytrinh.background.celery_app import TICK_EVERY, system_task

_tasks: list[Any] = []


def register(task: Any) -> None:
    """Have a system task done every minute. It may meet itself, and may be left out once."""
    if task not in _tasks:
        _tasks.append(task)


@system_task("background.tick")
def tick() -> None:
    """Send what is registered to whichever worker is free; the next tick replaces one not begun."""
    for task in _tasks:
        task.apply_async(expires=TICK_EVERY.total_seconds())
