"""A case begins: by a person, or (message.py) by a message."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from viewflow.workflow.status import PROCESS

from quytrinh.compiler.plan import Plan
from quytrinh.formkit.reading import keep_known
from quytrinh.formkit.validation import validate
from quytrinh.organization.directory import Directory, PersonView, directory
from quytrinh.organization.keys import person_key
from quytrinh.organization.resolve import CaseFacts, resolve
from quytrinh.runtime import definitions
from quytrinh.runtime.actions.entry import (
    Entered,
    Received,
    check_start,
    form_of,
    keep,
    refuse_excluded,
)
from quytrinh.runtime.actions.step import save
from quytrinh.runtime.engine.activations import StartActivation
from quytrinh.runtime.engine.registry import flow_class
from quytrinh.runtime.exceptions import ActionNotAllowed, NotFoundForYou
from quytrinh.runtime.models import NODE_PREFIX, Case, FlowVersion
from quytrinh.runtime.scopes import Scope
from quytrinh.runtime.unit_of_work import UnitOfWork, new_code
from quytrinh.tenancy.context import current_tenant_id
from quytrinh.tenancy.models import Tenant


def may_start(version: FlowVersion, person: PersonView, people: Directory) -> bool:
    """Tell whether a person has the role that begins this procedure.

    `creator` in the starting role means whoever begins, which is anyone of the agency.
    """
    plan = definitions.plan(version.plan_digest)
    if plan.start_role is None:
        return False
    facts = CaseFacts(
        creator=person.id, unit=person.unit, performers={}, evaluate=lambda expression: None
    )
    role = plan.roles[plan.start_role]
    return person.id in resolve(role, facts, people).persons


def startable(person: PersonView) -> list[FlowVersion]:
    """Return the procedures in force that a person may begin, by name."""
    versions = FlowVersion.objects.in_force().select_related("flow").order_by("flow__name")
    people = directory(_organization_version())
    return [version for version in versions if may_start(version, person, people)]


def start_case(
    *,
    flow_key: str,
    actor: PersonView,
    values: Mapping[str, Any] | None = None,
    received: Received | None = None,
) -> Case:
    """Begin a case by the version in force; the first task waits for whoever does the first step.

    `values` and files `received` answer the form of the start, if the procedure has one; otherwise
    values prefill the first step's form and are checked when that step is done. Raises
    NotFoundForYou, ActionNotAllowed, FormInvalid.
    """
    refuse_excluded(values, actor=actor.id)
    now = timezone.now()
    entered = Entered(values or {}, received or {})
    with transaction.atomic():
        people = directory(_organization_version())
        version = startable_version(flow_key, actor, people)
        case = new_case(version, now=now, creator_id=actor.id, unit_key=actor.unit or "")
        plan = definitions.plan(case.digest)
        keep(Scope(case), _values(plan, entered, case), entered.received, actor=actor.id)
        begin(case, now=now, actor=actor.id, people=people)
    return case


def new_case(version: FlowVersion, *, now: datetime, **columns: Any) -> Case:
    """Make a case of this version in memory."""
    return Case(
        tenant_id=current_tenant_id(),
        flow_version=version,
        digest=version.plan_digest,
        code=new_code(now),
        status=PROCESS.NEW,
        created=now,
        **columns,
    )


def begin(
    case: Case,
    *,
    now: datetime,
    actor: UUID | None,
    people: Directory | None = None,
    **recorded: Any,
) -> None:
    """Put the token at the start of a new case, let it run, and write everything.

    `people`: the directory, if the caller has just asked for it.
    """
    work = UnitOfWork(
        case=case,
        plan=definitions.plan(case.digest),
        directory=people or directory(_organization_version()),
        now=now,
        actor=actor,
        is_new=True,
    )
    if actor is not None:
        work.may_view([person_key(actor)])
    version = case.flow_version
    work.record(
        "case.started",
        flow=work.plan.flow,
        version=version.number,
        digest=case.digest,
        **recorded,
    )
    case.due_at = work.due_at(work.plan.due, Scope(case))
    enter(work)
    save(work)


def enter(work: UnitOfWork) -> None:
    """Put the token at the start and let it run."""
    start = getattr(flow_class(work.case.digest).instance, NODE_PREFIX + "start")
    StartActivation.begin(start, work)


def startable_version(
    flow_key: str, actor: PersonView, people: Directory | None = None
) -> FlowVersion:
    """Return the version in force; raise NotFoundForYou or ActionNotAllowed."""
    version = FlowVersion.objects.in_force().filter(flow__key=flow_key).first()
    if version is None:
        raise NotFoundForYou
    if not may_start(version, actor, people or directory(_organization_version())):
        raise ActionNotAllowed(_("Bạn không thuộc vai trò được khởi tạo quy trình này."))
    return version


def _values(plan: Plan, entered: Entered, case: Case) -> dict[str, Any]:
    """Return the checked values of the start's form, or what the first step's form may keep."""
    if plan.start_form:
        return check_start(plan, entered, case)
    first = form_of(plan, plan.steps[0].form)
    if first is None:
        return {}
    values = keep_known(first, entered.values)
    wrong = validate(first, values, complete=False)
    return {name: value for name, value in values.items() if name not in wrong}


def _organization_version() -> int:
    return Tenant.objects.values_list("organization_version", flat=True).get(pk=current_tenant_id())
