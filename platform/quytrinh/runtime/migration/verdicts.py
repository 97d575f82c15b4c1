"""May a running case go over to another version, and if not, what blocks it: a dry run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from viewflow.workflow.status import STATUS

from quytrinh.compiler.plan import Plan, PlanStep, places
from quytrinh.compiler.scope import slots_of
from quytrinh.formkit.definition import fields_of
from quytrinh.formkit.definition import slots_of as slots_of_form
from quytrinh.runtime import definitions
from quytrinh.runtime.engine.nodes import RUN_SUFFIX
from quytrinh.runtime.engine.registry import flow_class
from quytrinh.runtime.migration import needs
from quytrinh.runtime.migration.carrying import carry
from quytrinh.runtime.migration.mapping import StepMap, plan_of
from quytrinh.runtime.models import NODE_PREFIX, Case, CaseTask, FlowVersion
from quytrinh.runtime.querysets import OPEN
from quytrinh.runtime.scopes import OPEN as BRANCH_OPEN
from quytrinh.runtime.scopes import Scope

# Cases whose tasks are read by one query.
READ_TOGETHER = 500


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a case may go over; `reasons` are sentences, empty if it may."""

    case_id: UUID
    code: str
    subject: str
    at: tuple[str, ...]
    reasons: tuple[str, ...]

    @property
    def may_move(self) -> bool:
        """Tell whether nothing blocks it."""
        return not self.reasons


@dataclass(frozen=True)
class Judge:
    """Judges cases of one version against a later one under a mapping of steps."""

    source: FlowVersion
    target: FlowVersion
    steps: StepMap

    @cached_property
    def old(self) -> Plan:
        """The plan the cases run by."""
        return plan_of(self.source)

    @cached_property
    def new(self) -> Plan:
        """The plan they would run by."""
        return plan_of(self.target)

    def judge(self, case: Case, tasks: Sequence[CaseTask]) -> Verdict:
        """Return the verdict on a case with its open tasks."""
        standing = (self.old.name_of(each.step) for each in tasks if each.flow_task_type != "JOIN")
        return Verdict(
            case_id=case.pk,
            code=case.code,
            subject=case.subject,
            at=tuple(dict.fromkeys(standing)),
            reasons=tuple(dict.fromkeys(self._obstacles(case, tasks))),
        )

    def node_of(self, task: CaseTask) -> str | None:
        """Return the later node of an open task, None if the later version has none."""
        step = self.steps.get(task.step)
        node = f"{step}{task.node.removeprefix(task.step)}"
        known = flow_class(self.new.digest).instance.node(NODE_PREFIX + node, no_obsolete=True)
        return node if step and known else None

    def _obstacles(self, case: Case, tasks: Sequence[CaseTask]) -> Iterator[str]:
        if case.finished:
            yield _("Hồ sơ đã kết thúc.")
        if case.flow_version_id != self.source.pk:
            yield _("Hồ sơ không còn theo phiên bản %(number)d.") % {"number": self.source.number}
            return
        carried = carry(case, self.steps)
        for block in case.blocks.values():
            if block["state"] == BRANCH_OPEN:
                yield from self._of_block(block)
        for task in tasks:
            yield from self._of_task(task, Scope(carried, str(task.token)))
        yield from self._of_returns(case)
        yield from self._of_slots(case)

    def _of_block(self, block: Mapping[str, Any]) -> Iterator[str]:
        """An open block must be the same block: its branches, its members, its join."""
        old, new = self.old.step(block["step"]), self._later(block["step"])
        if new is None:
            yield _("Khối “%(step)s” đang mở không có trong phiên bản mới.") % {"step": old.name}
        elif _shape(old) != _shape(new) or self._place(old.id) != self.places[new.id]:
            changed = _(
                "Khối “%(step)s” đang mở, mà phiên bản mới đổi các nhánh hoặc cách kết thúc."
            )
            yield changed % {"step": old.name}

    def _of_task(self, task: CaseTask, scope: Scope) -> Iterator[str]:
        if task.flow_task_type == "JOIN":
            return  # stands for a block
        old, new = self.old.step(task.step), self._later(task.step)
        words = {"step": old.name}
        if new is None:
            yield _("Việc “%(step)s” đang mở ở bước phiên bản mới không còn.") % words
            return
        if self.node_of(task) is None or old.kind != new.kind:
            yield _("Việc “%(step)s” đang mở, mà bước này ở phiên bản mới thuộc loại khác.") % words
            return
        if self._place(old.id) != self.places[new.id]:
            yield _("Việc “%(step)s” đang mở, mà bước này nay nằm trong khối khác.") % words
            return
        yield from self._of_machine(task, old, new)
        for fact in needs.missing(self._needs[new.id], scope):
            yield self._explain(fact)

    def _of_machine(self, task: CaseTask, old: PlanStep, new: PlanStep) -> Iterator[str]:
        words = {"step": old.name}
        job = old.kind == "service" or task.node.endswith(RUN_SUFFIX)
        if job and task.status == STATUS.SCHEDULED:
            yield _("Hệ thống đang thực hiện “%(step)s”; hãy chuyển sau khi xong.") % words
        elif job and old.run != new.run:
            yield _("“%(step)s” đang chờ làm lại, mà phiên bản mới dùng phần mở rộng khác.") % words
        elif old.call != new.call:
            yield _("“%(step)s” đang chờ hồ sơ con, mà phiên bản mới gọi quy trình khác.") % words
        elif old.wait != new.wait:
            yield _("“%(step)s” đang chờ, mà phiên bản mới chờ điều khác.") % words

    def _of_returns(self, case: Case) -> Iterator[str]:
        """A return that is to go straight back needs both steps, in one block, and its action."""
        for memories in _all_memories(case):
            for earlier, memory in memories.items():
                back = memory.get("back")
                if back and not self._can_go_back(earlier, back):
                    blocked = _(
                        "Hồ sơ đã bị trả về “%(step)s” để quay lại thẳng “%(back)s”, "
                        "mà phiên bản mới không còn đường quay lại đó."
                    )
                    names = self.old.name_of(earlier), self.old.name_of(back["to"])
                    yield blocked % {"step": names[0], "back": names[1]}

    def _can_go_back(self, earlier: str, back: Mapping[str, str]) -> bool:
        step, target = self._later(earlier), self._later(back["to"])
        if step is None or target is None or self.places[step.id] != self.places[target.id]:
            return False
        decisions = {*(action.id for action in step.actions), *step.outcomes}
        return back["action"] in decisions

    def _of_slots(self, case: Case) -> Iterator[str]:
        for slot, held in case.slots.items():
            name = self._slot_names.get(slot, slot)
            if held and slot not in self._later_slots:
                yield _("Ngăn “%(slot)s” đang có văn bản, mà phiên bản mới không có ngăn này.") % {
                    "slot": name
                }
            elif len(held) > 1 and not self._later_slots[slot]:
                yield _("Ngăn “%(slot)s” có nhiều văn bản, mà phiên bản mới chỉ nhận một.") % {
                    "slot": name
                }

    def _explain(self, fact: str) -> str:
        root, _dot, name = fact.partition(".")
        if root == "steps":
            return _(
                "Phiên bản mới cần kết quả của bước “%(step)s”, mà hồ sơ chưa qua bước đó."
            ) % {"step": self.new.name_of(name)}
        if root == "docs":
            return _("Phiên bản mới cần văn bản ở ngăn “%(slot)s”, mà hồ sơ chưa có.") % {
                "slot": self._slot_names.get(name, name)
            }
        return _("Phiên bản mới cần “%(field)s”, mà hồ sơ chưa nhập.") % {
            "field": self._field_names.get(name.rpartition(".")[2], name)
        }

    def _later(self, step: str) -> PlanStep | None:
        later = self.steps.get(step)
        return self.new.step(later) if later else None

    def _place(self, step: str) -> tuple[tuple[str, str], ...]:
        """Return in which blocks an earlier step stands, by their later names."""
        chain = places(self.old.steps)[step]
        return tuple((self.steps.get(block, ""), branch) for block, branch in chain)

    @cached_property
    def places(self) -> Mapping[str, tuple[tuple[str, str], ...]]:
        """In which blocks each later step stands."""
        return places(self.new.steps)

    @cached_property
    def _needs(self) -> Mapping[str, tuple[str, ...]]:
        return needs.of_definition(str(self.target.definition_id))

    @cached_property
    def _later_slots(self) -> dict[str, bool]:
        """The slots of the later version, and whether each takes several documents."""
        standard = slots_of(self.new.document)
        found = {slot: kind.startswith("list") for slot, kind in standard.items()}
        for form in definitions.forms_of(self.new.digest).values():
            found |= {slot: found.get(slot, True) for slot in slots_of_form(form)}
        return found | {slot.id: slot.many for slot in self.new.documents}

    @cached_property
    def _slot_names(self) -> dict[str, str]:
        names = {each.slot: each.label for each in self._fields() if each.slot}
        declared = (*self.old.documents, *self.new.documents)
        return names | {slot.id: slot.name for slot in declared}

    @cached_property
    def _field_names(self) -> dict[str, str]:
        return {each.id: each.label for each in self._fields()}

    def _fields(self) -> Iterator[Any]:
        for plan in (self.old, self.new):
            for form in definitions.forms_of(plan.digest).values():
                yield from fields_of(form)


def dry_run(judge: Judge, cases: Sequence[Case]) -> list[Verdict]:
    """Judge cases; nothing is changed and nothing is locked."""
    verdicts: list[Verdict] = []
    for first in range(0, len(cases), READ_TOGETHER):
        some = cases[first : first + READ_TOGETHER]
        tasks: dict[UUID, list[CaseTask]] = {case.pk: [] for case in some}
        for task in CaseTask.objects.filter(process__in=tasks, status__in=OPEN):
            tasks[task.process_id].append(task)
        verdicts += [judge.judge(case, tasks[case.pk]) for case in some]
    return verdicts


def _shape(step: PlanStep) -> tuple[Any, ...]:
    """What must not change of a block while it is open."""
    branches = tuple(branch.id for branch in step.branches)
    return step.kind, step.join, sorted(branches), bool(step.lead)


def _all_memories(case: Case) -> Iterator[Mapping[str, Any]]:
    yield case.steps
    for block in case.blocks.values():
        for branch in block["branches"].values():
            if branch["state"] == BRANCH_OPEN:
                yield branch.get("steps", {})
