"""A procedure as a command names it: a file, or AGENCY/PROCEDURE[@version] in the database."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from quytrinh.compiler.canonical import canonical_flow, canonical_form, digest
from quytrinh.compiler.files import read_flow
from quytrinh.compiler.naming import Phrases
from quytrinh.compiler.plan import Plan
from quytrinh.compiler.planning import build_plan
from quytrinh.runtime import definitions, drawing
from quytrinh.runtime.exceptions import DraftInvalid, NotFoundForYou
from quytrinh.runtime.models import FlowVersion
from quytrinh.runtime.plugins import registry
from quytrinh.runtime.querysets import version_in_force
from quytrinh.tenancy.context import reading, tenant_context
from quytrinh.tenancy.models import Tenant

_NAME = re.compile(r"([a-z0-9-]+)/([a-z0-9-]+)(?:@(\d+))?")


@dataclass(frozen=True, slots=True)
class NamedFlow:
    """What can be shown, compared and lived on paper."""

    canonical: Mapping[str, Any]
    plan: Plan
    phrases: Phrases
    forms: Mapping[str, Mapping[str, Any]]


def named_flow(name: str) -> NamedFlow:
    """Return a procedure; raise DraftInvalid with the findings of a file, or NotFoundForYou."""
    if Path(name).is_file():
        return _of_file(Path(name))
    tenant, key, number = parts_of(name)
    with tenant_context(tenant.pk), reading(), transaction.atomic():
        version = find_version(key, number)
        if version is None or version.plan_digest is None:
            raise NotFoundForYou(_("Không có phiên bản nào như thế, hoặc bản nháp còn lỗi."))
        return flow_of_version(version)


def flow_of_version(version: FlowVersion) -> NamedFlow:
    """Return the procedure of a version that has no errors, with the agency's values."""
    assert version.plan_digest is not None
    return NamedFlow(
        definitions.canonical(str(version.definition_id)),
        definitions.plan(version.plan_digest),
        drawing.phrases(version.plan_digest),
        definitions.forms_of(version.plan_digest),
    )


def parts_of(name: str) -> tuple[Tenant, str, int | None]:
    """Return agency, procedure and version that a name names; raise NotFoundForYou."""
    found = _NAME.fullmatch(name)
    tenant = Tenant.objects.filter(slug=found[1]).first() if found else None
    if found is None or tenant is None:
        raise NotFoundForYou(
            _("“%s” không phải tệp, cũng không phải CƠ_QUAN/QUY_TRÌNH[@phiên bản].") % name
        )
    return tenant, found[2], int(found[3]) if found[3] else None


def find_version(key: str, number: int | None) -> FlowVersion | None:
    """Return the version of that number; without one that in force, else the newest."""
    versions = list(
        FlowVersion.objects.filter(flow__key=key).select_related("flow").order_by("-number")
    )
    if number is not None:
        return next((each for each in versions if each.number == number), None)
    return version_in_force(versions) or next(iter(versions), None)


def _of_file(path: Path) -> NamedFlow:
    read = read_flow(path, registry())
    if not read.result.ok or read.result.flow is None:
        raise DraftInvalid(read.result.diagnostics)
    canonical = canonical_flow(read.result.flow, read.forms, registry())
    plan = build_plan(canonical, digest(canonical))
    forms = {key: canonical_form(read.forms[key]) for key in plan.forms}
    return NamedFlow(canonical, plan, Phrases.of(plan, forms=forms, registry=registry()), forms)
