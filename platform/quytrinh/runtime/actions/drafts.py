"""Texts on their way: forms of the agency, and drafts of procedures, with errors or without."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from quytrinh.compiler.canonical import canonical_bytes, canonical_flow, canonical_form, digest
from quytrinh.compiler.check import CheckResult, check_flow
from quytrinh.compiler.regulation.packs import shipped_packs
from quytrinh.compiler.signatures import Signature, signature_of
from quytrinh.journal.actions import record
from quytrinh.language.diagnostics import Diagnostic
from quytrinh.language.form import FormDefinition, check_form
from quytrinh.language.parse import parse_flow
from quytrinh.language.settings import Values
from quytrinh.language.source import read_source
from quytrinh.organization.directory import PersonView, directory
from quytrinh.runtime import definitions
from quytrinh.runtime.choices import VersionState
from quytrinh.runtime.exceptions import (
    ActionNotAllowed,
    FormInvalid,
    NotFoundForYou,
    VersionConflict,
)
from quytrinh.runtime.models import Flow, FlowVersion, Form
from quytrinh.runtime.plugins import registry

DRAFT_FILE = "ban-nhap.yaml"


@dataclass(frozen=True, slots=True)
class DraftResult:
    """A draft that was kept (None when its text does not even name a procedure), and findings."""

    version: FlowVersion | None
    diagnostics: tuple[Diagnostic, ...]

    @property
    def ok(self) -> bool:
        """Tell whether the draft can be promulgated."""
        return self.version is not None and self.version.definition_id is not None


def forms_of_agency() -> dict[str, FormDefinition]:
    """Return the forms of the agency at work, by key."""
    results = (check_form(form.source, file=form.key) for form in Form.objects.all())
    return {result.form.id.text: result.form for result in results if result.form}


def check_draft(
    source: str, *, file: str = DRAFT_FILE, settings: Values | None = None
) -> CheckResult:
    """Check a text against the agency's forms, values, procedures in force, installed plugins."""
    forms = forms_of_agency()
    # A text that calls nothing needs no others read.
    called = _flows_in_force(forms) if "call:" in source else {}
    return check_flow(
        source,
        file=file,
        forms=forms,
        registry=registry(),
        flows=called,
        settings=settings,
        calendars=directory().calendars.by_key,
        packs=shipped_packs(),
    )


def _flows_in_force(forms: Mapping[str, FormDefinition]) -> dict[str, Signature]:
    """Return what the procedures in force offer to those that call them."""
    versions = FlowVersion.objects.in_force()
    read = (parse_flow(read_source(each.source, file=DRAFT_FILE))[0] for each in versions)
    return {flow.id.text: signature_of(flow, forms) for flow in read if flow}


def canonical_of(result: CheckResult) -> dict[str, Any]:
    """Return the normal form of a text without errors, with the forms as they are today."""
    assert result.flow is not None
    return canonical_flow(result.flow, forms_of_agency(), registry())


def keep_definition(kind: str, canonical: dict[str, Any]) -> str:
    """Keep a normal form under its digest; return the digest."""
    found = digest(canonical)
    definitions.store(kind, found, canonical_bytes(canonical).decode())
    return found


@transaction.atomic
def save_form(*, source: str, file: str) -> tuple[Form | None, Sequence[Diagnostic]]:
    """Add a form to the agency or replace its text; versions in force keep the old one."""
    result = check_form(source, file=file)
    if result.form is None or not result.ok:
        return None, result.diagnostics
    form, _created = Form.objects.update_or_create(
        key=result.form.id.text,
        defaults={
            "name": result.form.name.text,
            "source": source,
            "definition_id": keep_definition("form", canonical_form(result.form)),
        },
    )
    return form, result.diagnostics


@transaction.atomic
def save_draft(
    *,
    source: str,
    actor: PersonView | None,
    version_id: object = None,
    flow_key: str | None = None,
    file: str = DRAFT_FILE,
    settings: Values | None = None,
) -> DraftResult:
    """Keep a text, with errors or without: as a new draft, or instead of draft `version_id`.

    `actor` None is the importer of manifests; a person must prepare procedures. A text whose
    procedure cannot be told, or is another than `flow_key`, is not kept. `settings` None keeps
    those of the draft.
    """
    require_author(actor)
    earlier = find_draft(version_id, actor) if version_id else None
    values = settings if settings is not None else (earlier.settings if earlier else {})
    result = check_draft(source, file=file, settings=values)
    if result.flow is None:
        return DraftResult(None, tuple(result.diagnostics))
    key = result.flow.id.text
    _refuse_other_flow(key, earlier.flow.key if earlier else flow_key)
    definition = keep_definition("flow", canonical_of(result)) if result.ok else None
    version = earlier or _new_draft(key, result.flow.name.text, actor)
    version.source = source
    version.definition_id = definition
    version.settings = {name: list(value) for name, value in values.items()}
    version.save()
    return DraftResult(version, tuple(result.diagnostics))


@transaction.atomic
def delete_draft(*, version_id: object, actor: PersonView) -> None:
    """Throw away a draft; its number is not given again while a later version stands."""
    require_author(actor)
    version = find_draft(version_id, actor)
    record(
        subject_id=version.flow_id,
        verb="flow.draft_deleted",
        actor=actor.id,
        payload={"version": version.number},
    )
    version.delete()


def find_draft(version_id: object, actor: PersonView | None) -> FlowVersion:
    """Return a draft that this person may change, locked; raise what keeps them from it."""
    version = locked_version(version_id)
    if version.state != VersionState.DRAFT:
        raise VersionConflict
    if actor and not actor.is_agency_head and version.created_by_id not in (None, actor.id):
        raise ActionNotAllowed(_("Bản nháp này do người khác soạn."))
    return version


def locked_version(version_id: object) -> FlowVersion:
    """Return a version under its lock; raise NotFoundForYou."""
    version = (
        FlowVersion.objects.select_for_update(of=("self",))
        .select_related("flow")
        .filter(pk=version_id)
        .first()
    )
    if version is None:
        raise NotFoundForYou
    return version


def require_author(actor: PersonView | None) -> None:
    """Refuse who does not prepare procedures; None is the importer of manifests."""
    if actor is not None and not actor.drafts_flows:
        raise ActionNotAllowed(
            _("Chỉ thủ trưởng cơ quan và người được giao soạn quy trình được làm việc này.")
        )


def _refuse_other_flow(found: str, wanted: str | None) -> None:
    if wanted and found != wanted:
        message = _("Bản nháp khai quy trình “%(found)s”, không phải “%(wanted)s”.")
        raise FormInvalid({"source": [message % {"found": found, "wanted": wanted}]})


def _new_draft(key: str, name: str, actor: PersonView | None) -> FlowVersion:
    flow, _created = Flow.objects.get_or_create(key=key, defaults={"name": name})
    latest = flow.versions.aggregate(latest=Max("number"))["latest"] or 0
    return FlowVersion(flow=flow, number=latest + 1, created_by_id=actor.id if actor else None)
