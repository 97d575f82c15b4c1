"""The list of cases a person may see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from quytrinh.organization.directory import Directory, PersonView, directory
from quytrinh.runtime import definitions
from quytrinh.runtime.choices import WITHDRAWN
from quytrinh.runtime.models import Case, CaseTask

PAGE_SIZE = 50
ALL, RUNNING, ENDED = "", "dang-xu-ly", "da-xong"


@dataclass(frozen=True, slots=True)
class Tab:
    """A filter of the list."""

    label: str
    url: str
    current: bool


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A case in the list: where it is and who has it."""

    id: UUID
    title: str
    code: str
    urgency: str
    flow_name: str
    place: str
    holder: str
    finished: bool
    creator_name: str
    created: datetime


@dataclass(frozen=True, slots=True)
class CasesPage:
    """What the list shows."""

    tabs: tuple[Tab, ...]
    rows: list[CaseRow]
    next_url: str


def cases_page(person: PersonView, chosen: str, after: str) -> CasesPage:
    """Return a page of the cases this person may see, newest first."""
    cases = Case.objects.visible_to(person).order_by("-pk")  # UUIDv7: by age
    if chosen == RUNNING:
        cases = cases.filter(finished=None)
    elif chosen == ENDED:
        cases = cases.exclude(finished=None)
    if after:
        cases = cases.filter(pk__lt=_uuid(after))
    found = list(cases[: PAGE_SIZE + 1])
    shown = found[:PAGE_SIZE]
    labels = {ALL: _("Tất cả"), RUNNING: _("Đang xử lý"), ENDED: _("Đã xong")}
    return CasesPage(
        tabs=tuple(Tab(label, _url(key), key == chosen) for key, label in labels.items()),
        rows=_rows(shown),
        next_url=_url(chosen, shown[-1].pk) if len(found) > PAGE_SIZE else "",
    )


def _rows(cases: Sequence[Case]) -> list[CaseRow]:
    people = directory()
    waiting: dict[UUID, list[CaseTask]] = {}
    for task in CaseTask.objects.open().filter(process__in=cases).order_by("created", "pk"):
        waiting.setdefault(task.process_id, []).append(task)
    return [_row(case, waiting.get(case.pk, []), people) for case in cases]


def _row(case: Case, waiting: Sequence[CaseTask], people: Directory) -> CaseRow:
    plan = definitions.plan(case.digest)
    ends = {step.outcome: step.name for step in plan.steps if step.kind == "end"}
    holders = [person for task in waiting for person in _holders(task, people)]
    return CaseRow(
        id=case.pk,
        title=case.subject or _("(chưa có trích yếu)"),
        code=case.code,
        urgency=case.urgency,
        flow_name=plan.name,
        place=", ".join(dict.fromkeys(plan.step(task.step).name for task in waiting))
        or ends.get(case.outcome, "")
        or str(WITHDRAWN.get(case.outcome, "")),
        holder=", ".join(dict.fromkeys(people.name_of(person) for person in holders)),
        finished=not waiting,
        creator_name=people.name_of(case.creator_id),
        created=case.created,
    )


def _holders(task: CaseTask, people: Directory) -> Sequence[UUID]:
    return [task.owner_id] if task.owner_id else people.holders_of(task.holder_keys)


def _url(chosen: str, last: UUID | None = None) -> str:
    query = {"loc": chosen} if chosen else {}
    if last:
        query["sau"] = str(last)
    return reverse("inbox:cases") + (f"?{urlencode(query)}" if query else "")


def _uuid(text: str) -> UUID:
    """Read where the page before ended; nonsense is the beginning."""
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=2**128 - 1)
