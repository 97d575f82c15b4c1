"""Every expression of a flow: where it stands, what its place needs, when it is evaluated."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from quytrinh.language.ast import (
    CallStep,
    ChooseStep,
    Due,
    EachStep,
    Expression,
    Flow,
    HumanStep,
    ParallelStep,
    Resolver,
    Role,
    Step,
    VerbRule,
    WaitStep,
)
from quytrinh.language.source import Word

# start: the case begins. arrival: the token comes. entered: and the step's `when` holds.
# case: those before it in a `choose` do not hold. join: while a block runs. event: with `event`.
Moment = Literal["start", "start event", "arrival", "entered", "case", "join", "event"]
# `input` = whatever the called procedure takes there.
Need = Literal[
    "condition", "unit", "person", "field", "instant", "members", "member", "input", "anything"
]
_RESOLVED: dict[str, Need] = {
    "head_of": "unit",
    "members_of": "unit",
    "person": "person",
    "in_charge_of": "field",
}


@dataclass(frozen=True)
class Site:
    """One expression in one place. `step`: evaluated in the block of that step; None = no step.

    A role's expressions have a site for each step that uses the role. `detail`: the number of the
    case in a `choose`, or the name of the input of a call.
    """

    expression: Expression
    need: Need
    step: Step | None
    moment: Moment
    role: Role | None = None
    detail: str = ""


@dataclass(frozen=True)
class RoleUse:
    """A place that names a role; `step` None = the case as a whole, or its start."""

    role: Word
    step: Step | None


def role_uses(flow: Flow) -> Iterator[RoleUse]:
    """Every place of the language that names a role; plugins' parameters are not among them."""
    for start in flow.starts:
        if start.by:
            yield RoleUse(start.by, None)
    yield from _uses(None, _in_due(flow.due), _in_verbs(flow.verbs))
    for step in flow.all_steps():
        if isinstance(step, HumanStep):
            yield from _uses(step, [step.by], _in_verbs(step.verbs))
        if isinstance(step, EachStep):
            named = [step.members.role] if step.members.role else []
            yield from _uses(step, named, _in_verbs(step.verbs))
        if isinstance(step, CallStep) and step.by:
            yield RoleUse(step.by, step)
        yield from _uses(step, _in_due(step.due))


def _uses(step: Step | None, *groups: list[Word]) -> Iterator[RoleUse]:
    yield from (RoleUse(word, step) for words in groups for word in words)


def _in_due(due: Due | None) -> list[Word]:
    if due is None:
        return []
    reminded = [each.to for each in due.remind if each.to]
    return [*reminded, *(each.to for each in due.escalate)]


def _in_verbs(rules: tuple[VerbRule, ...]) -> list[Word]:
    return [word for rule in rules for word in rule.by]


def sites(flow: Flow, more_uses: tuple[RoleUse, ...] = ()) -> Iterator[Site]:
    """Every expression; `more_uses` are the roles that plugins' parameters name."""
    yield from _role_sites(flow, (*role_uses(flow), *more_uses))
    for start in flow.starts:
        if start.when:
            yield Site(start.when, "condition", None, "start event")
    yield from _due_sites(flow.due, None)
    for step in flow.all_steps():
        if step.when:
            yield Site(step.when, "condition", step, "arrival")
        yield from _due_sites(step.due, step)
        yield from _kind_sites(step)


def _due_sites(due: Due | None, step: Step | None) -> Iterator[Site]:
    moment: Moment = "entered" if step else "start"
    for expression in (due.at, due.since) if due else ():
        if expression:
            yield Site(expression, "instant", step, moment)


def _kind_sites(step: Step) -> Iterator[Site]:
    match step:
        case HumanStep():
            for action in step.actions:
                if action.when:
                    yield Site(action.when, "condition", step, "entered")
        case ChooseStep():
            for number, case in enumerate(step.cases):
                if case.when:
                    yield Site(case.when, "condition", step, "case", detail=str(number))
        case ParallelStep():
            for branch in step.branches:
                if branch.when:
                    yield Site(branch.when, "condition", step, "entered")
        case EachStep():
            if step.members.expression:
                yield Site(step.members.expression, "members", step, "entered")
            if step.lead:
                yield Site(step.lead, "member", step, "entered")
        case CallStep():
            for name, expression in step.fields:
                yield Site(expression, "input", step, "entered", detail=name.text)
        case WaitStep():
            if step.until:
                yield Site(step.until, "instant", step, "entered")
            if step.event_when:
                yield Site(step.event_when, "condition", step, "event")
    if isinstance(step, ParallelStep | EachStep) and step.join.when:
        yield Site(step.join.when, "condition", step, "join")


def _role_sites(flow: Flow, uses: tuple[RoleUse, ...]) -> Iterator[Site]:
    steps: dict[str, dict[str, Step]] = {}
    for use in uses:
        if use.step:
            steps.setdefault(use.role.text, {}).setdefault(use.step.id.text, use.step)
    for role in flow.roles:
        # Who may begin is asked before there is a case: only the other uses count, if any.
        places: list[Step | None] = [*steps.get(role.id.text, {}).values()]
        for step in places or [None]:
            for resolver in (*role.who, *role.if_absent):
                yield from _resolver_sites(resolver, step, role)


def _resolver_sites(resolver: Resolver, step: Step | None, role: Role) -> Iterator[Site]:
    moment: Moment = "entered" if step else "start"
    if resolver.expression:
        need = _RESOLVED[resolver.kind]
        yield Site(resolver.expression, need, step, moment, role)
    if resolver.within:
        yield Site(resolver.within, "unit", step, moment, role)
