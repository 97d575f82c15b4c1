"""The editor of a draft: table, drawing and text of one procedure, changed step by step."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from quytrinh.compiler.editing.operations import (
    Delete,
    DeleteRole,
    Move,
    Operation,
    Rename,
    Reorder,
    Rewrite,
    Set,
    Unwrap,
    Wrap,
)
from quytrinh.compiler.editing.refusal import EditRefused
from quytrinh.compiler.editing.steps import fresh
from quytrinh.organization.access import flow_author_required
from quytrinh.organization.directory import directory
from quytrinh.runtime import actions
from quytrinh.runtime.actions.drafts import check_draft
from quytrinh.runtime.actions.edits import last_edit, undone_edit
from quytrinh.runtime.choices import VersionState
from quytrinh.runtime.exceptions import (
    ActionNotAllowed,
    EditNotPossible,
    FormInvalid,
    NotFoundForYou,
    RuntimeFailure,
    TextOutdated,
)
from quytrinh.runtime.models import FlowVersion
from quytrinh.runtime.people_of_agency import PeopleOfAgency
from quytrinh.runtime.procedures import UNFINISHED
from quytrinh.studio.inspector import inspector_of, role_choices, step_values
from quytrinh.studio.new_steps import key_of, kinds_of_work, new_step, new_text
from quytrinh.studio.roles import role_rows, who_choices, who_value
from quytrinh.studio.sheet import Sheet, sheet_of
from quytrinh.studio.words import words_of
from quytrinh.tenancy.context import reading

UNPROCESSABLE = 422
STEP = "buoc"


@flow_author_required
def editor(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """Show a draft with its table, drawing, findings, and the step chosen; a POST edits it."""
    if request.method == "POST":
        return _edit(request, version_id)
    return _page(request, version_id, request.GET.get(STEP, ""))


@flow_author_required
def begin(request: HttpRequest) -> HttpResponse:
    """Ask what a new procedure is called and what document it is about; make its draft."""
    entered = {key: request.POST.get(key, "").strip() for key in ("name", "document", "basis")}
    problem = ""
    if request.method == "POST":
        key = key_of(entered["name"], "-")
        if not key:
            problem = _("Hãy đặt tên cho quy trình.")
        else:
            with reading(), transaction.atomic():
                text = new_text(key=key, people=directory(), **entered)
            try:
                result = actions.save_draft(source=text, actor=request.person)
            except (ActionNotAllowed, FormInvalid) as refusal:
                problem = refusal.message
            else:
                assert result.version is not None
                return redirect("studio:editor", result.version.pk)
    context = {"entered": entered, "problem": problem}
    return render(
        request, "studio/editor/begin.html", context, status=UNPROCESSABLE if problem else None
    )


def _edit(request: HttpRequest, version_id: UUID) -> HttpResponse:
    posted = request.POST
    selected = posted.get("step", "")
    try:
        edited = _done(request, version_id)
    except EditRefused as refusal:
        refused = EditNotPossible(refusal.message, hint=refusal.hint, places=refusal.places)
        return _page(request, version_id, selected, refused=refused)
    except (EditNotPossible, TextOutdated, ActionNotAllowed) as refused:
        return _page(request, version_id, selected, refused=refused)
    except NotFoundForYou as refused:
        raise Http404 from refused
    if request.htmx:
        return _page(request, version_id, edited.step or selected)
    address = reverse("studio:editor", args=[version_id])
    return redirect(f"{address}?{STEP}={edited.step or selected}")


def _done(request: HttpRequest, version_id: UUID) -> actions.DraftEdited:
    """Do what was asked of the draft."""
    asked: dict[str, Any] = {
        "version_id": version_id,
        "actor": request.person,
        "base": request.POST.get("base", ""),
    }
    match request.POST.get("op"):
        case "undo":
            return actions.undo_edit(**asked)
        case "redo":
            return actions.redo_edit(**asked)
    with reading(), transaction.atomic():
        version = _draft(version_id)
        sheet = _sheet(version, request.POST.get("step", ""))
        operation = operation_of(request.POST, sheet)
    return actions.edit_draft(operation=operation, **asked)


def operation_of(posted: QueryDict, sheet: Sheet) -> Operation:
    """Return the operation that a form of the editor asks for; raise EditRefused."""
    make = _OPERATIONS.get(posted.get("op", ""))
    if make is None:
        raise EditRefused(_("Không hiểu thao tác này."), _("Tải lại trang rồi thử lại."))
    return make(posted, sheet)


def _step(posted: QueryDict, sheet: Sheet) -> Operation:
    place = next((each for each in sheet.steps if each.id == posted.get("step")), None)
    if place is None:
        raise EditRefused(_("Không còn bước này."), _("Có thể bước vừa bị xóa."))
    return step_values(sheet, place, posted)


def _insert(posted: QueryDict, sheet: Sheet) -> Operation:
    return new_step(
        sheet,
        kind=posted.get("kind", ""),
        name=posted.get("name", ""),
        role=posted.get("role", ""),
        after=posted.get("step", ""),
    )


def _fix(posted: QueryDict, sheet: Sheet) -> Operation:
    finding, _dash, number = posted.get("fix", "").partition("-")
    for each in sheet.findings:
        if str(each.number) == finding and number.isdecimal() and int(number) < len(each.fixes):
            return each.fixes[int(number)].operation
    raise EditRefused(_("Lỗi này đã hết hoặc đã khác."))


def _role(posted: QueryDict, sheet: Sheet) -> Operation:
    key, name, who = (posted.get(each, "").strip() for each in ("role", "name", "who"))
    if not name:
        raise EditRefused(_("Hãy đặt tên cho vai trò."))
    if not key:
        roles = sheet.flow.get("roles")
        taken = set(roles) if isinstance(roles, Mapping) else set()
        key = fresh(key_of(name) or "vai_tro", taken)
        return Set(((("roles", key), {"name": name, "who": who_value(who or "creator")}),))
    changes: list[tuple[tuple[str | int, ...], Any]] = [(("roles", key, "name"), name)]
    if who:
        changes.append((("roles", key, "who"), who_value(who)))
    return Set(tuple(changes))


def _flow(posted: QueryDict, sheet: Sheet) -> Operation:
    keys = [key for key in ("name", "help", "document", "basis") if key in posted]
    changes = tuple(((key,), posted.get(key, "").strip() or None) for key in keys)
    if not posted.get("name", "x").strip():
        raise EditRefused(_("Quy trình phải có tên."))
    return Set(changes)


def _by(posted: QueryDict) -> int:
    return -1 if posted.get("by") == "-1" else 1


_OPERATIONS: dict[str, Callable[[QueryDict, Sheet], Operation]] = {
    "step": _step,
    "insert": _insert,
    "fix": _fix,
    "role": _role,
    "flow": _flow,
    "move": lambda posted, sheet: Move(posted.get("step", ""), by=_by(posted)),
    "delete": lambda posted, sheet: Delete(posted.get("step", ""), repair="repair" in posted),
    "delete-role": lambda posted, sheet: DeleteRole(posted.get("role", "")),
    "wrap": lambda posted, sheet: Wrap(
        posted.get("step", ""), posted.get("kind", ""), {"role": posted.get("role", "")}
    ),
    "unwrap": lambda posted, sheet: Unwrap(posted.get("step", "")),
    "rename": lambda posted, sheet: Rename("step", posted.get("step", ""), posted.get("new", "")),
    "action-up": lambda posted, sheet: Reorder(
        ("actions", posted.get("action", "")), -1, posted.get("step", "")
    ),
    "action-delete": lambda posted, sheet: Set(
        ((("actions", posted.get("action", "")), None),), posted.get("step", "")
    ),
    "rewrite": lambda posted, sheet: Rewrite(posted.get("source", "").replace("\r\n", "\n")),
}


def _draft(version_id: UUID) -> FlowVersion:
    drafts = FlowVersion.objects.filter(state__in=UNFINISHED).select_related("flow")
    return get_object_or_404(drafts, pk=version_id)


def _sheet(version: FlowVersion, selected: str) -> Sheet:
    return sheet_of(version, check_draft(version.source, settings=version.settings), selected)


def _page(
    request: HttpRequest,
    version_id: UUID,
    selected: str,
    *,
    refused: RuntimeFailure | None = None,
) -> HttpResponse:
    """Draw the editor; HTMX gets the part that an edit changes."""
    with reading(), transaction.atomic():
        version = _draft(version_id)
        sheet = _sheet(version, selected)
        people = PeopleOfAgency.at_work()
        own = version.created_by_id in (None, request.person.id) or request.person.is_agency_head
        last = last_edit(version)
        context = {
            "version": version,
            "sheet": sheet,
            "may_change": own and version.state == VersionState.DRAFT,
            "inspector": inspector_of(sheet),
            "roles": role_rows(sheet, people),
            "role_choices": role_choices(sheet.flow, "")[1:],
            "who": who_choices(sheet, people.directory, "creator"),
            "kinds": kinds_of_work(),
            "refused": refused,
            "outdated": isinstance(refused, TextOutdated),
            "typed": _typed(request) if refused else "",
            "can_undo": last is not None,
            "can_redo": undone_edit(version) is not None,
            "saved_at": timezone.localtime(last.at if last else version.created_at),
            "marks": [each.diagnostic.as_json() for each in sheet.findings],
            "words": words_of(sheet),
            "lines": sheet.lines,
            "yaml": request.GET.get("xem") == "yaml" or request.POST.get("op") == "rewrite",
        }
        whole = not request.htmx
        template = "studio/editor/page.html" if whole else "studio/editor/parts/editor.html"
        status = refused.status_code if refused and whole else None
        return render(request, template, context, status=status)


def _typed(request: HttpRequest) -> str:
    """What was entered and not kept, so that nobody has to think of it again."""
    hidden = ("csrfmiddlewaretoken", "base", "op", "step", "_agency")
    if request.POST.get("op") == "rewrite":
        return str(request.POST.get("source", ""))
    entered = (
        value.strip()
        for key in request.POST
        if key not in hidden
        for value in request.POST.getlist(key)
    )
    return "; ".join(each for each in entered if each)
