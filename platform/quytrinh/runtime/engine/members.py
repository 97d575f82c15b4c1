"""Which branches a block begins with."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from quytrinh.compiler.plan import PlanStep
from quytrinh.organization.resolve import resolve
from quytrinh.runtime.exceptions import ExpressionFailed
from quytrinh.runtime.facts import evaluate_for, facts_of, holds_for
from quytrinh.runtime.scopes import Branch, Scope
from quytrinh.runtime.unit_of_work import UnitOfWork


def branches_for(step: PlanStep, scope: Scope, work: UnitOfWork) -> list[Branch]:
    """Return the branches of a block as it is entered: those whose `when` holds, or the members."""
    if step.kind == "parallel":
        held = (each for each in step.branches if not each.when or holds_for(scope, each.when))
        return [{"id": branch.id} for branch in held]
    lead = member_id(evaluate_for(scope, step.lead)) if step.lead else None
    members = _members(step, scope, work)
    if lead and lead not in members:
        members = [lead, *members]
    return [member_branch(member, work, lead=member == lead) for member in members]


def member_branch(member: str, work: UnitOfWork, *, lead: bool) -> Branch:
    """Return a new branch of an `each` for a member."""
    kind = kind_of_member(member, work)
    return {
        "id": "", "member": member, "member_kind": kind, "lead": lead, "fields": {}, "steps": {},
    }  # fmt: skip


def _members(step: PlanStep, scope: Scope, work: UnitOfWork) -> list[str]:
    members = step.members
    assert members is not None
    if members.units:
        return list(members.units)
    if members.role:
        role = work.plan.roles[members.role]
        return [str(person) for person in resolve(role, facts_of(scope), work.directory).persons]
    found = evaluate_for(scope, members.expression or "")
    if not isinstance(found, list | tuple):
        raise ExpressionFailed(_("“%(each)s” không phải một danh sách.") % {"each": step.name})
    return list(dict.fromkeys(member_id(each) for each in found if each))


def member_id(value: Any) -> str:
    """Return the id of a member: a unit's key, a person's or an agency's id."""
    if isinstance(value, dict):
        return str(value.get("id") or value.get("key") or "")
    return str(value)


def kind_of_member(member: str, work: UnitOfWork) -> str:
    """Tell whether a member is a unit, a person or an agency."""
    if work.directory.unit(member):
        return "unit"
    try:
        return "person" if work.directory.person(UUID(member)) else "agency"
    except ValueError:
        return "agency"
