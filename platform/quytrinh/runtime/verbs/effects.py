"""What each verb does to tasks, clocks and people. Whether it may be used is in offers.py."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from quytrinh.deadlines.clock import moved_due
from quytrinh.deadlines.due import BadPeriod, period_after
from quytrinh.organization.directory import PersonView
from quytrinh.organization.keys import person_key
from quytrinh.runtime.exceptions import FormInvalid
from quytrinh.runtime.models import CaseTask
from quytrinh.runtime.scopes import scope_of
from quytrinh.runtime.unit_of_work import UnitOfWork, excluded_from
from quytrinh.runtime.verbs import members, moves, sides
from quytrinh.runtime.verbs.situation import Situation

Told = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Asked:
    """What goes with a verb: words, and whom, which unit or how long it is about."""

    comment: str = ""
    person: UUID | None = None
    unit: str = ""
    period: str = ""
    new_lead: str = ""

    @property
    def member(self) -> str:
        """The unit or the person chosen, as members of an `each` are named."""
        return self.unit or (str(self.person) if self.person else "")


@dataclass(frozen=True, slots=True)
class Use:
    """One use of a verb on a task."""

    work: UnitOfWork
    situation: Situation
    task: CaseTask
    actor: PersonView
    asked: Asked


def claim(use: Use) -> Told:
    """Take on a task that several might do."""
    use.work.hand_to(use.task, [person_key(use.actor.id)], use.actor.id)
    return {}


def release(use: Use) -> Told:
    """Give a task back to all who might do it."""
    people = use.situation.candidates(use.task)
    use.work.hand_to(use.task, [person_key(person) for person in people], None)
    return {}


def reassign(use: Use) -> Told:
    """Let somebody else do it; data and deadline stay."""
    person = chosen_person(use)
    step = use.work.plan.step(use.task.step)
    if person in excluded_from(step, scope_of(use.task)):
        raise FormInvalid(
            {"person": [_("Người này đã làm một bước trước nên không được làm bước này.")]}
        )
    if person not in use.situation.candidates(use.task) and not use.asked.comment:
        words = _("Người này không thuộc vai trò của bước; hãy ghi lý do giao cho họ.")
        raise FormInvalid({"comment": [words]})
    use.work.hand_to(use.task, [person_key(person)], person)
    return {"to": use.work.directory.name_of(person), "person": str(person)}


def suspend(use: Use) -> Told:
    """Let a task stand still, and its clock with it."""
    rule = use.situation.rule("suspend", use.work.plan.step(use.task.step))
    stands = {
        "since": use.work.now.isoformat(),
        "reason": use.asked.comment,
        "by": str(use.actor.id),
        "stops_clock": bool(rule.stops_clock),
    }
    _keep(use, suspended=stands)
    return {}


def resume(use: Use) -> Told:
    """Go on: what was left of the time is left."""
    work, task = use.work, use.task
    assert task.suspended is not None
    since = datetime.fromisoformat(task.suspended["since"])
    step, old = work.plan.step(task.step), task.due_at
    task.data = {name: held for name, held in task.data.items() if name != "suspended"}
    if old:
        task.due_at = moved_due(old, [(since, work.now)], work.calendar_of(step.due))
        if task.due_at != old:
            work.plan_timers(task, step)
    _keep(use)
    return _moved(old, task.due_at)


def extend(use: Use) -> Told:
    """Move the deadline by a period, at most by the procedure's `max`."""
    work, task, period = use.work, use.task, use.asked.period.strip()
    assert task.due_at is not None
    step, old = work.plan.step(task.step), task.due_at
    calendar = work.calendar_of(step.due)
    try:
        new = period_after(old, period, calendar)
    except (BadPeriod, OverflowError, ValueError):
        words = _("Ghi số và đơn vị: 30m là phút, 4h giờ, 2d ngày, 1w tuần; ví dụ 2d.")
        raise FormInvalid({"period": [words]}) from None
    longest = use.situation.rule("extend", step).max
    if longest and new > period_after(old, longest, calendar):
        words = _("Quy trình chỉ cho gia hạn tối đa %(max)s.") % {"max": longest}
        raise FormInvalid({"period": [words]})
    task.due_at = new
    work.plan_timers(task, step)
    _keep(use)
    return {"period": period, **_moved(old, new)}


def urge(use: Use) -> Told:
    """Press for a task: it says so in the inbox of who holds it."""
    words = use.asked.comment or _("đề nghị xử lý sớm")
    urged = _("Đôn đốc từ %(who)s: %(words)s") % {"who": use.actor.full_name, "words": words}
    _keep(use, urged=urged)
    return {}


def note(use: Use) -> Told:
    """Add a remark for whoever works on it."""
    task = use.task
    keys = [person_key(task.owner_id)] if task.owner_id else task.holder_keys
    others = [key for key in keys if key != person_key(use.actor.id)]
    use.work.inform(others, _("Ghi chú: %(words)s") % {"words": use.asked.comment})
    return {}


def give_back(use: Use) -> Told:
    """Return the case to the human step that led here."""
    led_by = use.situation.led_here(use.task)
    assert led_by is not None
    moves.give_back(use.work, use.task, led_by, comment=use.asked.comment)
    return {"to": use.work.plan.name_of(led_by["step"])}


def consult(use: Use) -> Told:
    """Ask somebody beside the task; it stays with its holder."""
    return _ask(use, "consult", _("Xin ý kiến: %(step)s"))


def add_handler(use: Use) -> Told:
    """Let somebody else handle it too: a branch of an `each`, elsewhere a side task."""
    number = use.situation.each_of(use.task)
    if number is None:
        return _ask(use, "handler", _("Đồng xử lý: %(step)s"))
    member, name = _member(use)
    members.add(use.work, use.situation, number, member)
    return {"to": name, "member": member}


def release_handler(use: Use) -> Told:
    """Ask somebody no longer; what they have said stays."""
    number = use.situation.each_of(use.task)
    member, name = _member(use)
    if number is None:
        sides.release(use.work, use.situation, use.task, member)
    else:
        members.release(use.work, use.situation, number, member, use.asked.new_lead)
    return {"to": name, "member": member}


def answer(use: Use) -> Told:
    """Say what one was asked."""
    sides.answer(use.work, use.task, use.actor, use.asked.comment)
    return {}


def chosen_person(use: Use) -> UUID:
    """Return the person chosen; raise FormInvalid when nobody of this agency is."""
    person = use.asked.person
    if person is None or use.work.directory.person(person) is None:
        raise FormInvalid({"person": [_("Hãy chọn một người của cơ quan.")]})
    return person


def _member(use: Use) -> tuple[str, str]:
    """Return the unit or the person chosen, and their name."""
    unit = use.work.directory.unit(use.asked.unit) if use.asked.unit else None
    if unit is not None:
        return unit.key, unit.name
    if use.asked.unit or use.asked.person is None:
        raise FormInvalid({"unit": [_("Hãy chọn một người hoặc một đơn vị của cơ quan.")]})
    person = chosen_person(use)
    return str(person), use.work.directory.name_of(person)


def _ask(use: Use, kind: str, title: str) -> Told:
    member, name = _member(use)
    step = use.work.plan.name_of(use.task.step)
    sides.ask(
        use.work,
        use.task,
        kind=kind,
        member=member,
        title=title % {"step": step},
        question=use.asked.comment,
    )
    return {"to": name, "member": member}


def _keep(use: Use, **data: Any) -> None:
    use.task.data = {**use.task.data, **data}
    use.task.save()
    use.work.show_anew(use.task)


def _moved(old: datetime | None, new: datetime | None) -> Told:
    return {"old": old.isoformat(), "new": new.isoformat()} if old and new else {}


EFFECTS: Mapping[str, Callable[[Use], Told]] = {
    "claim": claim,
    "release": release,
    "reassign": reassign,
    "return": give_back,
    "consult": consult,
    "add_handler": add_handler,
    "release_handler": release_handler,
    "suspend": suspend,
    "resume": resume,
    "extend": extend,
    "urge": urge,
    "note": note,
    "answer": answer,
}
