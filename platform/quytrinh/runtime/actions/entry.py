"""What a person enters with a step: fields, files, a comment; checked before anything is kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from quytrinh.compiler.plan import Plan, PlanAction, PlanStep
from quytrinh.documents.actions import ReceivedUpload, attach, describe, receive_upload
from quytrinh.documents.evidence import MAIN
from quytrinh.documents.exceptions import DocumentExcluded, UploadRefused
from quytrinh.documents.gate import SECRECY_FIELD
from quytrinh.documents.gatekeeping import refuse_excluded_values
from quytrinh.formkit.definition import slots_of
from quytrinh.formkit.reading import keep_known
from quytrinh.formkit.validation import validate
from quytrinh.runtime import definitions
from quytrinh.runtime.choices import Urgency
from quytrinh.runtime.exceptions import FormInvalid
from quytrinh.runtime.facts import entered_at, record_of
from quytrinh.runtime.models import Case
from quytrinh.runtime.scopes import Scope

COMMENT_FIELD = "comment"
# By slot: files as they come in, and files whose bytes are stored.
Uploads = Mapping[str, Sequence[UploadedFile]]
Received = Mapping[str, Sequence[ReceivedUpload]]


@dataclass(frozen=True, slots=True)
class Entered:
    """The values of the step's form, its files, and the comment."""

    values: Mapping[str, Any] = field(default_factory=dict)
    received: Received = field(default_factory=dict)
    comment: str = ""


def form_of(plan: Plan, form_id: str | None) -> Mapping[str, Any] | None:
    """Return the definition of a form this flow was promulgated with."""
    return definitions.form(plan.forms[form_id]) if form_id else None


def task_form(plan: Plan, step: PlanStep) -> Mapping[str, Any] | None:
    """Return one form with everything a step may ask, whichever action is then chosen.

    What an action's own form requires is checked with that action, not drawn as required.
    """
    own = form_of(plan, step.form)
    asked = [form_of(plan, action.form) for action in step.actions if action.form]
    if not asked:
        return own
    fields = {
        field["id"]: field
        for form in (own, *asked)
        if form
        for field in form["schema"]["properties"]
    }
    required = own["schema"].get("required", []) if own else []
    base = own or asked[0] or {}
    schema = {"type": "object", "properties": list(fields.values()), "required": required}
    return {**base, "schema": schema}


def form_ids_of(step: PlanStep) -> list[str]:
    """Return every form a step may ask."""
    return [form for form in (step.form, *(action.form for action in step.actions)) if form]


def forms_for(step: PlanStep, action: PlanAction) -> tuple[str, ...]:
    """Return the forms a person fills for an action: the step's and the action's own."""
    return tuple(form for form in (step.form, action.form) if form)


def check(
    plan: Plan, step: PlanStep, action: PlanAction, entered: Entered, scope: Scope
) -> dict[str, Any]:
    """Return the values to keep; raise FormInvalid naming every field that is wrong.

    A return never needs a complete form (flow-language §3.5).
    """
    complete = not (action.incomplete or action.route.return_to)
    values, errors = _read_forms(plan, forms_for(step, action), entered, scope, complete=complete)
    known = {**record_of(scope.case), **entered_at(scope)}
    for name in action.requires:
        if not values.get(name, known.get(name)):
            errors.setdefault(name, []).append(_("Bắt buộc nhập"))
    if action.comment == "required" and not entered.comment.strip():
        errors[COMMENT_FIELD] = [_("Thao tác này phải ghi rõ lý do")]
    if errors:
        raise FormInvalid(errors)
    return values


def check_start(plan: Plan, entered: Entered, case: Case) -> dict[str, Any]:
    """Return the values of the form that begins a case; raise FormInvalid."""
    forms = (plan.start_form,) if plan.start_form else ()
    values, errors = _read_forms(plan, forms, entered, Scope(case), complete=True)
    if errors:
        raise FormInvalid(errors)
    return values


def _read_forms(
    plan: Plan, forms: Sequence[str], entered: Entered, scope: Scope, *, complete: bool
) -> tuple[dict[str, Any], dict[str, list[str]]]:
    """Return the values of these forms and what is wrong with them, by field."""
    filled_slots = {*scope.case.slots, *entered.received}
    values: dict[str, Any] = {}
    errors: dict[str, list[str]] = {}
    for form in forms:
        definition = definitions.form(plan.forms[form])
        # What the case or the branch holds already need not be entered again.
        known = keep_known(definition, {**entered_at(scope), **entered.values})
        found = validate(definition, known, complete=complete, filled_slots=filled_slots)
        values |= known
        errors |= {name: list(messages) for name, messages in found.items()}
    return values, errors


def receive(plan: Plan, forms: Sequence[str], uploads: Uploads, *, actor: UUID) -> Received:
    """Check and store the bytes of uploads; raise FormInvalid on the field of a bad one.

    Runs before the step's transaction: rendering a PDF to see that it opens takes its time.
    """
    fields_of_slots: dict[str, str] = {}
    for form in forms:
        fields_of_slots |= slots_of(definitions.form(plan.forms[form]))
    received: dict[str, list[ReceivedUpload]] = {}
    for slot, files in uploads.items():
        if slot not in fields_of_slots:
            continue
        for upload in files:
            try:
                received.setdefault(slot, []).append(receive_upload(upload=upload, actor=actor))
            except UploadRefused as refusal:
                raise FormInvalid({fields_of_slots[slot]: [refusal.message]}) from refusal
    return received


def refuse_excluded(values: Mapping[str, Any] | None, *, actor: UUID) -> None:
    """Raise FormInvalid when what is entered describes a document that is kept out by law.

    Call it before the step's transaction: the journal keeps the refusal.
    """
    try:
        refuse_excluded_values(values or {}, actor=actor)
    except DocumentExcluded as refusal:
        field = SECRECY_FIELD if (values or {}).get(SECRECY_FIELD) else "subject"
        raise FormInvalid({field: [refusal.message]}) from refusal


def keep(
    scope: Scope,
    values: Mapping[str, Any],
    received: Received,
    *,
    actor: UUID,
    facts: Mapping[str, Any] | None = None,
) -> None:
    """Put checked values and files where they belong: into the case, or a member's branch.

    `facts` are what a sender says of `main`.
    """
    case, fields = scope.case, dict(values)
    if scope.member_branch is None:
        if "subject" in fields:
            case.subject = fields.pop("subject") or ""
        if "urgency" in fields:
            case.urgency = fields.pop("urgency") or Urgency.NORMAL
    scope.keep_fields(fields)
    slots = dict(case.slots)
    for slot, files in received.items():
        slots[slot] = [
            str(_attach(case, slot, place, upload, actor)) for place, upload in enumerate(files)
        ]
    case.slots = slots
    if facts and slots.get(MAIN):
        describe(document=UUID(slots[MAIN][0]), facts=facts)


def _attach(case: Case, slot: str, place: int, upload: ReceivedUpload, actor: UUID) -> UUID:
    """Make a file a document of a slot, or a new version of the one in its place there."""
    present = case.slots.get(slot, ())
    replaces = UUID(present[place]) if place < len(present) else None
    return attach(upload=upload, slot=slot, replaces=replaces, owner=case.pk, actor=actor)
