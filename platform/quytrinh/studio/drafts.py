"""A draft from its first text to the head's decision: one page, and what is done on it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from quytrinh.compiler.not_run_yet import not_run_yet
from quytrinh.compiler.plan import PlanSetting
from quytrinh.language.diagnostics import Diagnostic
from quytrinh.organization.access import agency_head_required, flow_author_required
from quytrinh.organization.directory import PersonView, directory
from quytrinh.runtime import actions, definitions
from quytrinh.runtime.actions.drafts import check_draft
from quytrinh.runtime.choices import VersionState
from quytrinh.runtime.exceptions import ActionNotAllowed, DraftInvalid, FormInvalid
from quytrinh.runtime.models import FlowVersion
from quytrinh.runtime.procedures import UNFINISHED, changes
from quytrinh.runtime.querysets import version_in_force
from quytrinh.studio.forms import NoteForm, PromulgationForm, ReasonForm, SourceForm
from quytrinh.studio.pages import Picture, listing, picture
from quytrinh.tenancy.context import reading

UNPROCESSABLE = 422


@flow_author_required
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


@flow_author_required
def draft(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """Show a draft with its findings; a POST keeps the changed text in its place."""
    version = _draft(version_id)
    if request.method == "POST":
        return _save(request, earlier=version)
    return _draft_page(request, version, version.source)


@require_POST
@flow_author_required
def submit(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """Lay the draft before the head of the agency."""
    form = NoteForm(request.POST)

    def do() -> HttpResponse:
        actions.submit(version_id=version_id, actor=request.person, note=form.cleaned_data["note"])
        messages.success(request, _("Đã trình thủ trưởng. Nội dung chỉ sửa được nếu bị trả lại."))
        return redirect("studio:draft", version_id)

    return _try(request, version_id, form, do)


@require_POST
@agency_head_required
def return_draft(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """Give the draft back to its author with the reason entered."""
    form = ReasonForm(request.POST)

    def do() -> HttpResponse:
        actions.return_draft(version_id=version_id, actor=request.person, **form.cleaned_data)
        messages.success(request, _("Đã trả lại bản nháp cho người soạn."))
        return redirect("studio:draft", version_id)

    return _try(request, version_id, form, do)


@require_POST
@flow_author_required
def delete(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """Throw the draft away."""

    def do() -> HttpResponse:
        actions.delete_draft(version_id=version_id, actor=request.person)
        messages.success(request, _("Đã xóa bản nháp."))
        return redirect("studio:list")

    return _try(request, version_id, None, do)


@require_POST
@agency_head_required
def promulgate(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """Promulgate a draft by the decision entered."""
    with reading(), transaction.atomic():
        version = get_object_or_404(FlowVersion, pk=version_id)
        settings = _settings(version)
    form = PromulgationForm(request.POST, settings=settings, people=directory())

    def do() -> HttpResponse:
        decision = {name: form.cleaned_data[name] for name in PromulgationForm.base_fields}
        version = actions.promulgate(
            version_id=version_id, actor=request.person, settings=form.values, **decision
        )
        told = _("Đã ban hành phiên bản %(number)d. Hồ sơ lập từ ngày %(day)s theo phiên bản này.")
        day = version.effective_from.strftime("%d/%m/%Y") if version.effective_from else ""
        messages.success(request, told % {"number": version.number, "day": day})
        return redirect("studio:flow", version.flow.key)

    return _try(request, version_id, form, do)


def _try(
    request: HttpRequest,
    version_id: UUID,
    form: forms.Form | None,
    do: Callable[[], HttpResponse],
) -> HttpResponse:
    """Do something to a draft, or show its page again with what was wrong."""
    problem, findings = "", None
    if form is None or form.is_valid():
        try:
            return do()
        except FormInvalid as refusal:
            for field, found in refusal.errors.items():
                assert form is not None
                form.add_error(field if field in form.fields else None, list(found))
        except DraftInvalid as refusal:
            problem, findings = refusal.message, refusal.diagnostics
        except ActionNotAllowed as refusal:
            problem = refusal.message
    version = _draft(version_id)
    return _draft_page(
        request, version, version.source, problem=problem, findings=findings, form=form
    )


def _draft(version_id: UUID) -> FlowVersion:
    with reading(), transaction.atomic():
        drafts = FlowVersion.objects.filter(state__in=UNFINISHED).select_related("flow")
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
            source=source, actor=request.person, version_id=earlier.pk if earlier else None
        )
    except FormInvalid as refusal:
        problem = " ".join(refusal.errors.get("source", [refusal.message]))
        return _draft_page(request, earlier, source, problem=problem)
    except ActionNotAllowed as refusal:
        return _draft_page(request, earlier, source, problem=refusal.message)
    if result.version is None:
        problem = _("Chưa lưu được: nội dung còn lỗi đến mức không nhận ra quy trình nào.")
        return _draft_page(request, earlier, source, problem=problem, findings=result.diagnostics)
    return redirect("studio:draft", result.version.pk)


def _settings(version: FlowVersion | None) -> tuple[PlanSetting, ...]:
    """Return the parameters of a draft's text with the values of now."""
    if version is None or version.definition_id is None:
        return ()
    return definitions.plan_with(version.definition_id, version.settings).settings


def _draft_page(
    request: HttpRequest,
    version: FlowVersion | None,
    source: str,
    *,
    problem: str = "",
    findings: Sequence[Diagnostic] | None = None,
    form: forms.Form | None = None,
) -> HttpResponse:
    """Draw the page of a draft; with a problem it is the answer to a refused write."""
    with reading(), transaction.atomic():
        context: dict[str, Any] = {
            "flow": version.flow if version else None,
            "version": version,
            "source": source,
            "problem": problem,
        }
        context |= _checked(version, source, findings)
        if version:
            context |= _of_version(request.person, version, form)
        context["ready"] = context["sound"] and not problem
        refused = problem or (form is not None and not form.is_valid())
        return render(
            request, "studio/draft.html", context, status=UNPROCESSABLE if refused else None
        )


def _checked(
    version: FlowVersion | None, source: str, findings: Sequence[Diagnostic] | None
) -> dict[str, Any]:
    """Return what the checker says of the text as it is kept, and what does not run yet."""
    waiting: Sequence[Diagnostic] = ()
    if findings is None and version is not None and version.source == source:
        result = check_draft(source, settings=version.settings)
        findings = result.diagnostics
        waiting = not_run_yet(result.flow) if result.ok and result.flow else ()
    found = findings or ()
    return {
        "findings": found,
        "errors": sum(finding.is_error for finding in found),
        "waiting": waiting,
        "listing": listing(source, found) if found else [],
        "sound": version is not None and version.definition_id is not None,
        "picture": Picture(),
    }


def _of_version(
    person: PersonView, version: FlowVersion, form: forms.Form | None
) -> dict[str, Any]:
    """Return what is known of a draft that is kept, and the forms by which it moves on."""
    versions = FlowVersion.objects.filter(flow=version.flow).select_related("flow")
    current = version_in_force(versions)
    people = directory()
    own = version.created_by_id in (None, person.id) or person.is_agency_head
    submitted = version.state == VersionState.SUBMITTED
    return {
        "picture": picture(version),
        "current": current,
        "changes": changes(version, current),
        "author": people.name_of(version.created_by_id),
        "submitter": people.name_of(version.submitted_by_id),
        "submitted": submitted,
        "may_change": own and not submitted,
        "decides": person.is_agency_head,
        "note_form": form if isinstance(form, NoteForm) else NoteForm(),
        "reason_form": form if isinstance(form, ReasonForm) else ReasonForm(),
        "form": form
        if isinstance(form, PromulgationForm)
        else PromulgationForm(settings=_settings(version), people=people),
        "promulgate_url": reverse("studio:promulgate", args=[version.pk]),
    }
