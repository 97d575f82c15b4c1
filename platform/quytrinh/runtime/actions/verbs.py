"""A person uses a verb on a task or a case: checked, done, journalled, in one transaction."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from quytrinh.organization.directory import PersonView
from quytrinh.runtime.actions.perform import open_task
from quytrinh.runtime.actions.step import step_of
from quytrinh.runtime.exceptions import ActionNotAllowed, FormInvalid, NotFoundForYou
from quytrinh.runtime.models import Case, CaseTask
from quytrinh.runtime.unit_of_work import UnitOfWork
from quytrinh.runtime.verbs import moves
from quytrinh.runtime.verbs.effects import EFFECTS, Asked, Use
from quytrinh.runtime.verbs.offers import CASE_VERBS, SIDE_VERBS, TASK_VERBS, is_required, why_not
from quytrinh.runtime.verbs.situation import Situation, holds, place_of

LONGEST_COMMENT = 5000
_OPEN_TO_OTHERS = ("urge", "note", "reopen", "reassign")


def use_on_task(*, task_id: UUID, actor: PersonView, verb: str, asked: Asked | None = None) -> UUID:
    """Use a verb on an open task, or answer what one was asked beside it; return the case's id.

    Raises NotFoundForYou, TaskAlreadyDone, ActionNotAllowed, FormInvalid; then nothing has changed.
    """
    asked = _read(asked)
    with step_of(task_id=task_id, actor=actor.id) as work:
        task = open_task(work, task_id, actor)
        if verb not in (SIDE_VERBS if task.is_side else TASK_VERBS):
            raise NotFoundForYou
        if holds(task, actor):
            work.on_behalf_of = actor.acts_for(task.holder_keys, task.owner_id)
            if task.seen_at is None:
                task.seen_at = work.now
                task.save()
        situation = Situation.of(work)
        _check(work, situation, verb, task, actor, asked)
        _count(work, verb, task)
        told = EFFECTS[verb](Use(work, situation, task, actor, asked))
        told = {"task": str(task.pk), "step": task.step, **told}
        work.record(f"verb.{verb}", comment=asked.comment, **told)
        return work.case.pk


def use_on_case(*, case_id: UUID, actor: PersonView, verb: str, asked: Asked | None = None) -> UUID:
    """Recall, cancel or reopen a case; return its id.

    Raises NotFoundForYou, ActionNotAllowed, FormInvalid; then nothing has changed.
    """
    asked = _read(asked)
    if verb not in CASE_VERBS:
        raise NotFoundForYou
    with step_of(case_id=case_id, actor=actor.id) as work:
        situation = Situation.of(work)
        _check(work, situation, verb, None, actor, asked)
        _count(work, verb, None)
        told = _move(work, situation, verb, actor)
        work.record(f"verb.{verb}", comment=asked.comment, **told)
        return work.case.pk


def _move(work: UnitOfWork, situation: Situation, verb: str, actor: PersonView) -> dict[str, Any]:
    if verb == "cancel":
        return moves.cancel(work)
    if verb == "reopen":
        return moves.reopen(work, situation.last_step() or "")
    led_by, _untouched = situation.recallable(actor)
    assert led_by is not None
    return moves.recall(work, led_by)


def _check(
    work: UnitOfWork,
    situation: Situation,
    verb: str,
    task: CaseTask | None,
    actor: PersonView,
    asked: Asked,
) -> None:
    obstacle = why_not(verb, situation, task, actor)
    # Other verbs are lawful only for those who certainly see the case.
    if (obstacle or verb in ("urge", "note", "reopen", "reassign")) and not _may_see(
        work, task, actor
    ):
        raise NotFoundForYou
    if obstacle:
        raise ActionNotAllowed(obstacle)
    if is_required(verb, situation, task) and not asked.comment:
        raise FormInvalid({"comment": [_("Bắt buộc nhập")]})


def _may_see(work: UnitOfWork, task: CaseTask | None, actor: PersonView) -> bool:
    if task is not None and holds(task, actor):
        return True
    return Case.objects.visible_to(actor).filter(pk=work.case.pk).exists()


def _count(work: UnitOfWork, verb: str, task: CaseTask | None) -> None:
    place, used = place_of(task), work.case.verbs_used
    here = used.get(place, {})
    work.case.verbs_used = {**used, place: {**here, verb: here.get(verb, 0) + 1}}


def _read(asked: Asked | None) -> Asked:
    """Return what was asked, with its words trimmed; refuse more than anybody reads."""
    asked = asked or Asked()
    comment = asked.comment.strip()
    if len(comment) > LONGEST_COMMENT:
        words = _("Dài quá %(count)d ký tự.") % {"count": LONGEST_COMMENT}
        raise FormInvalid({"comment": [words]})
    return replace(asked, comment=comment)
