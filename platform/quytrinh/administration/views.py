"""Units, positions, people and calendars of the agency, to look at."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from quytrinh.administration.calendar_page import calendar_page
from quytrinh.administration.pages import people_rows, position_rows, tabs, unit_tree
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
def calendar(request: HttpRequest) -> HttpResponse:
    """Show a year of the agency's calendars with what announced each day."""
    known = directory(request.tenant.organization_version)
    page = calendar_page(known.calendars, request.GET.get("nam", ""), request.GET.get("lich", ""))
    context = {"tabs": tabs(known, "calendar"), "page": page}
    return render(request, "administration/calendar.html", context)
