"""Units, positions, people and calendars of the agency, to look at."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from quytrinh.administration.calendar_page import calendar_page
from quytrinh.administration.machine_page import machine_page, retry_work
from quytrinh.administration.pages import people_rows, position_rows, tabs, unit_tree
from quytrinh.background.exceptions import NotRetryable
from quytrinh.background.models import OutboxMessage
from quytrinh.organization.access import administrator_required
from quytrinh.organization.directory import directory
from quytrinh.runtime.migration.standing import old_versions
from quytrinh.runtime.models import CaseMigration

PAGE = 50


@require_safe
@administrator_required
def units(request: HttpRequest) -> HttpResponse:
    """Show the tree of units."""
    known = directory(request.tenant.organization_version)
    context = {"tabs": tabs(known, "units"), "roots": unit_tree(known)}
    return render(request, "administration/units.html", context)


@require_safe
@administrator_required
def positions(request: HttpRequest) -> HttpResponse:
    """Show the positions and who holds them."""
    known = directory(request.tenant.organization_version)
    context = {"tabs": tabs(known, "positions"), "positions": position_rows(known)}
    return render(request, "administration/positions.html", context)


@require_safe
@administrator_required
def people(request: HttpRequest) -> HttpResponse:
    """Show the people, their posts and roles."""
    known = directory(request.tenant.organization_version)
    context = {"tabs": tabs(known, "people"), "people": people_rows(known)}
    return render(request, "administration/people.html", context)


@require_safe
@administrator_required
def migrations(request: HttpRequest) -> HttpResponse:
    """Show when running cases were carried over to new versions, and how far that is."""
    known = directory(request.tenant.organization_version)
    pages = Paginator(CaseMigration.objects.with_progress(), PAGE)
    page = pages.get_page(request.GET.get("trang"))
    context = {"tabs": tabs(known, "migrations"), "page": page, "old": old_versions()}
    return render(request, "administration/migrations.html", context)


@require_safe
@administrator_required
def machine(request: HttpRequest) -> HttpResponse:
    """Show what the machine could not do, what it tries again, and what fires when."""
    known = directory(request.tenant.organization_version)
    context = {"tabs": tabs(known, "machine"), "page": machine_page(known, timezone.now())}
    return render(request, "administration/machine.html", context)


@require_POST
@administrator_required
def retry(request: HttpRequest, work_id: UUID) -> HttpResponse:
    """Let the machine try once more what it gave up."""
    try:
        retry_work(message_id=work_id, actor=request.person)
        messages.success(request, _("Máy sẽ làm lại ngay. Nếu vẫn lỗi, việc lại hiện ở đây."))
    except OutboxMessage.DoesNotExist as gone:
        raise Http404 from gone
    except NotRetryable:
        messages.error(request, _("Việc này đã được giải quyết cách khác, không cần chạy lại."))
    return redirect("administration:machine")


@require_safe
@administrator_required
def calendar(request: HttpRequest) -> HttpResponse:
    """Show a year of the agency's calendars with what announced each day."""
    known = directory(request.tenant.organization_version)
    page = calendar_page(known.calendars, request.GET.get("nam", ""), request.GET.get("lich", ""))
    context = {"tabs": tabs(known, "calendar"), "page": page}
    return render(request, "administration/calendar.html", context)
