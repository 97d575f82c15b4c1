"""Which verbs a person may use on a task or a case, and for each other one, why not."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from quytrinh.organization.directory import PersonView
from quytrinh.organization.keys import head_key
from quytrinh.runtime.models import CaseTask
from quytrinh.runtime.verbs.situation import Situation, holds

Obstacles = Iterator[str]


@dataclass(frozen=True, slots=True)
class Verb:
    """One verb: its name for people, what it asks, and whether its comment must be given.

    `asks`: `person`, `member` (a person or a unit), `period`. `reason`: what the comment is called.
    """

    label: Promise
    reason: Promise
    required: bool = False
    asks: tuple[str, ...] = ()


_REASON, _WORDS = gettext_lazy("Lý do"), gettext_lazy("Nội dung")
TASK_VERBS: Mapping[str, Verb] = {
    "claim": Verb(gettext_lazy("Nhận việc"), _REASON),
    "release": Verb(gettext_lazy("Trả lại việc đã nhận"), _REASON),
    "reassign": Verb(gettext_lazy("Chuyển người khác xử lý"), _REASON, asks=("person",)),
    "return": Verb(gettext_lazy("Trả lại bước trước"), _REASON, required=True),
    "consult": Verb(gettext_lazy("Xin ý kiến"), _WORDS, required=True, asks=("member",)),
    "add_handler": Verb(gettext_lazy("Thêm nơi cùng xử lý"), _WORDS, asks=("member",)),
    "release_handler": Verb(
        gettext_lazy("Rút nơi cùng xử lý"), _REASON, asks=("member", "new_lead")
    ),
    "suspend": Verb(gettext_lazy("Tạm dừng"), _REASON, required=True),
    "resume": Verb(gettext_lazy("Tiếp tục xử lý"), _WORDS),
    "extend": Verb(gettext_lazy("Gia hạn"), _REASON, asks=("period",)),
    "urge": Verb(gettext_lazy("Đôn đốc"), _WORDS),
    "note": Verb(gettext_lazy("Ghi chú"), _WORDS, required=True),
}
CASE_VERBS: Mapping[str, Verb] = {
    "recall": Verb(gettext_lazy("Thu hồi việc đã chuyển"), _REASON),
    "cancel": Verb(gettext_lazy("Hủy hồ sơ"), _REASON, required=True),
    "reopen": Verb(gettext_lazy("Mở lại hồ sơ"), _REASON, required=True),
}
SIDE_VERBS: Mapping[str, Verb] = {
    "answer": Verb(gettext_lazy("Trả lời"), gettext_lazy("Ý kiến"), required=True),
}
VERBS: Mapping[str, Verb] = {**TASK_VERBS, **CASE_VERBS, **SIDE_VERBS}
# What may be done with a task that stands still.
_WHILE_SUSPENDED = ("resume", "urge", "note", "reassign")


@dataclass(frozen=True, slots=True)
class OfferedVerb:
    """A verb as page and API show it; `comment` names and rules the words it goes with."""

    id: str
    label: str
    allowed: bool
    why_not: str
    comment: str
    comment_label: str
    asks: tuple[str, ...]
    max: str


def task_verbs(situation: Situation, task: CaseTask, person: PersonView) -> list[OfferedVerb]:
    """Return every verb of a task, lawful or not."""
    verbs = SIDE_VERBS if task.is_side else TASK_VERBS
    return [offered(verb, situation, task, person) for verb in verbs]


def case_verbs(situation: Situation, person: PersonView) -> list[OfferedVerb]:
    """Return every verb of a case, lawful or not."""
    return [offered(verb, situation, None, person) for verb in CASE_VERBS]


def offered(
    verb: str, situation: Situation, task: CaseTask | None, person: PersonView
) -> OfferedVerb:
    """Return one verb as it is offered."""
    obstacle, known = why_not(verb, situation, task, person), VERBS[verb]
    rule = situation.rule(verb, situation.plan.step(task.step) if task else None)
    return OfferedVerb(
        id=verb,
        label=str(known.label),
        allowed=not obstacle,
        why_not=obstacle,
        comment="required" if is_required(verb, situation, task) else "optional",
        comment_label=str(known.reason),
        asks=known.asks,
        max=rule.max or "",
    )


def is_required(verb: str, situation: Situation, task: CaseTask | None) -> bool:
    """Tell whether words must be given with a verb."""
    rule = situation.rule(verb, situation.plan.step(task.step) if task else None)
    return VERBS[verb].required or (rule.comment == "required" and verb != "resume")


def why_not(verb: str, situation: Situation, task: CaseTask | None, person: PersonView) -> str:
    """Return why a person may not use a verb now and what would allow it; empty if they may."""
    return next(_obstacles(verb, situation, task, person), "")


def _obstacles(
    verb: str, situation: Situation, task: CaseTask | None, person: PersonView
) -> Obstacles:
    if task is not None and task.is_side:
        if not holds(task, person):
            yield _("Chỉ người được hỏi mới trả lời.")
        return
    step = task.step if task else situation.recalled_step(person) if verb == "recall" else None
    rule = situation.rule(verb, situation.plan.step(step) if step else None)
    if not rule.allowed:
        yield _("Quy trình không cho dùng thao tác này.")
    if task is not None and task.suspended and verb not in _WHILE_SUSPENDED:
        yield _("Việc đang tạm dừng (%(reason)s); bấm “Tiếp tục xử lý” trước.") % task.suspended
    if rule.by:
        if not situation.has_role(person, rule.by, task):
            names = ", ".join(situation.plan.roles[role].name for role in rule.by)
            yield _("Quy trình chỉ giao thao tác này cho: %(roles)s.") % {"roles": names}
    else:
        yield from _WHO[verb](situation, task, person)
    if rule.at_most and verb != "resume" and situation.times(verb, task) >= rule.at_most:
        yield ngettext(
            "Thao tác này chỉ được dùng %(count)d lần trong một hồ sơ.",
            "Thao tác này chỉ được dùng %(count)d lần trong một hồ sơ.",
            rule.at_most,
        ) % {"count": rule.at_most}
    if verb in _STATE:
        yield from _STATE[verb](situation, task, person)


# --- who, unless the procedure says otherwise ---------------------------------------------------


def _holder(situation: Situation, task: CaseTask, person: PersonView) -> Obstacles:
    if not holds(task, person):
        yield _("Chỉ người đang giữ việc được làm: %(who)s.") % {"who": _holders(situation, task)}


def _holder_or_above(situation: Situation, task: CaseTask, person: PersonView) -> Obstacles:
    if not (holds(task, person) or situation.heads(person, task) or person.is_administrator):
        yield _("Chỉ người đang giữ việc, trưởng đơn vị của họ hoặc quản trị viên được làm.")


def _head(situation: Situation, task: CaseTask, person: PersonView) -> Obstacles:
    if not situation.heads(person, task):
        yield _("Chỉ trưởng đơn vị của người đang giữ việc được gia hạn.")


def _leader_of_block(situation: Situation, task: CaseTask, person: PersonView) -> Obstacles:
    number = situation.each_of(task)
    if number is None:
        yield from _holder(situation, task, person)
    elif not situation.leads(person, number):
        yield _("Chỉ nơi chủ trì hoặc người đã chọn các nơi cùng xử lý được làm.")


def _creator_or_head(situation: Situation, task: CaseTask | None, person: PersonView) -> Obstacles:
    creator = situation.case.creator_id
    unit = situation.directory.unit_of(creator) if creator else situation.case.unit_key
    if person.id != creator and not (unit and head_key(unit) in person.keys):
        yield _("Chỉ người lập hồ sơ hoặc trưởng đơn vị của họ được hủy.")


def _administrator(situation: Situation, task: CaseTask | None, person: PersonView) -> Obstacles:
    if not person.is_administrator:
        yield _("Chỉ quản trị viên được mở lại hồ sơ.")


def _anyone(situation: Situation, task: CaseTask | None, person: PersonView) -> Obstacles:
    yield from ()


# --- when ---------------------------------------------------------------------------------------


def _free(situation: Situation, task: CaseTask, person: PersonView) -> Obstacles:
    if task.owner_id:
        who = situation.directory.name_of(task.owner_id)
        yield _("Việc này đã có người nhận: %(who)s.") % {"who": who}


def _taken(situation: Situation, task: CaseTask, person: PersonView) -> Obstacles:
    if not task.owner_id:
        yield _("Việc này chưa có ai nhận.")
    elif len(situation.candidates(task)) < 2:
        yield _("Không còn ai khác làm được bước này; hãy dùng “Chuyển người khác xử lý”.")


def _came_from(situation: Situation, task: CaseTask, person: PersonView) -> Obstacles:
    actions = situation.plan.step(task.step).actions
    if any(action.route.return_to for action in actions):
        yield _("Bước này có thao tác trả lại riêng; hãy dùng thao tác đó.")
    if situation.led_here(task) is None:
        yield _("Đây là bước đầu nên không có bước trước để trả lại.")


def _unopened(situation: Situation, task: CaseTask | None, person: PersonView) -> Obstacles:
    led_by, untouched = situation.recallable(person)
    if led_by is None:
        yield _("Chỉ người vừa hoàn thành bước trước được thu hồi.")
    elif not untouched:
        yield _("Người nhận đã mở việc hoặc hệ thống đã thực hiện; hãy đề nghị người đó trả lại.")


def _others(situation: Situation, task: CaseTask, person: PersonView) -> Obstacles:
    if situation.each_of(task) is None and not handlers_of(situation, task):
        yield _("Việc này không có nơi cùng xử lý nào đang mở.")


def _standing(situation: Situation, task: CaseTask, person: PersonView) -> Obstacles:
    if not task.suspended:
        yield _("Việc không tạm dừng.")


def _timed(situation: Situation, task: CaseTask, person: PersonView) -> Obstacles:
    if task.due_at is None:
        yield _("Việc này không có hạn nên không cần gia hạn.")


def _running(situation: Situation, task: CaseTask | None, person: PersonView) -> Obstacles:
    if situation.case.finished:
        yield _("Hồ sơ đã kết thúc.")


def _ended(situation: Situation, task: CaseTask | None, person: PersonView) -> Obstacles:
    if not situation.case.finished:
        yield _("Hồ sơ chưa kết thúc.")
    elif situation.case.parent_task:
        yield _("Hồ sơ gọi hồ sơ này đã đi tiếp; hãy trả lại ở hồ sơ đó.")
    elif situation.last_step() is None:
        yield _("Chưa có ai hoàn thành bước nào của hồ sơ này nên không có bước để mở lại.")


def handlers_of(situation: Situation, task: CaseTask) -> list[CaseTask]:
    """Return who helps with a task outside an `each` and has not answered yet."""
    return [
        side
        for side in situation.live
        if side.is_side
        and side.data["side"]["kind"] == "handler"
        and side.data["side"]["of"] == str(task.pk)
    ]


def _holders(situation: Situation, task: CaseTask) -> str:
    people = situation.directory
    persons = [task.owner_id] if task.owner_id else people.holders_of(task.holder_keys)
    return ", ".join(people.name_of(person) for person in persons)


_WHO: Mapping[str, Callable[..., Obstacles]] = {
    "claim": _holder, "release": _holder, "reassign": _holder_or_above, "return": _holder,
    "consult": _holder, "add_handler": _leader_of_block, "release_handler": _leader_of_block,
    "suspend": _holder, "resume": _holder, "extend": _head, "urge": _anyone, "note": _anyone,
    "recall": _anyone, "cancel": _creator_or_head, "reopen": _administrator,
}  # fmt: skip
_STATE: Mapping[str, Callable[..., Obstacles]] = {
    "claim": _free, "release": _taken, "return": _came_from, "recall": _unopened,
    "release_handler": _others, "resume": _standing, "extend": _timed, "cancel": _running,
    "reopen": _ended,
}  # fmt: skip
