"""A draft's text changed by one operation at a time; each can be taken back and made again."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from quytrinh.compiler.check import CheckResult
from quytrinh.compiler.editing.operations import Operation, edit
from quytrinh.compiler.editing.patch import Hunk, Patch, PatchDoesNotFit
from quytrinh.compiler.editing.refusal import EditRefused
from quytrinh.language.source import MapNode, Word, read_source
from quytrinh.organization.directory import PersonView
from quytrinh.runtime.actions.drafts import (
    canonical_of,
    check_draft,
    find_draft,
    keep_definition,
    require_author,
)
from quytrinh.runtime.exceptions import EditNotPossible, TextOutdated
from quytrinh.runtime.models import DraftEdit, FlowVersion
from quytrinh.runtime.plugins import registry

# Older edits cannot be taken back.
KEPT = 200


@dataclass(frozen=True, slots=True)
class DraftEdited:
    """A draft after an edit, what the checker says of it, and the step to look at."""

    version: FlowVersion
    result: CheckResult
    step: str = ""


def text_digest(text: str) -> str:
    """Return the name of a text's state, by which an edit says what it was made for."""
    return hashlib.sha256(text.encode()).hexdigest()


@transaction.atomic
def edit_draft(
    *, version_id: object, actor: PersonView, base: str, operation: Operation
) -> DraftEdited:
    """Do one operation to the text whose digest is `base`.

    Raise TextOutdated if the text is another by now, EditNotPossible with the reason; nothing
    is changed then.
    """
    version = _locked(version_id, actor, base)
    try:
        edited = edit(version.source, operation, registry())
    except EditRefused as refusal:
        raise _refused(refusal) from refusal
    _same_flow(version, edited.text)
    if edited.patch.hunks:
        _remember(version, edited.patch, edited.text, edited.step)
    return _keep(version, edited.text, edited.step)


@transaction.atomic
def undo_edit(*, version_id: object, actor: PersonView, base: str) -> DraftEdited:
    """Take the last edit back; the text is as before it, byte for byte."""
    version = _locked(version_id, actor, base)
    last = last_edit(version)
    if last is None:
        raise EditNotPossible(_("Không còn gì để hoàn tác."))
    last.undone = True
    last.save(update_fields=["undone"])
    return _keep(version, _patched(version.source, _patch(last).inverse()), last.step)


@transaction.atomic
def redo_edit(*, version_id: object, actor: PersonView, base: str) -> DraftEdited:
    """Make the edit again that was last taken back."""
    version = _locked(version_id, actor, base)
    following = undone_edit(version)
    if following is None:
        raise EditNotPossible(_("Không còn gì để làm lại."))
    following.undone = False
    following.save(update_fields=["undone"])
    return _keep(version, _patched(version.source, _patch(following)), following.step)


def last_edit(version: FlowVersion) -> DraftEdit | None:
    """Return the edit that led to the text as it is; none if it was replaced otherwise."""
    last = version.edits.filter(undone=False).order_by("-number").first()
    return last if last and last.made == text_digest(version.source) else None


def undone_edit(version: FlowVersion) -> DraftEdit | None:
    """Return the edit that can be made again."""
    following = version.edits.filter(undone=True).order_by("number").first()
    if following is None:
        return None
    try:
        again = _patch(following).apply(version.source)
    except PatchDoesNotFit:
        return None
    return following if text_digest(again) == following.made else None


def _locked(version_id: object, actor: PersonView, base: str) -> FlowVersion:
    require_author(actor)
    version = find_draft(version_id, actor)
    if text_digest(version.source) != base:
        raise TextOutdated
    return version


def _same_flow(version: FlowVersion, text: str) -> None:
    """Refuse a text that has become another procedure's; one that cannot be read may stay."""
    root = read_source(text, file="").root
    key = root.get("flow") if isinstance(root, MapNode) else None
    if isinstance(key, Word) and key.text != version.flow.key:
        raise EditNotPossible(
            _("Văn bản khai quy trình “%(found)s”, không phải “%(wanted)s”.")
            % {"found": key.text, "wanted": version.flow.key},
            hint=_("Giữ nguyên mục `flow`, hoặc tạo bản nháp mới cho quy trình khác."),
        )


def _remember(version: FlowVersion, patch: Patch, text: str, step: str) -> None:
    """Keep what was done; what had been taken back cannot be made again after it."""
    version.edits.filter(undone=True).delete()
    latest = version.edits.aggregate(latest=Max("number"))["latest"] or 0
    version.edits.filter(number__lte=latest - KEPT).delete()
    DraftEdit.objects.create(
        version=version,
        number=latest + 1,
        hunks=[[hunk.start, hunk.old, hunk.new] for hunk in patch.hunks],
        made=text_digest(text),
        step=step,
    )


def _keep(version: FlowVersion, text: str, step: str) -> DraftEdited:
    result = check_draft(text, settings=version.settings)
    version.source = text
    version.definition_id = keep_definition("flow", canonical_of(result)) if result.ok else None
    version.save(update_fields=["source", "definition"])
    return DraftEdited(version, result, step)


def _patch(made: DraftEdit) -> Patch:
    return Patch(tuple(Hunk(start, old, new) for start, old, new in made.hunks))


def _patched(text: str, patch: Patch) -> str:
    try:
        return patch.apply(text)
    except PatchDoesNotFit as refusal:
        raise EditNotPossible(
            _("Văn bản đã khác nên không hoàn tác, làm lại được bước này.")
        ) from refusal


def _refused(refusal: EditRefused) -> EditNotPossible:
    return EditNotPossible(refusal.message, hint=refusal.hint, places=refusal.places)
