"""Bringing agencies onto the platform: what a manifest declares and the platform lacks."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from quytrinh.administration.calendars import apply_agency_calendars
from quytrinh.administration.exceptions import ManifestError, ManifestInvalid
from quytrinh.administration.manifests import AgencyFiles, Declared
from quytrinh.documents.registers import open_registers
from quytrinh.exchange.actions import exclude_mark, set_own_code
from quytrinh.organization.actions import Added, add_missing
from quytrinh.organization.choices import AGENCY_HEAD
from quytrinh.organization.directory import directory
from quytrinh.organization.keys import role_key
from quytrinh.runtime.actions import promulgate, save_draft, save_form
from quytrinh.runtime.choices import VersionState
from quytrinh.runtime.exceptions import DraftInvalid
from quytrinh.runtime.models import Flow, FlowVersion, Form
from quytrinh.tenancy.actions import add_host, create_tenant
from quytrinh.tenancy.context import tenant_context
from quytrinh.tenancy.logins import DEMO_PASSWORD
from quytrinh.tenancy.models import Membership, Tenant, User

DEMO_DECISION = "01/QĐ-MAU"


@dataclass(frozen=True, slots=True)
class Applied:
    """What a manifest added to an agency."""

    slug: str
    is_new: bool
    people: Added
    forms: tuple[str, ...]
    drafts: tuple[str, ...]
    registers: tuple[str, ...] = ()
    calendars: bool = False

    def __bool__(self) -> bool:
        added = (self.people, self.forms, self.drafts, self.registers, self.calendars)
        return self.is_new or any(added)


def apply_manifest(*, files: AgencyFiles, preview: bool = False) -> Applied:
    """Add what the files declare and the agency lacks; all of it or, on any error, nothing.

    Compared by digest: a changed flow becomes a new draft, drafts and versions stay as they are.
    A preview does the same and takes it back.
    """
    with transaction.atomic():
        slug = files.tenant.slug
        is_new = not Tenant.objects.filter(slug=slug).exists()
        tenant = create_tenant(slug=slug, name=files.tenant.name, parent=_parent(files))
        for host in files.tenant.hosts:
            add_host(tenant=tenant, host=host)
        with tenant_context(tenant.pk):
            people = Added(0, 0, 0)
            if files.organization:
                people = add_missing(manifest=files.organization)
            registers = open_registers(declared=files.tenant.registers)
            calendars = bool(files.calendars and apply_agency_calendars(declared=files.calendars))
            forms, drafts = _save_forms(files.forms), _save_drafts(files.flows)
        transaction.set_rollback(preview)
    if not preview:
        _introduce(files, tenant)
    return Applied(slug, is_new, people, forms, drafts, registers, calendars)


def _introduce(files: AgencyFiles, tenant: Tenant) -> None:
    """Let the agency be written to under its codes; say what it keeps out. Harmless to repeat."""
    with tenant_context(tenant.pk):
        for code in files.tenant.codes:
            set_own_code(code=code)
        for mark, article in files.tenant.excludes:
            exclude_mark(mark=mark, article=article)


def make_demo_usable(*, files: AgencyFiles) -> None:
    """Give the people of a demo agency a password and put its procedures in force, once."""
    tenant = Tenant.objects.get(slug=files.tenant.slug)
    with transaction.atomic():
        _set_demo_passwords(tenant)
    with tenant_context(tenant.pk), transaction.atomic():
        for version in _drafts_of_flows_not_in_force(files.flows):
            # What this version of the software cannot run yet waits as a draft.
            with suppress(DraftInvalid), transaction.atomic():
                _promulgate_for_demo(version)


def _parent(files: AgencyFiles) -> Tenant | None:
    if files.tenant.parent is None:
        return None
    parent = Tenant.objects.filter(slug=files.tenant.parent).first()
    if parent is None:
        raise ManifestError(
            _("Chưa có cơ quan cấp trên “%(parent)s” của “%(slug)s”: hãy nạp cơ quan đó trước.")
            % {"parent": files.tenant.parent, "slug": files.tenant.slug}
        )
    return parent


def _save_forms(declared: Iterable[Declared]) -> tuple[str, ...]:
    """Add missing forms and replace changed ones; versions in force keep the old definition."""
    known = dict(Form.objects.values_list("key", "definition_id"))
    changed = [form for form in declared if known.get(form.key) != form.digest]
    for form in changed:
        saved, diagnostics = save_form(source=form.source, file=form.file)
        if saved is None:
            raise ManifestInvalid(diagnostics)
    return tuple(form.key for form in changed)


def _save_drafts(declared: Iterable[Declared]) -> tuple[str, ...]:
    """Add a draft for each flow whose text, or whose values of its settings, no version has."""
    versions = FlowVersion.objects.exclude(definition=None)
    known = [*versions.values_list("flow__key", "definition_id", "settings")]
    changed = [flow for flow in declared if _identity(flow) not in known]
    for flow in changed:
        draft = save_draft(source=flow.source, actor=None, file=flow.file, settings=flow.settings)
        if not draft.ok:
            raise ManifestInvalid(draft.diagnostics)
    return tuple(flow.key for flow in changed)


def _identity(flow: Declared) -> tuple[str, str, dict[str, list[str]]]:
    settings = {name: list(texts) for name, texts in flow.settings.items()}
    return flow.key, flow.digest, settings


def _set_demo_passwords(tenant: Tenant) -> None:
    """Leave alone whoever has a password: hashing is slow, and it may have been changed."""
    members = User.objects.filter(pk__in=Membership.objects.filter(tenant=tenant).values("user"))
    for user in members:
        if not user.has_usable_password():
            user.set_password(DEMO_PASSWORD)
            user.save(update_fields=["password"])


def _drafts_of_flows_not_in_force(declared: Iterable[Declared]) -> list[FlowVersion]:
    keys = [flow.key for flow in declared]
    in_force = FlowVersion.objects.filter(state=VersionState.PROMULGATED).values("flow")
    waiting = Flow.objects.filter(key__in=keys).exclude(pk__in=in_force)
    newest = [flow.versions.order_by("-number").first() for flow in waiting]
    return [version for version in newest if version is not None]


def _promulgate_for_demo(version: FlowVersion) -> None:
    people = directory()
    heads = people.holders(role_key(AGENCY_HEAD))
    promulgate(
        version_id=version.pk,
        actor=people.person(heads[0]) if heads else None,
        decision_number=DEMO_DECISION,
        decision_date=timezone.localdate(),
    )
