"""The runtime app."""

from __future__ import annotations

from django.apps import AppConfig


class RuntimeConfig(AppConfig):
    """Registers background work, built-in steps and the guard of files."""

    name = "quytrinh.runtime"
    label = "runtime"

    def ready(self) -> None:
        """Hook the runtime into the rooms below it."""
        from quytrinh.background import handlers
        from quytrinh.documents import access
        from quytrinh.exchange.steps import STEPS
        from quytrinh.journal import heads
        from quytrinh.runtime import steps, tasks  # noqa: F401  (steps register on import)
        from quytrinh.runtime.access import may_see_case
        from quytrinh.runtime.models import Case
        from quytrinh.runtime.plugins import built_in

        for step in STEPS:
            built_in(step)
        handlers.register("runtime.job", tasks.run_job, give_up=tasks.give_up_job)
        access.register(may_see_case)
        heads.register(lambda: Case.objects.journal_heads())
