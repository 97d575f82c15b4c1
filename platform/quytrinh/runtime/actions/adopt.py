"""A procedure of the library becomes a draft of the agency, its forms with it."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from quytrinh.compiler.canonical import canonical_form, digest
from quytrinh.journal.actions import record
from quytrinh.language.form import check_form
from quytrinh.organization.directory import PersonView
from quytrinh.runtime import definitions
from quytrinh.runtime.actions.drafts import require_author, save_draft, save_form
from quytrinh.runtime.exceptions import ActionNotAllowed, NotFoundForYou
from quytrinh.runtime.models import Flow, FlowVersion, Form, LibraryFlow


@dataclass(frozen=True, slots=True)
class Adopted:
    """The draft, and the forms of that key that the agency had already and kept as they are."""

    version: FlowVersion
    own_forms: tuple[str, ...]


@transaction.atomic
def adopt(*, key: str, actor: PersonView) -> Adopted:
    """Take a procedure over from the library; the draft remembers by digest which text it was.

    Raises ActionNotAllowed if the agency has a procedure of that key: nothing is overwritten.
    """
    require_author(actor)
    entry = LibraryFlow.objects.filter(pk=key).first()
    if entry is None:
        raise NotFoundForYou
    flow, _created = Flow.objects.get_or_create(key=key, defaults={"name": entry.name})
    # Whoever adopts at the same time waits here, then finds the draft.
    Flow.objects.select_for_update().get(pk=flow.pk)
    if flow.versions.exists():
        message = _("Cơ quan đã có quy trình “%(name)s”. Hãy mở quy trình ấy để sửa.")
        raise ActionNotAllowed(message % {"name": flow.name})
    texts = definitions.canonical(entry.text_id)
    own = _bring_forms(texts["forms"])
    version = save_draft(source=texts["source"], actor=actor).version
    assert version is not None
    version.adopted_id = entry.text_id
    version.save(update_fields=["adopted"])
    record(
        subject_id=flow.pk,
        verb="flow.adopted",
        actor=actor.id,
        payload={"version": version.number, "library": key, "digest": entry.text_id},
    )
    return Adopted(version, own)


def _bring_forms(texts: dict[str, str]) -> tuple[str, ...]:
    """Add the forms that the agency lacks; return the names of those that it has otherwise."""
    known = {form.key: form for form in Form.objects.filter(key__in=texts)}
    own = []
    for key, source in texts.items():
        mine = known.get(key)
        if mine is None:
            save_form(source=source, file=key)
        elif mine.definition_id != _digest_of(source, key):
            own.append(mine.name)
    return tuple(own)


def _digest_of(source: str, key: str) -> str:
    form = check_form(source, file=key).form
    assert form is not None
    return digest(canonical_form(form))
