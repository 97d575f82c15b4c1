"""The calendars of the agency at work, read once for each version of its organization."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock

from django.db import transaction

from quytrinh.deadlines.calendars import Calendars
from quytrinh.deadlines.stored import Ingredients
from quytrinh.tenancy.context import current_tenant_id, reading

KEPT = 256

_kept: OrderedDict[tuple[int, int], Calendars] = OrderedDict()
_lock = Lock()


def calendars_of(organization_version: int) -> Calendars:
    """Return the calendars of the agency at work; rows are read only when the version is new.

    Every change of a calendar makes a new version (`actions.py`), so none is ever stale.
    """
    key = (current_tenant_id(), organization_version)
    with _lock:
        if key in _kept:
            _kept.move_to_end(key)
            return _kept[key]
    with reading(), transaction.atomic():
        built = Ingredients.read().calendars()
    with _lock:
        _kept[key] = built
        while len(_kept) > KEPT:
            _kept.popitem(last=False)
    return built
