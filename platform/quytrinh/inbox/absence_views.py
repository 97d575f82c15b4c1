"""Vắng mặt và ủy quyền: a person tells when they are away and who acts for them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from quytrinh.inbox.absence_page import absence_form, absence_page, delegation_form
from quytrinh.organization import absences
from quytrinh.organization.access import person_required
from quytrinh.organization.directory import Directory, directory
from quytrinh.organization.exceptions import EntryRefused, NotYours
from quytrinh.tenancy.context import reading

UNPROCESSABLE = 422


@require_safe
@person_required
def overview(request: HttpRequest) -> HttpResponse:
    """Show who is away and who acts for whom."""
    return _shown(request)


@require_POST
@person_required
def record_absence(request: HttpRequest) -> HttpResponse:
    """Note an absence."""
    form = absence_form(_people(request), request.person, request.POST)

    def save(entered: dict[str, Any]) -> str:
        absences.record_absence(
            actor=request.person,
            person=UUID(entered["person"]),
            since=entered["since"],
            until=entered["until"],
            reason=entered["reason"],
            substitute=UUID(entered["substitute"]) if entered["substitute"] else None,
        )
        return _("Đã ghi nhận vắng mặt.")

    return _saved(request, form, save) or _refused(request, absence_form=form)


@require_POST
@person_required
def delegate(request: HttpRequest) -> HttpResponse:
    """Give a delegation."""
    form = delegation_form(_people(request), request.person, request.POST)

    def save(entered: dict[str, Any]) -> str:
        absences.delegate(
            actor=request.person,
            giver=UUID(entered["person"]),
            receiver=UUID(entered["receiver"]),
            since=entered["since"],
            until=entered["until"],
            scope=entered["scope"],
            basis=entered["basis"],
        )
        return _("Đã ghi nhận ủy quyền.")

    return _saved(request, form, save) or _refused(request, delegation_form=form)


@require_POST
@person_required
def end_absence(request: HttpRequest, absence_id: UUID) -> HttpResponse:
    """Note that somebody is back."""
    return _ended(request, absences.end_absence, absence=absence_id)


@require_POST
@person_required
def end_delegation(request: HttpRequest, delegation_id: UUID) -> HttpResponse:
    """Take a delegation back."""
    return _ended(request, absences.end_delegation, delegation=delegation_id)


def _saved(
    request: HttpRequest, form: forms.Form, save: Callable[[dict[str, Any]], str]
) -> HttpResponse | None:
    """Save what the form holds; None when it, or the action, refuses: the form then says why."""
    if not form.is_valid():
        return None
    try:
        told = save(form.cleaned_data)
    except NotYours:
        raise Http404 from None
    except EntryRefused as refusal:
        for field, found in refusal.errors.items():
            form.add_error(field, list(found))
        return None
    messages.success(request, told)
    return redirect("inbox:absences")


def _refused(request: HttpRequest, **refused: forms.Form) -> HttpResponse:
    with reading(), transaction.atomic():
        return _shown(request, status=UNPROCESSABLE, **refused)


def _shown(
    request: HttpRequest, *, status: int | None = None, **refused: forms.Form
) -> HttpResponse:
    page = absence_page(_people(request), request.person)
    shown = {"absence_form": page.absence_form, "delegation_form": page.delegation_form, **refused}
    return render(request, "inbox/absences.html", {"page": page, **shown}, status=status)


def _ended(request: HttpRequest, end: Callable[..., None], **which: UUID) -> HttpResponse:
    try:
        end(actor=request.person, **which)
    except NotYours:
        raise Http404 from None
    messages.success(request, _("Đã kết thúc."))
    return redirect("inbox:absences")


def _people(request: HttpRequest) -> Directory:
    return directory(request.tenant.organization_version)
