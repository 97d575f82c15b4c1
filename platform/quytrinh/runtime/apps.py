"""The runtime app."""

from __future__ import annotations

from django.apps import AppConfig


class RuntimeConfig(AppConfig):
    """Registers background work, built-in steps and the guard of files."""

    name = "quytrinh.runtime"
    label = "runtime"

    def ready(self) -> None:
        """Hook the runtime into the rooms below it."""
        from quytrinh.background import handlers, ticks
        from quytrinh.documents import access
        from quytrinh.exchange import events
        from quytrinh.exchange.steps import STEPS as EXCHANGE_STEPS
        from quytrinh.formkit import pickers
        from quytrinh.journal import heads
        from quytrinh.runtime import (  # noqa: F401  (steps register on import)
            account_acts,
            case_steps,
            duties,
            steps,
            tasks,
        )
        from quytrinh.runtime.access import agencies, facts_of_document, may_see_case
        from quytrinh.runtime.actions import subcases
        from quytrinh.runtime.actions.arrivals import take_in
        from quytrinh.runtime.actions.checking import CHECK_KIND
        from quytrinh.runtime.actions.lateness import go_off
        from quytrinh.runtime.actions.recompute import RECOMPUTE_KIND, recompute_batch
        from quytrinh.runtime.actions.replies import take_alarm, take_status
        from quytrinh.runtime.actions.schedules import (
            SCHEDULE_KIND,
            begin_scheduled,
            look_at_dates,
        )
        from quytrinh.runtime.migration.actions import MIGRATE_KIND, give_up, migrate_batch
        from quytrinh.runtime.models import Case
        from quytrinh.runtime.timers import TIMER_KIND
        from quytrinh.runtime.unit_of_work import BESIDE_KIND, CALL_KIND, CANCEL_KIND, RETURN_KIND
        from quytrinh.signing import facts
        from quytrinh.signing.steps import STEPS as SIGNING_STEPS
        from quytrinh.spi import built_in

        for step in (*EXCHANGE_STEPS, *SIGNING_STEPS):
            built_in(step)
        facts.register(facts_of_document)
        handlers.register(
            "runtime.job", tasks.run_job, give_up=tasks.give_up_job, revive=tasks.revive_job
        )
        handlers.register("runtime.report", tasks.report_status)
        handlers.register(BESIDE_KIND, tasks.run_beside)
        handlers.register(TIMER_KIND, go_off)
        handlers.register(
            CALL_KIND,
            subcases.begin_called,
            give_up=tasks.give_up_job,
            revive=tasks.revive_job,
        )
        handlers.register(RETURN_KIND, subcases.take_end)
        handlers.register(CANCEL_KIND, subcases.cancel_called)
        handlers.register(CHECK_KIND, tasks.check_files)
        handlers.register(RECOMPUTE_KIND, recompute_batch)
        handlers.register(MIGRATE_KIND, migrate_batch, give_up=give_up)
        handlers.register(SCHEDULE_KIND, begin_scheduled)
        ticks.register(look_at_dates)
        events.register(on_message=take_in, on_status=take_status, on_alarm=take_alarm)
        access.register(may_see_case)
        pickers.SOURCES["agency"] = agencies
        heads.register(lambda: Case.objects.journal_heads())
