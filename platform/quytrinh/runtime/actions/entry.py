"""What a person enters with a step: fields, files, a comment; checked before anything is kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from quytrinh.compiler.plan import Plan, PlanAction, PlanStep
from quytrinh.documents.actions import ReceivedUpload, attach, receive_upload
from quytrinh.documents.exceptions import UploadRefused
from quytrinh.formkit.definition import slots_of
from quytrinh.formkit.reading import keep_known
from quytrinh.formkit.validation import validate
from quytrinh.runtime import definitions
from quytrinh.runtime.choices import Urgency
from quytrinh.runtime.exceptions import FormInvalid
from quytrinh.runtime.models import Case

COMMENT_FIELD = "comment"
Uploads = Mapping[str, Sequence[UploadedFile]]


@dataclass(frozen=True, slots=True)
class Entered:
    """The values of the step's form, the files per slot, and the comment."""

    values: Mapping[str, Any] = field(default_factory=dict)
    uploads: Uploads = field(default_factory=dict)
    comment: str = ""


def form_of(plan: Plan, form_id: str | None) -> Mapping[str, Any] | None:
    """Return the definition of a form this flow was promulgated with."""
    return definitions.form(plan.forms[form_id]) if form_id else None


def check(
    plan: Plan, step: PlanStep, action: PlanAction, entered: Entered, case: Case
) -> dict[str, Any]:
    """Return the values to keep; raise FormInvalid naming every field that is wrong.

    A return never needs a complete form (flow-language §3.5).
    """
    errors: dict[str, list[str]] = {}
    values: dict[str, Any] = {}
    definition = form_of(plan, step.form)
    if definition is not None:
        complete = not (action.incomplete or action.route.return_to)
        values = keep_known(definition, entered.values)
        present = {*case.slots, *(slot for slot, files in entered.uploads.items() if files)}
        errors = {
            name: list(messages)
            for name, messages in validate(
                definition, values, complete=complete, filled_slots=present
            ).items()
        }
    for name in action.requires:
        if not values.get(name, case.fields.get(name)):
            errors.setdefault(name, []).append(_("Bắt buộc nhập"))
    if action.comment == "required" and not entered.comment.strip():
        errors[COMMENT_FIELD] = [_("Thao tác này phải ghi rõ lý do")]
    if errors:
        raise FormInvalid(errors)
    return values


def receive(
    plan: Plan, form_id: str | None, uploads: Uploads, *, actor: UUID
) -> dict[str, list[ReceivedUpload]]:
    """Check and store the bytes of uploads; raise FormInvalid on the field of a bad one.

    Runs before the step's transaction: rendering a PDF to see that it opens takes its time.
    """
    definition = form_of(plan, form_id)
    fields_of_slots = slots_of(definition) if definition is not None else {}
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


def keep(
    case: Case,
    values: Mapping[str, Any],
    received: Mapping[str, Sequence[ReceivedUpload]],
    *,
    actor: UUID,
) -> None:
    """Put checked values and files into the case."""
    fields = dict(values)
    if "subject" in fields:
        case.subject = fields.pop("subject") or ""
    if "urgency" in fields:
        case.urgency = fields.pop("urgency") or Urgency.NORMAL
    case.fields = {**case.fields, **fields}
    slots = dict(case.slots)
    for slot, files in received.items():
        slots[slot] = [str(_attach(case, slot, upload, actor)) for upload in files]
    case.slots = slots


def _attach(case: Case, slot: str, upload: ReceivedUpload, actor: UUID) -> UUID:
    """Make a file the document of a slot, or a new version of the one that is there."""
    present = case.slots.get(slot, ())
    replaces = UUID(present[0]) if present else None
    return attach(upload=upload, slot=slot, replaces=replaces, owner=case.pk, actor=actor)
