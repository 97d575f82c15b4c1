"""`manage.py` with a background task to kill: `python -m tests.support.serving <command> …`.

The task notes that it began, works a moment, then has its effect and is marked done in one
transaction.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
KIND = "test.work"
AGENCY = "so-mau"
VERB = "test.worked"


def work(message) -> None:
    """Do the work of one message."""
    from django.db import transaction

    from quytrinh.journal.actions import record
    from quytrinh.tenancy.ids import uuid7

    with (Path(os.environ["QUYTRINH_VAR"]) / "begun").open("a") as begun:
        begun.write(f"{message.key}\n")
    time.sleep(0.2)
    with transaction.atomic():
        message.complete()
        record(subject_id=uuid7(), verb=VERB, payload={"key": message.key})


def fill(count: int) -> None:
    """Put messages into the outbox of a new agency."""
    from django.db import transaction

    from quytrinh.background.actions import enqueue
    from quytrinh.tenancy.actions import create_tenant
    from quytrinh.tenancy.context import tenant_context

    tenant = create_tenant(slug=AGENCY, name="Sở mẫu")
    with tenant_context(tenant.pk), transaction.atomic():
        for number in range(count):
            enqueue(kind=KIND, key=f"work-{number}")


def die(*args: object, **options: object) -> None:
    """Stand for a worker that ends by itself."""
    raise SystemExit("the worker's thread ends")


def main() -> None:
    """Set Django up, register the task, run the command."""
    import django
    from django.core.management import execute_from_command_line

    django.setup()
    from quytrinh.background.celery_app import app
    from quytrinh.background.handlers import register
    from quytrinh.background.tasks import sweep

    register(KIND, work)
    if "WORKER_DIES" in os.environ:
        app.WorkController = die
    if sys.argv[1] == "fill":
        fill(int(sys.argv[2]))
    elif sys.argv[1] == "sweep":
        sweep()
    else:
        execute_from_command_line(sys.argv)


if __name__ == "__main__":
    sys.path[:0] = [str(ROOT / "platform"), str(ROOT / "plugins")]
    main()
