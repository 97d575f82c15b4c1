"""A draft becomes law of the agency: it is submitted, returned, promulgated, superseded."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from quytrinh.compiler.agency import check_in_agency
from quytrinh.compiler.not_run_yet import not_run_yet
from quytrinh.compiler.setting_values import faults_of_values
from quytrinh.journal.actions import record
from quytrinh.language.ast import Flow as FlowText
from quytrinh.language.diagnostics import Diagnostic, finish
from quytrinh.language.settings import Values
from quytrinh.organization.directory import PersonView, directory
from quytrinh.runtime import definitions
from quytrinh.runtime.actions.drafts import (
    canonical_of,
    check_draft,
    find_draft,
    keep_definition,
    locked_version,
    require_author,
)
from quytrinh.runtime.choices import VersionState
from quytrinh.runtime.exceptions import (
    ActionNotAllowed,
    DraftInvalid,
    FormInvalid,
    VersionConflict,
)
from quytrinh.runtime.models import Flow, FlowVersion
from quytrinh.runtime.people_of_agency import PeopleOfAgency

LAW = "F801"
PROMULGABLE = (VersionState.DRAFT, VersionState.SUBMITTED)


@transaction.atomic
def submit(*, version_id: object, actor: PersonView, note: str = "") -> FlowVersion:
    """Lay a draft before the head of the agency; its text then changes only if it is returned.

    Raises NotFoundForYou, ActionNotAllowed, VersionConflict, DraftInvalid.
    """
    require_author(actor)
    version = find_draft(version_id, actor)
    result = check_draft(version.source, settings=version.settings)
    if not result.ok:
        raise DraftInvalid(result.diagnostics)
    version.definition_id = keep_definition("flow", canonical_of(result))
    version.state = VersionState.SUBMITTED
    version.note = note.strip()
    version.submitted_at = timezone.now()
    version.submitted_by_id = actor.id
    version.returned_because = ""
    version.save()
    _record(version, "flow.submitted", actor, note=version.note, digest=version.definition_id)
    return version


@transaction.atomic
def return_draft(*, version_id: object, actor: PersonView, reason: str) -> FlowVersion:
    """Give a submitted draft back to its author with the reason; only the head does."""
    require_head(actor)
    version = locked_version(version_id)
    if version.state != VersionState.SUBMITTED:
        raise VersionConflict
    if not reason.strip():
        raise FormInvalid({"reason": [_("Hãy nêu lý do trả lại.")]})
    version.state = VersionState.DRAFT
    version.returned_because = reason.strip()
    version.save()
    _record(version, "flow.returned", actor, reason=version.returned_because)
    return version


@transaction.atomic
def promulgate(
    *,
    version_id: object,
    actor: PersonView | None,
    decision_number: str,
    decision_date: date,
    effective_from: date | None = None,
    settings: Values | None = None,
) -> FlowVersion:
    """Promulgate a draft by the head's decision; from its effective date it rules new cases.

    `settings`: the agency's values, instead of those of the draft. Cases that run keep the version
    and the values they began under. Raises NotFoundForYou, ActionNotAllowed, DraftInvalid,
    VersionConflict, FormInvalid.
    """
    require_head(actor)
    version = locked_version(version_id)
    if version.state not in PROMULGABLE:
        raise VersionConflict
    values = version.settings if settings is None else settings
    result = check_draft(version.source, settings=values)
    if not result.ok or result.flow is None:
        raise DraftInvalid(result.diagnostics)
    if waiting := not_run_yet(result.flow):
        raise DraftInvalid(waiting)
    # A manifest may come before the people of its agency do.
    if actor is not None:
        _refuse_empty_roles(result.flow, version.source)
    _refuse_values(result.flow, values)
    if not decision_number.strip():
        raise FormInvalid({"decision_number": [_("Bắt buộc nhập số quyết định")]})
    effective_from = effective_from or decision_date
    if effective_from <= timezone.localdate():
        _supersede_versions_before(version)
    # The forms as they are today, not as they were when the draft was saved.
    version.definition_id = keep_definition("flow", canonical_of(result))
    _keep_values(version, values)
    version.state = VersionState.PROMULGATED
    version.decision_number = decision_number.strip()
    version.decision_date = decision_date
    version.effective_from = effective_from
    version.promulgated_at = timezone.now()
    version.promulgated_by_id = actor.id if actor else None
    version.save()
    Flow.objects.filter(pk=version.flow_id).update(name=result.flow.name.text)
    _record(
        version,
        "flow.promulgated",
        actor,
        digest=version.definition_id,
        decision_number=version.decision_number,
        decision_date=decision_date.isoformat(),
        **({"edition": version.edition_id} if version.edition_id else {}),
        **_acknowledged(result.diagnostics),
    )
    return version


def _acknowledged(found: Sequence[Diagnostic]) -> dict[str, list[str]]:
    """Return the warnings of law that promulgating takes note of, with their stories."""
    told = [each.message for each in found if each.code == LAW and not each.is_error]
    return {"acknowledged": told} if told else {}


def require_head(actor: PersonView | None) -> None:
    """Refuse anyone but the head of the agency; None is the importer of manifests."""
    if actor is not None and not actor.is_agency_head:
        raise ActionNotAllowed(_("Chỉ thủ trưởng cơ quan được ban hành hoặc trả lại quy trình."))


def _refuse_empty_roles(flow: FlowText, source: str) -> None:
    found = finish(check_in_agency(flow, PeopleOfAgency.at_work()), source)
    if any(each.is_error for each in found):
        raise DraftInvalid(found)


def _supersede_versions_before(version: FlowVersion) -> None:
    """Mark what this version replaces; one that takes force later leaves the others until then."""
    earlier = FlowVersion.objects.filter(flow=version.flow, state=VersionState.PROMULGATED)
    earlier.filter(number__lt=version.number).update(state=VersionState.SUPERSEDED)


def _refuse_values(flow: FlowText, values: Values) -> None:
    people = directory()
    faults = faults_of_values(flow.settings, values, positions=people.positions, units=people.units)
    if faults:
        raise FormInvalid({f"setting_{name}": [message] for name, message in faults.items()})


def _keep_values(version: FlowVersion, values: Values) -> None:
    """Pin every setting's value, the defaults too: a case runs by what is kept here."""
    version.settings = {name: list(value) for name, value in values.items()}
    plan = definitions.plan(version.definition_id)
    chosen = {each.id: tuple(values.get(each.id) or each.value) for each in plan.settings}
    if chosen:
        version.edition_id = definitions.keep_edition(str(version.definition_id), chosen)


def _record(version: FlowVersion, verb: str, actor: PersonView | None, **facts: object) -> None:
    record(
        subject_id=version.flow_id,
        verb=verb,
        actor=actor.id if actor else None,
        payload={"version": version.number, **facts},
    )
