"""The Celery application: it wakes the dispatcher and keeps no state of its own."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from celery import Celery, Task

from quytrinh.background.exceptions import ContextLeaked
from quytrinh.tenancy.context import current_tenant_id, current_tenant_id_or_none, tenant_context

TENANT_HEADER = "tenant_id"
SWEEP_EVERY = timedelta(seconds=10)
TICK_EVERY = timedelta(minutes=1)


class TenantTask(Task):
    """A task of one agency, which travels in a header of the message."""

    abstract = True

    def apply_async(self, args: Any = None, kwargs: Any = None, **options: Any) -> Any:
        """Send the task for the agency at work, or the one already named in the headers."""
        headers = dict(options.pop("headers", None) or {})
        if TENANT_HEADER not in headers:
            headers[TENANT_HEADER] = current_tenant_id()
        return super().apply_async(args, kwargs, headers=headers, **options)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Run in the context of that agency and of no other."""
        _refuse_leaked_context()
        with tenant_context(self.request.get(TENANT_HEADER)):
            current_tenant_id()
            return super().__call__(*args, **kwargs)


class SystemTask(Task):
    """A task of the installation, which works for no agency."""

    abstract = True

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Run without an agency."""
        _refuse_leaked_context()
        return super().__call__(*args, **kwargs)


def _refuse_leaked_context() -> None:
    if current_tenant_id_or_none() is not None:
        raise ContextLeaked


app = Celery(
    "quytrinh",
    task_cls=TenantTask,
    include=["quytrinh.background.tasks", "quytrinh.background.ticks"],
)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.update(
    # At least once: a message is acknowledged when its task has ended. What must happen once is
    # guarded by the outbox row, so redelivery costs one refused claim.
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    worker_prefetch_multiplier=1,
    task_ignore_result=True,
    result_backend=None,
    task_time_limit=300,
    task_soft_time_limit=270,
    accept_content=["json"],
    task_serializer="json",
    # A lost wake-up costs latency only: never let a person wait for the broker.
    task_publish_retry=True,
    task_publish_retry_policy={"max_retries": 2, "interval_start": 0, "interval_step": 0.2},
    broker_connection_retry_on_startup=True,
    worker_max_tasks_per_child=500,
    worker_max_memory_per_child=400_000,  # KB
    worker_soft_shutdown_timeout=60,
    worker_cancel_long_running_tasks_on_connection_loss=True,
    worker_enable_remote_control=False,
    worker_hijack_root_logger=False,
    worker_redirect_stdouts=False,
    task_default_queue="quytrinh",
    redis_socket_timeout=5,
    redis_backend_health_check_interval=25,
    beat_schedule={
        "sweep": {"task": "background.sweep", "schedule": SWEEP_EVERY},
        "tick": {"task": "background.tick", "schedule": TICK_EVERY},
    },
)


def _transport_options(broker_url: str) -> dict[str, Any]:
    """Return what each kind of broker needs."""
    if broker_url.startswith("memory"):
        return {"polling_interval": 0.05}
    if broker_url.startswith("redis"):
        # More than three times the hard time limit, so that no running task is delivered twice.
        return {"visibility_timeout": 1000, "socket_timeout": 5, "health_check_interval": 25}
    return {"confirm_publish": True}


def _configure_broker() -> None:
    url = str(app.conf.broker_url or "")
    app.conf.broker_transport_options = _transport_options(url)
    if url.startswith("amqp"):
        app.conf.task_default_queue_type = "quorum"


_configure_broker()


def system_task(name: str) -> Any:
    """Declare a task that works for no agency."""
    return app.task(name=name, base=SystemTask)


def tenant_task(name: str) -> Any:
    """Declare a task of one agency."""
    return app.task(name=name, base=TenantTask)
