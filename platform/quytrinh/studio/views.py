"""Procedures of the agency: the list, and one of them by one of its versions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from quytrinh.organization.access import flow_author_required
from quytrinh.organization.directory import directory
from quytrinh.runtime.migration.standing import old_versions
from quytrinh.runtime.models import CaseMigration, Flow, FlowVersion
from quytrinh.runtime.procedures import UNFINISHED, changes, flow_rows
from quytrinh.runtime.querysets import version_in_force
from quytrinh.studio.law import law_page
from quytrinh.studio.pages import Picture, picture, standing, version_row

UNPROCESSABLE = 422

SHAPES = (("svg", "SVG"), ("bpmn", "BPMN 2.0"), ("json", "JSON"))


@require_safe
@flow_author_required
def flows(request: HttpRequest) -> HttpResponse:
    """List the procedures."""
    return render(request, "studio/list.html", {"flows": flow_rows()})


@require_safe
@flow_author_required
def law(request: HttpRequest) -> HttpResponse:
    """Show which steps carry out which article of which regulation, and the reverse."""
    return render(request, "studio/law.html", {"page": law_page()})


@require_safe
@flow_author_required
def flow(request: HttpRequest, key: str, number: int | None = None) -> HttpResponse:
    """Show a procedure by one of its promulgated versions, by default the one in force."""
    found = get_object_or_404(Flow, key=key)
    versions = list(found.versions.select_related("flow").order_by("-number"))
    current = version_in_force(versions)
    shown = _shown(versions, number, current)
    promulgated_by = shown.promulgated_by_id if shown else None
    context: dict[str, Any] = {
        "flow": found,
        "shown": shown,
        "in_force": shown is not None and shown == current,
        "standing": standing(shown, current) if shown else "",
        "promulgated_by": directory(request.tenant.organization_version).name_of(promulgated_by),
        "current": current,
        "shapes": SHAPES,
        "versions": [version_row(version, current) for version in versions],
        "picture": picture(shown) if shown else Picture(),
        "changes": changes(shown, current) if shown else (),
    }
    if request.person.moves_cases:
        context["old_versions"] = old_versions({key: current.number}) if current else []
        context["migrations"] = CaseMigration.objects.with_progress().filter(source__flow=found)[:5]
    return render(request, "studio/flow.html", context)


def _shown(
    versions: Sequence[FlowVersion], number: int | None, current: FlowVersion | None
) -> FlowVersion | None:
    published = [each for each in versions if each.state not in UNFINISHED]
    if number is None:
        return current or next(iter(published), None)
    for version in published:
        if version.number == number:
            return version
    raise Http404
