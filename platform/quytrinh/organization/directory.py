"""The directory of the agency at work, built in a few queries and kept until it changes."""

from __future__ import annotations

from collections import OrderedDict
from datetime import date
from threading import Lock
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from quytrinh.deadlines.agency import calendars_of
from quytrinh.organization.models import (
    Absence,
    Delegation,
    Person,
    Position,
    Post,
    RoleGrant,
    Unit,
)
from quytrinh.organization.snapshot import Directory, PersonView, build_directory
from quytrinh.tenancy.context import current_tenant_id, reading
from quytrinh.tenancy.models import Tenant

__all__ = ["Directory", "PersonView", "directory", "person_of_user"]

# One directory of a large agency is a few MB; the least recently used goes first.
KEPT = 128

_Key = tuple[int, int, date]
_kept: OrderedDict[_Key, Directory] = OrderedDict()
_lock = Lock()


def directory(version: int | None = None) -> Directory:
    """Return everyone of the agency at work, as of today.

    `version` is the agency's organization_version if the caller has just read it; otherwise one
    query asks. Rows are read after the version, so a kept directory is never older than its key.
    """
    tenant_id = current_tenant_id()
    if version is None:
        version = Tenant.objects.values_list("organization_version", flat=True).get(pk=tenant_id)
    key = (tenant_id, version, timezone.localdate())
    with _lock:
        if key in _kept:
            _kept.move_to_end(key)
            return _kept[key]
    built = _build(key[-1], version)
    with _lock:
        _kept[key] = built
        while len(_kept) > KEPT:
            _kept.popitem(last=False)
    return built


def person_of_user(user_id: UUID | None, version: int | None = None) -> PersonView | None:
    """Return the person as whom a user works in the agency at work, or None."""
    return directory(version).person_of_user(user_id)


def _build(day: date, version: int) -> Directory:
    with reading(), transaction.atomic():
        return build_directory(
            day=day,
            units=Unit.objects.views(),
            positions=Position.objects.views(),
            people=Person.objects.views(),
            posts=Post.objects.views(),
            grants=RoleGrant.objects.views(),
            absences=Absence.objects.views(day),
            delegations=Delegation.objects.views(day),
            calendars=calendars_of(version),
        )
