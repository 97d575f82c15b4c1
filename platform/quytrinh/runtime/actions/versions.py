"""The agency head declares procedures: drafts, checks, promulgation. Also forms, by import."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from quytrinh.compiler.canonical import canonical_bytes, canonical_flow, canonical_form, digest
from quytrinh.compiler.check import CheckResult, check_flow
from quytrinh.compiler.not_run_yet import not_run_yet
from quytrinh.compiler.signatures import Signature, signature_of
from quytrinh.journal.actions import record
from quytrinh.language.diagnostics import Diagnostic
from quytrinh.language.form import FormDefinition, check_form
from quytrinh.language.parse import parse_flow
from quytrinh.language.source import read_source
from quytrinh.organization.directory import PersonView
from quytrinh.runtime import definitions
from quytrinh.runtime.choices import VersionState
from quytrinh.runtime.exceptions import (
    ActionNotAllowed,
    DraftInvalid,
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


def check_draft(source: str, *, file: str = DRAFT_FILE) -> CheckResult:
    """Check a text against the agency's forms, its procedures in force, the plugins installed."""
    forms = forms_of_agency()
    # A text that calls nothing needs no others read.
    called = _flows_in_force(forms) if "call:" in source else {}
    return check_flow(source, file=file, forms=forms, registry=registry(), flows=called)


def _flows_in_force(forms: Mapping[str, FormDefinition]) -> dict[str, Signature]:
    """Return what the procedures in force offer to those that call them."""
    versions = FlowVersion.objects.in_force()
    read = (parse_flow(read_source(each.source, file=DRAFT_FILE))[0] for each in versions)
    return {flow.id.text: signature_of(flow, forms) for flow in read if flow}


@transaction.atomic
def save_form(*, source: str, file: str) -> tuple[Form | None, Sequence[Diagnostic]]:
    """Add a form to the agency or replace its text; versions in force keep the old one."""
    result = check_form(source, file=file)
    if result.form is None or not result.ok:
        return None, result.diagnostics
    canonical = canonical_form(result.form)
    _keep_definition("form", canonical)
    form, _created = Form.objects.update_or_create(
        key=result.form.id.text,
        defaults={
            "name": result.form.name.text,
            "source": source,
            "definition_id": digest(canonical),
        },
    )
    return form, result.diagnostics


@transaction.atomic
def save_draft(
    *, source: str, actor: PersonView | None, flow_key: str | None = None, file: str = DRAFT_FILE
) -> DraftResult:
    """Keep a text as a new draft of its procedure, with errors or without.

    `actor` None is the importer of manifests; a person must be the agency head. A text whose
    procedure cannot be told, or is another than `flow_key`, is not kept.
    """
    _require_head(actor)
    result = check_draft(source, file=file)
    flow_ast = result.flow
    if flow_ast is None:
        return DraftResult(None, tuple(result.diagnostics))
    if flow_key and flow_ast.id.text != flow_key:
        raise FormInvalid(
            {
                "source": [
                    _("Bản nháp khai quy trình “%(found)s”, không phải “%(wanted)s”.")
                    % {"found": flow_ast.id.text, "wanted": flow_key}
                ]
            }
        )
    definition_id = None
    if result.ok:
        canonical = canonical_flow(flow_ast, forms_of_agency(), registry())
        _keep_definition("flow", canonical)
        definition_id = digest(canonical)
    flow, _created = Flow.objects.get_or_create(
        key=flow_ast.id.text, defaults={"name": flow_ast.name.text}
    )
    version = FlowVersion.objects.create(
        flow=flow,
        number=_next_number(flow),
        source=source,
        definition_id=definition_id,
        created_by_id=actor.id if actor else None,
    )
    return DraftResult(version, tuple(result.diagnostics))


@transaction.atomic
def promulgate(
    *,
    version_id: object,
    actor: PersonView | None,
    decision_number: str,
    decision_date: date,
    effective_from: date | None = None,
) -> FlowVersion:
    """Promulgate a draft by the head's decision; from its effective date it rules new cases.

    Cases that run keep the version they began under. Raises NotFoundForYou, ActionNotAllowed,
    DraftInvalid, VersionConflict, FormInvalid.
    """
    _require_head(actor)
    version = (
        FlowVersion.objects.select_for_update(of=("self",))
        .select_related("flow")
        .filter(pk=version_id)
        .first()
    )
    if version is None:
        raise NotFoundForYou
    if version.state != VersionState.DRAFT:
        raise VersionConflict
    result = check_draft(version.source)
    if not result.ok or version.definition_id is None or result.flow is None:
        raise DraftInvalid(result.diagnostics)
    if waiting := not_run_yet(result.flow):
        raise DraftInvalid(waiting)
    if not decision_number.strip():
        raise FormInvalid({"decision_number": [_("Bắt buộc nhập số quyết định")]})
    _renew_definition(version, result)
    effective_from = effective_from or decision_date
    if effective_from <= timezone.localdate():
        _supersede_versions_before(version)
    version.state = VersionState.PROMULGATED
    version.decision_number = decision_number.strip()
    version.decision_date = decision_date
    version.effective_from = effective_from
    version.promulgated_at = timezone.now()
    version.promulgated_by_id = actor.id if actor else None
    version.save()
    Flow.objects.filter(pk=version.flow_id).update(name=result.flow.name.text)
    record(
        subject_id=version.flow_id,
        verb="flow.promulgated",
        actor=actor.id if actor else None,
        payload={
            "version": version.number,
            "digest": version.definition_id,
            "decision_number": version.decision_number,
            "decision_date": decision_date.isoformat(),
        },
    )
    return version


def _supersede_versions_before(version: FlowVersion) -> None:
    """Mark what this version replaces; one that takes force later leaves the others until then."""
    earlier = FlowVersion.objects.filter(flow=version.flow, state=VersionState.PROMULGATED)
    earlier.filter(number__lt=version.number).update(state=VersionState.SUPERSEDED)


def _renew_definition(version: FlowVersion, result: CheckResult) -> None:
    """Take the forms as they are today, not as they were when the draft was saved."""
    assert result.flow is not None
    canonical = canonical_flow(result.flow, forms_of_agency(), registry())
    _keep_definition("flow", canonical)
    version.definition_id = digest(canonical)


def _keep_definition(kind: str, canonical: dict[str, object]) -> None:
    definitions.store(kind, digest(canonical), canonical_bytes(canonical).decode())


def _require_head(actor: PersonView | None) -> None:
    if actor is not None and not actor.is_agency_head:
        raise ActionNotAllowed(_("Chỉ thủ trưởng cơ quan được khai báo và ban hành quy trình."))


def _next_number(flow: Flow) -> int:
    return (flow.versions.aggregate(latest=Max("number"))["latest"] or 0) + 1
