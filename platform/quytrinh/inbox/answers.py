"""The answers of the inbox: a case, a refusal that keeps what was typed, a task already done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from quytrinh.formkit.reading import Posted
from quytrinh.formkit.view import FormView
from quytrinh.inbox.case_page import Typed, case_page
from quytrinh.inbox.start import StartableFlow
from quytrinh.inbox.verb_page import VerbEntry
from quytrinh.runtime import actions
from quytrinh.runtime.actions.entry import COMMENT_FIELD
from quytrinh.runtime.choices import EntryKind
from quytrinh.runtime.exceptions import FormInvalid, RuntimeFailure, TaskAlreadyDone
from quytrinh.runtime.models import Case, CaseTask, InboxEntry
from quytrinh.runtime.querysets import CaseQuerySet
from quytrinh.tenancy.context import reading

UNPROCESSABLE = 422


def visible_cases(request: HttpRequest) -> CaseQuerySet:
    """Return the cases this person may see, each with its version."""
    return Case.objects.visible_to(request.person).select_related("flow_version")


def case_answer(request: HttpRequest, case: Case, *, chosen: UUID | None = None) -> HttpResponse:
    """Show a case; what of it waits in this person's inbox is marked seen after the page."""
    page = case_page(case, request.person, chosen=chosen)
    shown = {page.task.id} if page.task else set()
    shown |= {line.id for line in page.questions.mine}
    for entry in InboxEntry.objects.for_keys(request.person.keys).filter(case=case, seen_at=None):
        if entry.task_id in shown or entry.kind == EntryKind.INFORM:
            seen = partial(actions.mark_seen, task_id=entry.task_id, actor=request.person)
            transaction.on_commit(seen, robust=True)
    return render(request, "inbox/case.html", {"page": page})


def typed(posted: Posted, comment: str, refusal: RuntimeFailure) -> Typed:
    """Return what was typed with the refusal, to be shown again."""
    errors: Mapping[str, Sequence[str]] = {}
    problem = " ".join(part for part in (refusal.message, refusal.hint) if part)
    if isinstance(refusal, FormInvalid):
        errors = refusal.errors
    return Typed(
        values=posted.values,
        comment=comment,
        errors=errors,
        # The form itself sums up what is wrong with its fields.
        problem="" if errors.keys() - {COMMENT_FIELD} else problem,
        files_lost=bool(posted.uploads),
        refused=True,
    )


def refused_answer(request: HttpRequest, task_id: UUID, entry: Typed) -> HttpResponse:
    """Show the page of a task again with what was typed and why it was refused."""
    with reading(), transaction.atomic():
        task = get_object_or_404(CaseTask, pk=task_id)
        case = get_object_or_404(visible_cases(request), pk=task.process_id)
        page = case_page(case, request.person, chosen=task_id, typed=entry)
        return render(request, "inbox/case.html", {"page": page}, status=UNPROCESSABLE)


def refused_recall_answer(
    request: HttpRequest,
    case_id: UUID,
    *,
    recall: Typed | None = None,
    ask_back: Typed | None = None,
) -> HttpResponse:
    """Show the page of a case again with the answer or the request that was refused."""
    with reading(), transaction.atomic():
        case = get_object_or_404(visible_cases(request), pk=case_id)
        page = case_page(case, request.person, recall=recall, ask_back=ask_back)
        return render(request, "inbox/case.html", {"page": page}, status=UNPROCESSABLE)


def refused_verb_answer(
    request: HttpRequest,
    entry: VerbEntry,
    *,
    task_id: UUID | None = None,
    case_id: UUID | None = None,
) -> HttpResponse:
    """Show the page of a case again with the verb that was refused, and what was entered."""
    with reading(), transaction.atomic():
        if task_id:
            case_id = get_object_or_404(CaseTask, pk=task_id).process_id
        case = get_object_or_404(visible_cases(request), pk=case_id)
        page = case_page(case, request.person, chosen=task_id, verb=entry)
        return render(request, "inbox/case.html", {"page": page}, status=UNPROCESSABLE)


def already_done_answer(
    request: HttpRequest, task_id: UUID, refusal: TaskAlreadyDone
) -> HttpResponse:
    """Say who did the task and when, with the way to its case."""
    context = {
        "problem": refusal.message,
        "hint": refusal.hint,
        "back_url": reverse("inbox:task", args=[task_id]),
    }
    return render(request, "409.html", context, status=refusal.status_code)


def start_answer(request: HttpRequest, flow: StartableFlow, entry: Typed) -> HttpResponse:
    """Show the form of a procedure's first step, again if it was refused."""
    context = {
        "flow": flow,
        "form": flow.form and FormView.of(flow.form, values=entry.values, errors=entry.errors),
        "typed": entry,
    }
    status = UNPROCESSABLE if entry.refused else None
    with reading(), transaction.atomic():
        return render(request, "inbox/start.html", context, status=status)
