"""The exchange app."""

from __future__ import annotations

from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    """Messages between agencies, their statuses, and what an agency keeps out."""

    name = "quytrinh.exchange"
    label = "exchange"

    def ready(self) -> None:
        """Hook the exchange into the rooms below it."""
        from quytrinh.background import handlers, ticks
        from quytrinh.documents import gatekeeping
        from quytrinh.exchange import tasks
        from quytrinh.exchange.actions.dispatch import SEND
        from quytrinh.exchange.actions.report import REPORT
        from quytrinh.exchange.exclusions import own_exclusions

        handlers.register(SEND, tasks.send_message, give_up=tasks.give_up_message)
        handlers.register(REPORT, tasks.send_report, give_up=tasks.give_up_report)
        handlers.register(tasks.COLLECT, tasks.collect, give_up=tasks.give_up_collect)
        handlers.register(tasks.DELIVERY, tasks.take_delivery)
        ticks.register(tasks.look_around)
        gatekeeping.register(own_exclusions)
