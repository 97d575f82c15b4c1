"""Verbs as pages post them."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from quytrinh.inbox.answers import already_done_answer, refused_verb_answer
from quytrinh.inbox.verb_page import VerbEntry
from quytrinh.organization.access import person_required
from quytrinh.runtime import actions
from quytrinh.runtime.exceptions import (
    ActionNotAllowed,
    ExpressionFailed,
    FormInvalid,
    RuntimeFailure,
    TaskAlreadyDone,
)
from quytrinh.runtime.verbs.effects import Asked
from quytrinh.runtime.verbs.offers import VERBS

FIELDS = ("comment", "person", "member", "period", "new_lead")


@person_required
def use_on_task(request: HttpRequest, task_id: UUID, verb: str) -> HttpResponse:
    """Use a verb on a task, or answer what one was asked beside it."""
    if request.method != "POST":  # a refused answer that is loaded again
        return redirect("inbox:task", task_id)

    def use() -> UUID:
        return actions.use_on_task(
            task_id=task_id, actor=request.person, verb=verb, asked=_asked(request)
        )

    try:
        return _answer(request, verb, use)
    except TaskAlreadyDone as refusal:
        return already_done_answer(request, task_id, refusal)
    except (FormInvalid, ActionNotAllowed, ExpressionFailed) as refusal:
        return refused_verb_answer(request, _entry(request, verb, refusal), task_id=task_id)


@person_required
def use_on_case(request: HttpRequest, case_id: UUID, case_verb: str) -> HttpResponse:
    """Recall, cancel or reopen a case."""
    if request.method != "POST":
        return redirect("inbox:case", case_id)

    def use() -> UUID:
        return actions.use_on_case(
            case_id=case_id, actor=request.person, verb=case_verb, asked=_asked(request)
        )

    try:
        return _answer(request, case_verb, use)
    except (FormInvalid, ActionNotAllowed, ExpressionFailed) as refusal:
        return refused_verb_answer(request, _entry(request, case_verb, refusal), case_id=case_id)


def _answer(request: HttpRequest, verb: str, use: Callable[[], UUID]) -> HttpResponse:
    case_id = use()
    done = {"verb": VERBS[verb].label}
    messages.success(request, _("Đã thực hiện: %(verb)s.") % done)
    return redirect("inbox:case", case_id)


def _asked(request: HttpRequest) -> Asked:
    """Read what goes with a verb; whom nobody knows is nobody."""
    posted = request.POST
    kind, _colon, member = posted.get("member", "").partition(":")
    return Asked(
        comment=posted.get("comment", ""),
        person=_uuid(member if kind == "person" else posted.get("person", "")),
        unit=member if kind == "unit" else "",
        period=posted.get("period", ""),
        new_lead=posted.get("new_lead", "").partition(":")[2],
    )


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _entry(request: HttpRequest, verb: str, refusal: RuntimeFailure) -> VerbEntry:
    problem = refusal.message
    if isinstance(refusal, FormInvalid):
        problem = " ".join(words for each in refusal.errors.values() for words in each)
    values = {name: request.POST.get(name, "") for name in FIELDS}
    return VerbEntry(verb=verb, problem=problem, values=values)
