"""Dates, deadlines and urgency in words a person reads at a glance."""

from __future__ import annotations

from datetime import datetime, timedelta

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from quytrinh.exchange import statuses

register = template.Library()

URGENCY = {
    "urgent": (lambda: _("Khẩn"), "badge-warn"),
    "very_urgent": (lambda: _("Thượng khẩn"), "badge-danger"),
    "flash": (lambda: _("Hỏa tốc"), "badge-danger"),
}

# A colour only repeats what the words of a badge say.
TONES = {
    "valid": "badge-good",
    "undetermined": "badge-warn",
    "invalid": "badge-danger",
    "unreadable": "badge-danger",
    "delivered": "badge-good",
    "failed": "badge-danger",
    "unknown": "badge-warn",
    "mismatch": "badge-danger",
    statuses.REFUSED: "badge-danger",
    statuses.COMPLETED: "badge-good",
    statuses.ASK_BACK: "badge-warn",
}


@register.filter
def tone(state: str) -> str:
    """Return the colour of a verdict, a state of transport, an origin or a business status."""
    return TONES.get(state, "")


@register.filter
def day(moment: datetime | None) -> str:
    """Write the local day as dd/mm/yyyy."""
    return timezone.localtime(moment).strftime("%d/%m/%Y") if moment else ""


@register.filter
def moment(value: datetime | None) -> str:
    """Write the local moment as dd/mm/yyyy HH:MM."""
    return timezone.localtime(value).strftime("%d/%m/%Y %H:%M") if value else ""


@register.filter
def hours(span: timedelta) -> str:
    """Write a span of working time in hours and minutes."""
    total = int(span.total_seconds() // 60)
    words = {"hours": total // 60, "minutes": total % 60}
    if total == 0:
        return _("chưa đến 1 phút")
    if total < 60:
        return _("%(minutes)d phút") % words
    if not words["minutes"]:
        return _("%(hours)d giờ") % words
    return _("%(hours)d giờ %(minutes)d phút") % words


@register.filter
def span(elapsed: timedelta) -> str:
    """Write how long something took by the clock: days and hours once it is more than a day."""
    if elapsed < timedelta(days=1):
        return hours(elapsed)
    return _("%(days)d ngày %(hours)d giờ") % {
        "days": elapsed.days,
        "hours": elapsed.seconds // 3600,
    }


@register.filter
def deadline_words(due_at: datetime | None) -> str:
    """Say how far a deadline is: days on the calendar, hours on the last day."""
    if due_at is None:
        return ""
    now = timezone.localtime()
    days = (timezone.localtime(due_at).date() - now.date()).days
    if due_at < now:
        return _overdue_words(-days, now - due_at)
    if days == 0:
        return _("Hôm nay")
    return _("Ngày mai") if days == 1 else _("Còn %(n)d ngày") % {"n": days}


def _overdue_words(days, past) -> str:
    if days > 0:
        return ngettext("Quá %(n)d ngày", "Quá %(n)d ngày", days) % {"n": days}
    hours = int(past.total_seconds() // 3600)
    if hours == 0:
        return _("Vừa quá hạn")
    return ngettext("Quá %(n)d giờ", "Quá %(n)d giờ", hours) % {"n": hours}


@register.simple_tag
def deadline_badge(due_at: datetime | None) -> SafeString | str:
    """Draw a deadline in words; the colour only repeats what the words say."""
    if due_at is None:
        return ""
    now = timezone.localtime()
    days = (timezone.localtime(due_at).date() - now.date()).days
    tone = "badge-danger" if due_at < now else "badge-warn" if days <= 1 else ""
    return format_html('<span class="badge {}">{}</span>', tone, deadline_words(due_at))


@register.simple_tag
def urgency_badge(urgency: str | None) -> SafeString | str:
    """Draw the urgency of a case; a normal one needs no badge."""
    if urgency not in URGENCY:
        return ""
    label, tone = URGENCY[urgency]
    return format_html('<span class="badge {}">{}</span> ', tone, label())
