"""Cases under an earlier version: the dry run, what is chosen, what became of each case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from quytrinh.organization.access import case_mover_required
from quytrinh.organization.directory import directory
from quytrinh.runtime.exceptions import FormInvalid, NotFoundForYou, VersionConflict
from quytrinh.runtime.migration.actions import migrate_cases, undo_migration
from quytrinh.runtime.migration.standing import case_lines, dry_run_of
from quytrinh.runtime.models import CaseMigration
from quytrinh.runtime.procedures import changes
from quytrinh.tenancy.context import reading

UNPROCESSABLE = 422
STEP, CASE, WHICH, ALL = "buoc-", "ho-so", "chon", "tat-ca"
# Cases on one page of a dry run or a migration.
PAGE = 100


@dataclass(frozen=True, slots=True)
class Posted:
    """What somebody chose: later steps by earlier ones, and cases; None = all of them."""

    steps: Mapping[str, str]
    cases: tuple[UUID, ...] | None


@case_mover_required
def prepare(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """Show the dry run of a version's cases; a POST has them carried over."""
    if request.method != "POST":
        return _dry_run_page(request, key, number, request.GET)
    posted = _posted(request.POST)
    try:
        migration = migrate_cases(
            flow_key=key,
            number=number,
            actor=request.person,
            steps=posted.steps,
            cases=posted.cases,
        )
    except FormInvalid as refusal:
        problem = " ".join(message for found in refusal.errors.values() for message in found)
        return _dry_run_page(request, key, number, request.POST, problem=problem)
    except (NotFoundForYou, VersionConflict):
        return _dry_run_page(request, key, number, request.POST)
    messages.success(request, _("Đang chuyển hồ sơ. Mỗi hồ sơ được chuyển riêng, trọn vẹn."))
    return redirect("studio:migration", migration.pk)


@require_safe
@case_mover_required
def migration(request: HttpRequest, migration_id: UUID) -> HttpResponse:
    """Show how far a migration is, and what became of each case."""
    return _migration_page(request, migration_id)


@require_POST
@case_mover_required
def undo(request: HttpRequest, migration_id: UUID) -> HttpResponse:
    """Have chosen cases, or all, put back as they were."""
    try:
        undo_migration(
            migration_id=migration_id, actor=request.person, cases=_posted(request.POST).cases
        )
    except FormInvalid as refusal:
        problem = " ".join(message for found in refusal.errors.values() for message in found)
        return _migration_page(request, migration_id, problem=problem)
    except NotFoundForYou:
        return _migration_page(request, migration_id)
    messages.success(request, _("Đang hoàn tác. Hồ sơ đã được xử lý tiếp thì ở lại phiên bản mới."))
    return redirect("studio:migration", migration_id)


def _dry_run_page(
    request: HttpRequest, key: str, number: int, sent: QueryDict, *, problem: str = ""
) -> HttpResponse:
    posted = _posted(sent)
    with reading(), transaction.atomic():
        try:
            found = dry_run_of(key, number, {} if problem else posted.steps)
        except (NotFoundForYou, VersionConflict, FormInvalid) as refusal:
            return _refused(request, key, refusal)
        pages = Paginator(found.verdicts, PAGE)
        context: dict[str, Any] = {
            "flow": found.source.flow,
            "run": found,
            "page": pages.get_page(sent.get("trang")),
            "changes": changes(found.target, found.source),
            "chosen": {f"{STEP}{each.step}": each.chosen for each in found.choices},
            "ticked": set(posted.cases or ()),
            "problem": problem,
        }
        status = UNPROCESSABLE if problem else None
        return render(request, "studio/dry_run.html", context, status=status)


def _refused(
    request: HttpRequest, key: str, refusal: NotFoundForYou | VersionConflict | FormInvalid
) -> HttpResponse:
    context = {"problem": refusal.message, "key": key}
    return render(request, "studio/no_dry_run.html", context, status=refusal.status_code)


def _migration_page(request: HttpRequest, migration_id: UUID, *, problem: str = "") -> HttpResponse:
    with reading(), transaction.atomic():
        found = get_object_or_404(CaseMigration.objects.with_progress(), pk=migration_id)
        pages = Paginator(case_lines(found), PAGE)
        unsettled = found.count_waiting + found.count_undoing
        total = pages.count
        context = {
            "migration": found,
            "flow": found.source.flow,
            "page": pages.get_page(request.GET.get("trang")),
            "total": total,
            "settled": total - unsettled,
            "unsettled": unsettled,
            "begun_by": directory(request.tenant.organization_version).name_of(found.begun_by_id),
            "progress_words": ngettext(
                "Đã xong %(done)d/%(total)d hồ sơ", "Đã xong %(done)d/%(total)d hồ sơ", total
            )
            % {"done": total - unsettled, "total": total},
            "problem": problem,
        }
        status = UNPROCESSABLE if problem else None
        return render(request, "studio/migration.html", context, status=status)


def _posted(sent: QueryDict) -> Posted:
    """Read what was chosen; ids that are none are passed over."""
    named = (name for name in sent if name.startswith(STEP))
    steps = {name.removeprefix(STEP): sent.get(name, "") for name in named}
    if sent.get(WHICH) == ALL:
        return Posted(steps, None)
    return Posted(steps, tuple(each for each in map(_id, sent.getlist(CASE)) if each))


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
