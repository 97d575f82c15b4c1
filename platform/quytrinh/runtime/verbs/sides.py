"""Side tasks: somebody is asked beside a task, for an opinion or to help. Never a token."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext as _
from viewflow.workflow.status import STATUS

from quytrinh.organization.directory import PersonView
from quytrinh.organization.keys import head_key, person_key
from quytrinh.runtime.exceptions import FormInvalid
from quytrinh.runtime.models import SIDE, CaseTask
from quytrinh.runtime.unit_of_work import UnitOfWork
from quytrinh.runtime.verbs.offers import handlers_of
from quytrinh.runtime.verbs.situation import Situation


def ask(
    work: UnitOfWork, task: CaseTask, *, kind: str, member: str, title: str, question: str
) -> None:
    """Ask a person, or a unit by its head, beside a task. Raises FormInvalid if asked already."""
    if any(side.data["side"]["member"] == member for side in work.sides_of(task)):
        raise FormInvalid({"unit": [_("Đã hỏi nơi này và đang chờ trả lời.")]})
    person = None if work.directory.unit(member) else UUID(member)
    side = CaseTask(
        tenant_id=work.case.tenant_id,
        process=work.case,
        token=task.token,
        node=task.node,
        step=task.step,
        flow_task_type=SIDE,
        previous_ids=[str(task.pk)],
        created=work.now,
        due_at=task.due_at,
    )
    asked = {"kind": kind, "of": str(task.pk), "member": member, "question": question}
    side.data = {"title": title, "side": {**asked, "by": str(work.actor)}}
    work.hand_to(side, [person_key(person) if person else head_key(member)], person)


def answer(work: UnitOfWork, side: CaseTask, actor: PersonView, words: str) -> None:
    """Keep what was said, and tell whoever holds the task."""
    side.status, side.finished = STATUS.DONE, work.now
    side.done_by_id, side.comment, side.action = actor.id, words, "answer"
    side.save()
    work.withdraw(side)
    asked = work.open_tasks.get(UUID(side.data["side"]["of"]))
    if asked is not None:
        keys = [person_key(asked.owner_id)] if asked.owner_id else asked.holder_keys
        work.inform(keys, _("%(who)s đã trả lời: %(words)s") % {
            "who": actor.full_name, "words": words,
        })  # fmt: skip


def release(work: UnitOfWork, situation: Situation, task: CaseTask, member: str) -> None:
    """Ask somebody no longer to help. Raises FormInvalid when they were not asked."""
    for side in handlers_of(situation, task):
        if side.data["side"]["member"] == member:
            work.cancel_task(side, reason="released")
            return
    raise FormInvalid({"unit": [_("Nơi này không cùng xử lý việc này.")]})
