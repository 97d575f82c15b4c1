"""A case as verbs see it: its open tasks, blocks and side tasks, and the people of its agency."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from quytrinh.compiler.plan import Plan, PlanStep, PlanVerb, places
from quytrinh.organization.directory import Directory, PersonView, directory
from quytrinh.organization.keys import head_key
from quytrinh.organization.resolve import resolve
from quytrinh.runtime import definitions
from quytrinh.runtime.engine.origin import LED_BY
from quytrinh.runtime.facts import facts_of
from quytrinh.runtime.models import Case, CaseTask
from quytrinh.runtime.querysets import OPEN
from quytrinh.runtime.scopes import (
    OPEN as BLOCK_OPEN,
)
from quytrinh.runtime.scopes import (
    TOP,
    Branch,
    Scope,
    is_each,
    is_within,
    parent,
    place_in_block,
    scope_of,
)
from quytrinh.runtime.unit_of_work import UnitOfWork, excluded_from

RESUME, SUSPEND = "resume", "suspend"


@dataclass(frozen=True, slots=True)
class Situation:
    """One case at one moment. `live` = every open task: steps, blocks and side tasks."""

    case: Case
    plan: Plan
    directory: Directory
    live: tuple[CaseTask, ...]

    @classmethod
    def of(cls, work: UnitOfWork) -> Situation:
        """Return what a unit of work has read."""
        return cls(work.case, work.plan, work.directory, tuple(work.live_tasks()))

    @classmethod
    def read(cls, case: Case) -> Situation:
        """Read what a page or the API shows, without a lock."""
        tasks = tuple(CaseTask.objects.filter(process=case.pk, status__in=OPEN).order_by("pk"))
        for task in tasks:
            task.process = case
        return cls(case, definitions.plan(case.digest), directory(), tasks)

    # --- rules ---------------------------------------------------------------------------------

    def rule(self, verb: str, step: PlanStep | None) -> PlanVerb:
        """Return how the procedure restricts a verb; the inner rule wins whole."""
        named = SUSPEND if verb == RESUME else verb
        found = (rule for rules in self._rules(step) for rule in rules if rule.verb == named)
        return next(found, PlanVerb(named))

    def _rules(self, step: PlanStep | None) -> Iterator[tuple[PlanVerb, ...]]:
        if step is not None:
            yield step.verbs
            for block, _ in reversed(places(self.plan.steps)[step.id]):
                yield self.plan.step(block).verbs
        yield self.plan.verbs

    def times(self, verb: str, task: CaseTask | None) -> int:
        """Return how often a verb was used at this step in this case."""
        return int(self.case.verbs_used.get(place_of(task), {}).get(verb, 0))

    # --- people --------------------------------------------------------------------------------

    def has_role(self, person: PersonView, roles: tuple[str, ...], task: CaseTask | None) -> bool:
        """Tell whether a person has one of the flow's roles, themselves or in somebody's stead."""
        facts = facts_of(scope_of(task) if task else Scope(self.case))
        found = (resolve(self.plan.roles[role], facts, self.directory) for role in roles)
        return any(not set(each.keys).isdisjoint(person.keys) for each in found)

    def heads(self, person: PersonView, task: CaseTask) -> bool:
        """Tell whether a person heads the unit of who holds a task."""
        holders = [task.owner_id] if task.owner_id else self.directory.holders_of(task.holder_keys)
        units = {self.directory.unit_of(holder) for holder in holders if holder} - {None}
        return any(head_key(unit) in person.keys for unit in units if unit)

    def candidates(self, task: CaseTask) -> tuple[UUID, ...]:
        """Return who may do a task by its role."""
        step, scope = self.plan.step(task.step), scope_of(task)
        role = self.plan.roles[step.role or ""]
        excluded = excluded_from(step, scope)
        return resolve(role, facts_of(scope), self.directory, excluded=excluded).persons

    # --- blocks --------------------------------------------------------------------------------

    def each_of(self, task: CaseTask) -> str | None:
        """Return the number of the innermost open `each` a task is in."""
        token = str(task.token)
        while token != TOP:
            number, _ = place_in_block(token)
            block = self.case.blocks[number]
            if is_each(block) and block["state"] == BLOCK_OPEN:
                return number
            token = parent(token)
        return None

    def branch(self, number: str, member: str) -> tuple[str, Branch] | None:
        """Return token and branch of a member who takes part in an open `each`."""
        block = self.case.blocks[number]
        for place, branch in block["branches"].items():
            if branch["member"] == member and branch["state"] not in ("released", "late"):
                return f"{block['token']}/{number}_{place}", branch
        return None

    def leads(self, person: PersonView, number: str) -> bool:
        """Tell whether a person holds the lead's task, or brought the case into the block."""
        block = self.case.blocks[number]
        for task in self.live:
            led_by = task.data.get(LED_BY) or {}
            if task.data.get("block") == number and led_by.get("by") == str(person.id):
                return True
            if task.is_side or not is_within(str(task.token), block["token"]):
                continue
            if self._is_lead(task, number) and holds(task, person):
                return True
        return False

    def _is_lead(self, task: CaseTask, number: str) -> bool:
        token = str(task.token)
        while token != TOP:
            if place_in_block(token)[0] == number:
                lead: bool = self.case.blocks[number]["branches"][place_in_block(token)[1]]["lead"]
                return lead
            token = parent(token)
        return False

    # --- what was done before ------------------------------------------------------------------

    def led_here(self, task: CaseTask) -> Mapping[str, Any] | None:
        """Return the human step whose completion led to a task, if this version still has it."""
        led_by = task.data.get(LED_BY)
        return led_by if led_by and led_by["step"] in self.plan else None

    def recallable(self, person: PersonView) -> tuple[Mapping[str, Any] | None, bool]:
        """Return what a person completed just before the open tasks, and whether it may go back.

        Not once somebody opened a task it led to, a machine worked, or a branch came to its end.
        """
        for task in self.live:
            led_by = self.led_here(task)
            if led_by and led_by["by"] == str(person.id) and not task.is_side:
                return led_by, self._is_untouched(led_by)
        return None, False

    def recalled_step(self, person: PersonView) -> str | None:
        """Return the step a recall by this person would go back to."""
        led_by, _ = self.recallable(person)
        return led_by["step"] if led_by else None

    def _is_untouched(self, led_by: Mapping[str, Any]) -> bool:
        below = (task for task in self.live if is_within(str(task.token), led_by["token"]))
        return all(self._is_unopened(task, led_by["task"]) for task in below)

    def _is_unopened(self, task: CaseTask, completed: str) -> bool:
        led_by = task.data.get(LED_BY) or {}
        if led_by.get("task") != completed or led_by.get("firm"):
            return False
        if "block" in task.data:
            branches = self.case.blocks[task.data["block"]]["branches"].values()
            return all(branch["state"] == BLOCK_OPEN for branch in branches)
        return task.flow_task_type == "HUMAN" and task.seen_at is None

    def last_step(self) -> str | None:
        """Return the human step of the top block that was completed last in this case."""
        done = [
            (str(self.case.steps[step.id]["at"]), step.id)
            for step in self.plan.steps
            if step.kind == "human" and "at" in self.case.steps.get(step.id, {})
        ]
        return max(done)[1] if done else None


def holds(task: CaseTask, person: PersonView) -> bool:
    """Tell whether a task waits for this person."""
    return task.owner_id == person.id or not set(task.holder_keys).isdisjoint(person.keys)


def place_of(task: CaseTask | None) -> str:
    """Return under which name the uses of verbs are counted: a step in its scope, or the case."""
    return f"{task.token}:{task.step}" if task else ""
