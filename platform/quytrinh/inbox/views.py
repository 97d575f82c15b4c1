"""Work of a person: the inbox, cases, a task, the start of a case."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from quytrinh.documents.choices import Book
from quytrinh.exchange.actions import alarms
from quytrinh.exchange.models import ExchangeAlarm
from quytrinh.formkit.definition import Definition
from quytrinh.formkit.reading import Posted, read_post
from quytrinh.inbox.answers import (
    already_done_answer,
    case_answer,
    refused_answer,
    refused_recall_answer,
    start_answer,
    typed,
    visible_cases,
)
from quytrinh.inbox.case_page import Typed
from quytrinh.inbox.cases_page import cases_page
from quytrinh.inbox.exchange_page import exchange_page
from quytrinh.inbox.inbox_page import inbox_page
from quytrinh.inbox.registers_page import registers_page
from quytrinh.inbox.start import StartableFlow, startable_flows
from quytrinh.organization.access import exchange_required, person_required
from quytrinh.runtime import actions, definitions
from quytrinh.runtime.actions.entry import COMMENT_FIELD, task_form
from quytrinh.runtime.exceptions import (
    ActFailed,
    ActionNotAllowed,
    ExpressionFailed,
    FormInvalid,
    TaskAlreadyDone,
)
from quytrinh.runtime.models import CaseTask
from quytrinh.tenancy.context import reading


@require_safe
@person_required
def inbox(request: HttpRequest) -> HttpResponse:
    """Show what waits for this person."""
    page = inbox_page(request.person, request.GET.get("loc", ""), request.GET.get("sau", ""))
    return render(request, "inbox/list.html", {"page": page})


@require_safe
@person_required
def cases(request: HttpRequest) -> HttpResponse:
    """Show the cases this person may see."""
    page = cases_page(request.person, request.GET.get("loc", ""), request.GET.get("sau", ""))
    return render(request, "inbox/cases.html", {"page": page})


@require_safe
@person_required
def case(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Show a case, with this person's first task in it if there is one."""
    found = get_object_or_404(visible_cases(request), pk=case_id)
    return case_answer(request, found)


@require_safe
@person_required
def register_in(request: HttpRequest) -> HttpResponse:
    """Show the registers of incoming documents."""
    return _register(request, Book.INCOMING)


@require_safe
@person_required
def register_out(request: HttpRequest) -> HttpResponse:
    """Show the registers of outgoing documents."""
    return _register(request, Book.OUTGOING)


def _register(request: HttpRequest, book: Book) -> HttpResponse:
    year, after = request.GET.get("nam", ""), request.GET.get("tu", "")
    page = registers_page(request.person, book, year, after)
    return render(request, "inbox/registers.html", {"page": page})


@require_safe
@person_required
def task(request: HttpRequest, task_id: UUID) -> HttpResponse:
    """Show a task on the page of its case; opening it marks it seen."""
    found = get_object_or_404(CaseTask, pk=task_id)
    its_case = get_object_or_404(visible_cases(request), pk=found.process_id)
    if found.finished:
        return redirect("inbox:case", its_case.pk)
    return case_answer(request, its_case, chosen=task_id)


@person_required
def perform(request: HttpRequest, task_id: UUID, action: str) -> HttpResponse:
    """Do a task by one of its actions."""
    if request.method != "POST":  # a refused answer that is loaded again
        return redirect("inbox:task", task_id)
    posted = _read_entry(request, task_id)
    comment = request.POST.get(COMMENT_FIELD, "")
    try:
        result = actions.perform(
            task_id=task_id,
            actor=request.person,
            action=action,
            values=posted.values,
            comment=comment,
            uploads=posted.uploads,
        )
    except TaskAlreadyDone as refusal:
        return already_done_answer(request, task_id, refusal)
    except (FormInvalid, ActionNotAllowed, ActFailed, ExpressionFailed) as refusal:
        return refused_answer(request, task_id, typed(posted, comment, refusal))
    done = _("Đã xử lý xong bước này của hồ sơ %(code)s.")
    told = _("Hồ sơ %(code)s đã giải quyết xong.") if result.finished else done
    messages.success(request, told % {"code": result.case_code})
    if result.my_next_task:
        return redirect("inbox:task", result.my_next_task)
    return redirect("inbox:list")


@person_required
def recall(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Answer a sender who wants a document back."""
    if request.method != "POST":
        return redirect("inbox:case", case_id)
    agrees, reason = request.POST.get("answer") == "agree", request.POST.get("reason", "")
    try:
        actions.answer_recall(
            case_id=case_id, actor=request.person, agree=agrees, reason=reason.strip()
        )
    except FormInvalid as refusal:
        problem = " ".join(refusal.errors["reason"])
        entry = Typed(comment=reason, problem=problem)
        return refused_recall_answer(request, case_id, recall=entry)
    except ActionNotAllowed as refusal:
        return refused_recall_answer(request, case_id, recall=Typed(problem=refusal.message))
    told = _("Đã đồng ý trả lại văn bản; hồ sơ được đóng.")
    messages.success(request, told if agrees else _("Đã từ chối trả lại văn bản."))
    return redirect("inbox:case", case_id)


@person_required
def ask_back(request: HttpRequest, case_id: UUID, message_id: UUID) -> HttpResponse:
    """Ask a receiver to give a document back."""
    if request.method != "POST":
        return redirect("inbox:case", case_id)
    reason = request.POST.get("reason", "")
    try:
        actions.ask_document_back(
            case_id=case_id, message_id=message_id, actor=request.person, reason=reason
        )
    except (FormInvalid, ActionNotAllowed) as refusal:
        words = refusal.errors["reason"] if isinstance(refusal, FormInvalid) else [refusal.message]
        entry = Typed(comment=reason, problem=" ".join(words), about=message_id)
        return refused_recall_answer(request, case_id, ask_back=entry)
    messages.success(request, _("Đã đề nghị nơi nhận trả lại văn bản."))
    return redirect("inbox:case", case_id)


@require_safe
@exchange_required
def exchange(request: HttpRequest) -> HttpResponse:
    """Show what of the exchange waits for somebody to look at it."""
    return render(request, "inbox/exchange.html", {"page": exchange_page(request.person)})


@require_POST
@exchange_required
def see_alarm(request: HttpRequest, alarm_id: UUID) -> HttpResponse:
    """Note that somebody has looked at an alarm."""
    with transaction.atomic():
        get_object_or_404(ExchangeAlarm.objects.all(), pk=alarm_id)
    alarms.see_alarm(alarm_id=alarm_id, actor=request.person.id)
    return redirect("inbox:exchange")


@require_safe
@person_required
def start_list(request: HttpRequest) -> HttpResponse:
    """Show the procedures this person may begin."""
    return render(request, "inbox/start_list.html", {"flows": startable_flows(request.person)})


@person_required
def start(request: HttpRequest, flow_key: str) -> HttpResponse:
    """Show the form of a procedure's first step; a POST begins a case with it."""
    flow = _startable(request, flow_key)
    if request.method != "POST":
        return start_answer(request, flow, Typed())
    posted = _read(flow.form, request)
    comment = request.POST.get(COMMENT_FIELD, "")
    try:
        case_id = actions.begin_case(
            flow_key=flow_key,
            actor=request.person,
            action=request.POST.get("action", ""),
            values=posted.values,
            comment=comment,
            uploads=posted.uploads,
        )
    except (FormInvalid, ActionNotAllowed, ActFailed, ExpressionFailed) as refusal:
        return start_answer(request, flow, typed(posted, comment, refusal))
    messages.success(request, _("Đã lập hồ sơ và chuyển bước tiếp theo."))
    return redirect("inbox:case", case_id)


def _startable(request: HttpRequest, flow_key: str) -> StartableFlow:
    with reading(), transaction.atomic():
        for flow in startable_flows(request.person):
            if flow.key == flow_key:
                return flow
    raise Http404


def _read_entry(request: HttpRequest, task_id: UUID) -> Posted:
    """Read what was entered for a task; one that is gone is explained by the action itself."""
    with reading(), transaction.atomic():
        found = CaseTask.objects.open().select_related("process").filter(pk=task_id).first()
        if found is None:
            return _read(None, request)
        plan = definitions.plan(found.process.digest)
        definition = task_form(plan, plan.step(found.step))
    return _read(definition, request)


def _read(definition: Definition | None, request: HttpRequest) -> Posted:
    if definition is None:
        return Posted({}, {})
    return read_post(definition, request.POST, request.FILES)
