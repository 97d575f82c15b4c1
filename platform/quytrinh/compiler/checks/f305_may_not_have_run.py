"""F305: a role is whoever did a step, so that step is surely done, or `if_absent` says who else."""

from __future__ import annotations

from collections.abc import Iterator

from quytrinh.compiler.context import Context
from quytrinh.compiler.sites import RoleUse
from quytrinh.language.ast import HumanStep, Role
from quytrinh.language.diagnostics import Diagnostic, error


def check(context: Context) -> Iterator[Diagnostic]:
    if not context.all_targets_known:
        return
    if not any(each.kind == "performer_of" for each in context.resolvers()):
        return
    told: set[str] = set()
    for use in context.role_uses:
        role = context.roles.get(use.role.text)
        if use.step and role and not role.if_absent and role.id.text not in told:
            found = list(_role(context, role, use))
            told |= {role.id.text} if found else set()
            yield from found


def _role(context: Context, role: Role, use: RoleUse) -> Iterator[Diagnostic]:
    assert use.step is not None
    state = context.filled.at(use.step, "entered")
    done = [each for each in role.who if each.kind == "performer_of"]
    if len(done) < len(role.who):
        return  # others hold the role in any case
    for resolver in done:
        name = resolver.value.text
        known = isinstance(context.steps.get(name), HumanStep)
        if known and not context.filled.is_sure(state, f"steps.{name}"):
            message = f"Bước `{name}` có thể chưa ai làm khi tới bước `{use.step.id.text}`"
            hint = f"thêm `if_absent` cho vai trò `{role.id.text}`"
            yield error("F305", resolver.value.span, message, hint)
