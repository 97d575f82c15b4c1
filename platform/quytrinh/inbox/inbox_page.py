"""The inbox as a page: tabs, one page of rows, the way to the next one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from quytrinh.inbox.exchange_page import has_news
from quytrinh.organization.directory import PersonView
from quytrinh.runtime.choices import EntryKind
from quytrinh.runtime.models import InboxEntry
from quytrinh.runtime.querysets import COUNT_CAP, InboxQuerySet

PAGE_SIZE = 50
ALL, OVERDUE, TODAY, INFORM = "", "qua-han", "hom-nay", "de-biet"


@dataclass(frozen=True, slots=True)
class Tab:
    """A filter of the list; `count` is words: beyond the cap nobody counts."""

    key: str
    label: str
    url: str
    count: str
    current: bool


@dataclass(frozen=True, slots=True)
class InboxPage:
    """What the list shows."""

    tabs: tuple[Tab, ...]
    entries: list[InboxEntry]
    first_url: str
    next_url: str
    filtered: bool
    exchange_has_news: bool


def inbox_page(person: PersonView, chosen: str, after: str) -> InboxPage:
    """Return a page of the person's inbox; unknown filters and places mean the beginning."""
    if chosen not in (ALL, OVERDUE, TODAY, INFORM):
        chosen = ALL
    place = _read_place(after)
    rows = _narrowed(chosen)
    if place:
        sort_at, last = place
        rows = rows.filter(Q(sort_at__gt=sort_at) | Q(sort_at=sort_at, pk__gt=last))
    found = rows.first_for(person.keys, PAGE_SIZE + 1)
    return InboxPage(
        tabs=_tabs(person, chosen),
        # A task that waits under two keys of one person is still one task.
        entries=list({entry.task_id: entry for entry in found[:PAGE_SIZE]}.values()),
        first_url=_url(chosen) if place else "",
        next_url=_url(chosen, found[PAGE_SIZE - 1]) if len(found) > PAGE_SIZE else "",
        filtered=chosen != ALL,
        exchange_has_news=person.is_clerk and has_news(),
    )


def _narrowed(chosen: str) -> InboxQuerySet:
    """Return the rows of one tab, of whoever."""
    if chosen == INFORM:
        return InboxEntry.objects.filter(kind=EntryKind.INFORM)
    tasks = InboxEntry.objects.filter(kind=EntryKind.TASK)
    now = timezone.localtime()
    if chosen == OVERDUE:
        return tasks.overdue(now)
    if chosen == TODAY:
        return tasks.due_by(now.replace(hour=23, minute=59, second=59, microsecond=999999), now)
    return tasks


def _tabs(person: PersonView, chosen: str) -> tuple[Tab, ...]:
    labels = {ALL: _("Tất cả"), OVERDUE: _("Quá hạn"), TODAY: _("Đến hạn hôm nay")}
    tabs = [
        Tab(key, label, _url(key), _count(key, person), key == chosen)
        for key, label in labels.items()
    ]
    informed = _narrowed(INFORM).filter(holder_key__in=person.keys)
    if chosen == INFORM or informed.exists():
        tabs.append(Tab(INFORM, _("Xem để biết"), _url(INFORM), "", chosen == INFORM))
    return tuple(tabs)


def _count(key: str, person: PersonView) -> str:
    count = _narrowed(key).count_for(person.keys)
    return f"{COUNT_CAP - 1}+" if count >= COUNT_CAP else str(count)


def _url(chosen: str, last: InboxEntry | None = None) -> str:
    query = {"loc": chosen} if chosen else {}
    if last:
        query["sau"] = f"{last.sort_at.isoformat()}_{last.pk}"
    return reverse("inbox:list") + (f"?{urlencode(query)}" if query else "")


def _read_place(after: str) -> tuple[datetime, UUID] | None:
    """Read the last row of the page before; nonsense is the beginning of the list."""
    moment, _separator, row = after.partition("_")
    try:
        sort_at = parse_datetime(moment)
        return (sort_at, UUID(row)) if sort_at and timezone.is_aware(sort_at) else None
    except ValueError:
        return None
