"""F301, F304: a flow among the people of one agency. Asked when it is promulgated there.

Only what the organisation fixes is asked: roles and posts. Whoever a case names is not known yet.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Protocol
from uuid import UUID

from quytrinh.compiler.sites import role_uses
from quytrinh.language.ast import Flow, HumanStep, Resolver, Role
from quytrinh.language.diagnostics import Diagnostic, error, warning

FIXED = ("role", "position")


class AgencyPeople(Protocol):
    """Who holds the roles and positions of an agency."""

    @property
    def name(self) -> str:
        """What the agency is called."""

    def with_role(self, key: str) -> Collection[UUID]:
        """Everyone who has a role, in whatever unit."""

    def in_position(self, key: str) -> Collection[UUID]:
        """Everyone who holds a position, in whatever unit."""


def check_in_agency(flow: Flow, people: AgencyPeople) -> tuple[Diagnostic, ...]:
    """What keeps the roles of a flow from being filled in this agency."""
    return (*_empty_roles(flow, people), *_excluded(flow, people))


def _empty_roles(flow: Flow, people: AgencyPeople) -> Iterator[Diagnostic]:
    used = {use.role.text for use in role_uses(flow)}
    for role in flow.roles:
        holders = _holders(role, people)
        if role.id.text in used and holders is not None and not holders:
            message = f"Tại {people.name} không ai giữ vai trò `{role.id.text}` ({role.name.text})"
            hint = "bổ nhiệm người, thêm `if_absent`, hoặc chọn vai trò, chức vụ khác"
            yield error("F301", role.who[0].value.span, message, hint)


def _excluded(flow: Flow, people: AgencyPeople) -> Iterator[Diagnostic]:
    roles = {role.id.text: role for role in flow.roles}
    steps = {step.id.text: step for step in flow.human_steps()}
    for step in flow.human_steps():
        others = [steps[word.text] for word in step.not_by if word.text in steps]
        holders = _holders_of(step, roles, people)
        if not others or not holders or len(holders) > len(others):
            continue
        earlier = [_holders_of(other, roles, people) for other in others]
        known = {person for each in earlier if each for person in each}
        if holders <= known:
            names = ", ".join(f"`{word.text}`" for word in step.not_by)
            message = f"Loại người ở {names} ra thì bước `{step.id.text}` có thể không còn ai"
            hint = f"thêm người hoặc `if_absent` cho vai trò `{step.by.text}`"
            yield warning("F304", step.not_by[0].span, message, hint)


def _holders_of(step: HumanStep, roles: dict[str, Role], people: AgencyPeople) -> set[UUID] | None:
    role = roles.get(step.by.text)
    return _holders(role, people) if role else None


def _holders(role: Role, people: AgencyPeople) -> set[UUID] | None:
    """Everyone who may hold a role; None where a case decides it."""
    resolvers = (*role.who, *role.if_absent)
    if any(resolver.kind not in FIXED for resolver in resolvers):
        return None
    return set(_people_of(resolvers, people))


def _people_of(resolvers: Iterable[Resolver], people: AgencyPeople) -> Iterator[UUID]:
    for resolver in resolvers:
        found = people.with_role if resolver.kind == "role" else people.in_position
        yield from found(resolver.value.text)
