"""The way a case has gone, as a tree: its steps in order, blocks with their branches, to any depth.

What was released, late or cancelled is there with its reason; each step has who held it, since
when, and how long it took: from its arrival to its end, and in working time of the agency.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from viewflow.workflow.status import STATUS

from quytrinh.compiler.plan import CONFIRM, Plan
from quytrinh.deadlines.calendar import Calendar
from quytrinh.organization.directory import Directory, PersonView, directory
from quytrinh.runtime import definitions
from quytrinh.runtime.history import HistoryLine, holders_of
from quytrinh.runtime.models import CALLED, Case, CaseTask
from quytrinh.runtime.scopes import TOP, tokens_of

# Tasks that people know as steps; gateways pass at once.
STEPS, BLOCK = ("HUMAN", "JOB"), "JOIN"
WORKING = "working"
_REASONS = {
    "joined": gettext_lazy("được rút vì khối đã xong"),
    "returned": gettext_lazy("dừng vì hồ sơ bị trả lại"),
    "late": gettext_lazy("quá hạn"),
    "closed": gettext_lazy("dừng vì hồ sơ đã kết thúc"),
    "cancelled": gettext_lazy("hủy cùng hồ sơ gọi đến"),
    "updated": gettext_lazy("dừng vì nơi gửi cập nhật văn bản"),
    "recalled": gettext_lazy("dừng vì nơi gửi lấy lại văn bản"),
    "replaced": gettext_lazy("dừng vì văn bản được thay thế"),
}
_BRANCHES = {
    "open": gettext_lazy("đang làm"),
    "done": gettext_lazy("đã xong"),
    "released": gettext_lazy("được rút, không phải làm nữa"),
    "late": gettext_lazy("quá hạn, không làm xong"),
    "canceled": gettext_lazy("dừng cùng khối"),
}
_BLOCKS = {
    "open": gettext_lazy("đang làm"),
    "joined": gettext_lazy("đã xong"),
    "late": gettext_lazy("quá hạn"),
    "canceled": gettext_lazy("dừng"),
}


@dataclass(frozen=True, slots=True)
class Branch:
    """One branch of a block, or one member of an `each`."""

    name: str
    lead: bool
    state: str
    state_words: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """A step of the way, or a block: then with branches.

    `state`: open, done, returned, canceled, failed. `round`: which time a block was gone through.
    `elapsed` and `working` end now where the step is open.
    """

    step: str
    name: str
    state: str
    state_words: str
    since: datetime
    until: datetime | None
    elapsed: timedelta
    working: timedelta
    who: tuple[str, ...] = ()
    on_behalf_of: str = ""
    due_at: datetime | None = None
    comment: str = ""
    round: int = 0
    branches: tuple[Branch, ...] = ()
    child: UUID | None = None


@dataclass(frozen=True, slots=True)
class StepTime:
    """How often a step was gone through, and how long that took together."""

    name: str
    times: int
    elapsed: timedelta
    working: timedelta


@dataclass(frozen=True, slots=True)
class Tree:
    """The way of a case, and the time of each of its steps."""

    entries: tuple[Entry, ...]
    times: tuple[StepTime, ...]


def of(case: Case, lines: Sequence[HistoryLine], person: PersonView) -> Tree:
    """Return the tree of a case as a person sees it: cases it called are named if they may be seen.

    `lines` are its history, which knows who stood in for whom.
    """
    tasks = CaseTask.objects.filter(process_id=case.pk, flow_task_type__in=(*STEPS, BLOCK))
    told = _Teller(case, list(tasks.order_by("pk")), lines, person)
    entries = tuple(told.within(TOP))
    return Tree(entries, tuple(_times(entries)))


class _Teller:
    def __init__(
        self,
        case: Case,
        tasks: Sequence[CaseTask],
        lines: Sequence[HistoryLine],
        person: PersonView,
    ) -> None:
        self.case, self.plan = case, definitions.plan(case.digest)
        self.people: Directory = directory()
        self.calendar: Calendar = self.people.calendars.calendar(WORKING)
        self.now = case.finished or timezone.now()
        self.stood_in = {line.task: line.on_behalf_of for line in lines if line.on_behalf_of}
        self.names = {line.step_id: line.step for line in lines if line.step_id}
        self.by_scope: dict[str, list[CaseTask]] = {}
        for task in tasks:
            self.by_scope.setdefault(str(task.token), []).append(task)
        self.children = _children([task for task in tasks if self._calls(task)], person)

    def within(self, scope: str) -> Iterator[Entry]:
        """Yield what happened in a scope, in order."""
        for task in self.by_scope.get(scope, ()):
            yield self._block(task) if task.flow_task_type == BLOCK else self._step(task)

    def _step(self, task: CaseTask) -> Entry:
        state, words = self._state(task)
        return Entry(
            state=state,
            state_words=words,
            who=self._who(task),
            on_behalf_of=self.stood_in.get(str(task.pk), ""),
            comment=task.comment,
            child=self.children.get(task.pk),
            **self._common(task),
        )

    def _block(self, task: CaseTask) -> Entry:
        number = task.data["block"]
        block = self.case.blocks[number]
        words = str(_BLOCKS.get(block["state"], ""))
        if task.status == STATUS.CANCELED:
            words = _reason(task)
        return Entry(
            state=_tone(task),
            state_words=words,
            round=block["pass"],
            branches=tuple(
                self._branch(block, branch, token)
                for token, branch in tokens_of(self.case, number).items()
            ),
            **self._common(task),
        )

    def _branch(self, block: Mapping[str, Any], branch: Mapping[str, Any], token: str) -> Branch:
        return Branch(
            name=self._branch_name(block, branch),
            lead=bool(branch.get("lead")),
            state=branch["state"],
            state_words=str(_BRANCHES[branch["state"]]),
            entries=tuple(self.within(token)),
        )

    def _branch_name(self, block: Mapping[str, Any], branch: Mapping[str, Any]) -> str:
        if "member" in branch:
            return self.people_name(branch["member_kind"], branch["member"])
        steps = self.plan.step(block["step"]).branches if block["step"] in self.plan else ()
        return next((each.name for each in steps if each.id == branch["id"]), branch["id"])

    def people_name(self, kind: str, member: str) -> str:
        """Return the name of a unit or a person; agencies go by their id."""
        unit = self.people.unit(member) if kind == "unit" else None
        if unit:
            return unit.name
        return self.people.name_of(UUID(member)) if kind == "person" else member

    def _calls(self, task: CaseTask) -> bool:
        return task.step in self.plan and self.plan.step(task.step).kind == "call"

    def _common(self, task: CaseTask) -> dict[str, Any]:
        end = task.finished or self.now
        name = self.plan.name_of(task.step)
        return {
            "step": task.step,
            "name": name if task.step in self.plan else self.names.get(task.step, name),
            "since": task.created,
            "until": task.finished,
            "elapsed": end - task.created,
            "working": self.calendar.open_time(task.created, end),
            "due_at": None if task.finished else task.due_at,
        }

    def _who(self, task: CaseTask) -> tuple[str, ...]:
        if task.done_by_id:
            return (self.people.name_of(task.done_by_id),)
        if task.flow_task_type == "JOB" or task.status == STATUS.DONE:
            return (_("Hệ thống"),)
        return holders_of(task, self.people)

    def _state(self, task: CaseTask) -> tuple[str, str]:
        """Return how a step stands, for machines and in words."""
        if task.status == STATUS.CANCELED:
            return "canceled", _reason(task)
        if task.status == STATUS.DONE:
            return _done(task, self.plan)
        return _tone(task), _open_words(task)


def _tone(task: CaseTask) -> str:
    known = {STATUS.CANCELED: "canceled", STATUS.DONE: "done", STATUS.ERROR: "failed"}
    return known.get(task.status, "open")


def _open_words(task: CaseTask) -> str:
    if task.status == STATUS.ERROR:
        return _("hệ thống chưa làm được")
    return _("hệ thống đang làm") if task.is_machine else _("đang chờ")


def _done(task: CaseTask, plan: Plan) -> tuple[str, str]:
    """Return whether a step ended in a return, and what was chosen."""
    actions = plan.step(task.step).actions if task.step in plan else ()
    chosen = next((each for each in actions if each.id == task.action), None)
    returned = chosen is not None and chosen.id != CONFIRM and chosen.route.return_to is not None
    return "returned" if returned else "done", chosen.label if chosen else _("đã xong")


def _reason(task: CaseTask) -> str:
    if "error" in task.data:
        return str(task.data["error"])
    return str(_REASONS.get(task.data.get("canceled", ""), _("đã hủy")))


def _children(tasks: Sequence[CaseTask], person: PersonView) -> dict[UUID, UUID]:
    """Return the cases that calling steps have begun."""
    keys = {f"{CALLED}{task.pk}": task.pk for task in tasks}
    if not keys:
        return {}
    visible = Case.objects.visible_to(person)
    found = visible.filter(start_key__in=keys).values_list("start_key", "pk")
    return {keys[key]: child for key, child in found}


def _times(entries: Sequence[Entry]) -> Iterator[StepTime]:
    """Yield the time of each step in the order in which they were first reached."""
    found: dict[str, list[Entry]] = {}
    for entry in _flat(entries):
        found.setdefault(entry.step, []).append(entry)
    for several in found.values():
        yield StepTime(
            name=several[-1].name,
            times=len(several),
            elapsed=sum((each.elapsed for each in several), timedelta()),
            working=sum((each.working for each in several), timedelta()),
        )


def _flat(entries: Sequence[Entry]) -> Iterator[Entry]:
    for entry in entries:
        if not entry.branches:
            yield entry
        for branch in entry.branches:
            yield from _flat(branch.entries)
