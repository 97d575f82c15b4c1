"""What people and machines do with the exchange; steps, pages and commands call these."""

from __future__ import annotations

from quytrinh.exchange.actions.addresses import (
    add_partner,
    exclude_mark,
    learn_partners,
    set_own_code,
)
from quytrinh.exchange.actions.dispatch import OutgoingDocument, dispatch
from quytrinh.exchange.actions.receive import Receipt, receive
from quytrinh.exchange.actions.report import ask_back, report, report_for_case
from quytrinh.exchange.actions.take_over import (
    case_values,
    main_facts,
    take_over,
    take_versions,
)

__all__ = [
    "OutgoingDocument",
    "Receipt",
    "add_partner",
    "ask_back",
    "case_values",
    "dispatch",
    "exclude_mark",
    "learn_partners",
    "main_facts",
    "receive",
    "report",
    "report_for_case",
    "set_own_code",
    "take_over",
    "take_versions",
]
