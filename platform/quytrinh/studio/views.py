"""Procedures of the agency: the list, one of them, a draft and its promulgation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from quytrinh.language.diagnostics import Diagnostic
from quytrinh.organization.access import agency_head_required
from quytrinh.organization.directory import directory
from quytrinh.runtime import actions
from quytrinh.runtime.actions.drafts import check_draft
from quytrinh.runtime.choices import VersionState
from quytrinh.runtime.exceptions import DraftInvalid, FormInvalid
from quytrinh.runtime.models import Flow, FlowVersion
from quytrinh.runtime.querysets import version_in_force
from quytrinh.studio.forms import PromulgationForm, SourceForm
from quytrinh.studio.pages import (
    Picture,
    flow_rows,
    listing,
    picture,
    standing,
    version_row,
)
from quytrinh.tenancy.context import reading

UNPROCESSABLE = 422


@require_safe
@agency_head_required
def flows(request: HttpRequest) -> HttpResponse:
    """List the procedures."""
    return render(request, "studio/list.html", {"flows": flow_rows()})


@require_safe
@agency_head_required
def flow(request: HttpRequest, key: str, number: int | None = None) -> HttpResponse:
    """Show a procedure by one of its promulgated versions, by default the one in force."""
    found = get_object_or_404(Flow, key=key)
    versions = list(found.versions.select_related("flow").order_by("-number"))
    current = version_in_force(versions)
    shown = _shown(versions, number, current)
    promulgated_by = shown.promulgated_by_id if shown else None
    context = {
        "flow": found,
        "shown": shown,
        "in_force": shown is not None and shown == current,
        "standing": standing(shown, current) if shown else "",
        "promulgated_by": directory(request.tenant.organization_version).name_of(promulgated_by),
        "versions": [version_row(version, current) for version in versions],
        "picture": picture(shown) if shown else Picture(),
    }
    return render(request, "studio/flow.html", context)


@agency_head_required
def new_draft(request: HttpRequest) -> HttpResponse:
    """Take the first text of a draft, perhaps beginning from an earlier version."""
    if request.method == "POST":
        return _save(request, earlier=None)
    begin_from = request.GET.get("tu")
    source = ""
    if begin_from and begin_from.isdecimal():
        version = FlowVersion.objects.filter(
            flow__key=request.GET.get("quy-trinh"), number=begin_from
        ).first()
        source = version.source if version else ""
    return _draft_page(request, None, source)


@agency_head_required
def draft(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """Show a draft with its findings; a POST keeps the changed text as the next draft."""
    if request.method == "POST":
        return _save(request, earlier=_draft(version_id))
    version = _draft(version_id)
    return _draft_page(request, version, version.source)


@require_POST
@agency_head_required
def promulgate(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """Promulgate a draft by the decision entered."""
    form = PromulgationForm(request.POST)
    problem = ""
    if form.is_valid():
        try:
            version = actions.promulgate(
                version_id=version_id, actor=request.person, **form.cleaned_data
            )
        except FormInvalid as refusal:
            for field, found in refusal.errors.items():
                form.add_error(field if field in form.fields else None, found)
        except DraftInvalid as refusal:
            problem = refusal.message
        else:
            return _promulgated(request, version)
    version = _draft(version_id)
    return _draft_page(request, version, version.source, problem=problem, form=form)


def _promulgated(request: HttpRequest, version: FlowVersion) -> HttpResponse:
    told = _("Đã ban hành phiên bản %(number)d. Hồ sơ lập từ ngày %(day)s theo phiên bản này.")
    day = version.effective_from.strftime("%d/%m/%Y")
    messages.success(request, told % {"number": version.number, "day": day})
    return redirect("studio:flow", version.flow.key)


def _shown(
    versions: Sequence[FlowVersion], number: int | None, current: FlowVersion | None
) -> FlowVersion | None:
    published = [each for each in versions if each.state != VersionState.DRAFT]
    if number is None:
        return current or next(iter(published), None)
    for version in published:
        if version.number == number:
            return version
    raise Http404


def _draft(version_id: UUID) -> FlowVersion:
    with reading(), transaction.atomic():
        drafts = FlowVersion.objects.filter(state=VersionState.DRAFT).select_related("flow")
        return get_object_or_404(drafts, pk=version_id)


def _save(request: HttpRequest, earlier: FlowVersion | None) -> HttpResponse:
    form = SourceForm(request.POST, request.FILES)
    typed = request.POST.get("source", "")
    if not form.is_valid():
        problem = " ".join(map(str, form.non_field_errors()))
        return _draft_page(request, earlier, typed, problem=problem)
    source = form.cleaned_data["source"]
    try:
        result = actions.save_draft(
            source=source,
            actor=request.person,
            flow_key=earlier.flow.key if earlier else None,
        )
    except FormInvalid as refusal:
        problem = " ".join(refusal.errors.get("source", [refusal.message]))
        return _draft_page(request, earlier, source, problem=problem)
    if result.version is None:
        problem = _("Chưa lưu được: nội dung còn lỗi đến mức không nhận ra quy trình nào.")
        return _draft_page(request, earlier, source, problem=problem, findings=result.diagnostics)
    return redirect("studio:draft", result.version.pk)


def _draft_page(
    request: HttpRequest,
    version: FlowVersion | None,
    source: str,
    *,
    problem: str = "",
    findings: Sequence[Diagnostic] | None = None,
    form: PromulgationForm | None = None,
) -> HttpResponse:
    """Draw the page of a draft; with a problem it is the answer to a refused write."""
    with reading(), transaction.atomic():
        if findings is None:
            unchanged = version is not None and version.source == source
            findings = check_draft(source).diagnostics if unchanged else ()
        context: dict[str, Any] = {
            "flow": version.flow if version else None,
            "version": version,
            "source": source,
            "problem": problem,
            "findings": findings,
            "errors": sum(finding.is_error for finding in findings),
            "listing": listing(source, findings) if findings else [],
            "ready": version is not None and not problem and version.definition_id is not None,
            "picture": picture(version) if version else Picture(),
            "form": form or PromulgationForm(),
        }
        if version:
            context["promulgate_url"] = reverse("studio:promulgate", args=[version.pk])
        refused = problem or (form is not None and not form.is_valid())
        return render(
            request, "studio/draft.html", context, status=UNPROCESSABLE if refused else None
        )
