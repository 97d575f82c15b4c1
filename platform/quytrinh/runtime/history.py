"""The story of a case, from its journal, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from quytrinh.background.choices import MessageState
from quytrinh.background.models import OutboxMessage
from quytrinh.compiler.plan import Plan
from quytrinh.exchange import statuses
from quytrinh.journal.models import JournalEntry
from quytrinh.organization.directory import Directory, directory
from quytrinh.runtime import definitions
from quytrinh.runtime.choices import WITHDRAWN
from quytrinh.runtime.models import Case, CaseTask
from quytrinh.runtime.plugins import registry
from quytrinh.runtime.unit_of_work import JOB_KIND, job_key
from quytrinh.runtime.verbs.offers import VERBS
from quytrinh.spi import StepFailed

MIGRATED, TAKEN_BACK = "case.migrated", "case.migration_undone"
MIGRATIONS = (MIGRATED, TAKEN_BACK)
RETURNS = ("task.returned", "verb.return", "verb.recall", "verb.reopen")


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One thing that happened: what, by whom, when, with which words."""

    at: datetime
    who: str
    position: str
    what: str
    step: str
    comment: str = ""
    is_return: bool = False
    on_behalf_of: str = ""
    # Of which task and step it tells, if of one.
    task: str = ""
    step_id: str = ""


@dataclass(frozen=True, slots=True)
class WaitingLine:
    """One thing the case waits for: which step, for whom, since when, until when."""

    step: str
    step_id: str
    task_id: UUID
    who: tuple[str, ...]
    since: datetime
    due_at: datetime | None
    by_machine: bool
    error: str = ""
    # Why the machine's last attempt failed; it tries again by itself.
    retried_for: str = ""
    # Why it stands still.
    suspended: str = ""


def of(case: Case) -> list[HistoryLine]:
    """Return what happened to a case, latest first."""
    plan, people = definitions.plan(case.digest), directory()
    lines: list[HistoryLine] = []
    for entry in JournalEntry.objects.filter(subject_id=case.pk).order_by("-seq"):
        lines.append(_line(entry, plan, people, case))
        if entry.verb in MIGRATIONS:
            # What came before is told in the words of the version it happened under.
            plan = definitions.plan(entry.payload["digests"][0])
    return lines


def waiting(case: Case) -> list[WaitingLine]:
    """Return what a case waits for."""
    plan, people = definitions.plan(case.digest), directory()
    tasks = list(CaseTask.objects.open().filter(process_id=case.pk))
    retried = _retried([task for task in tasks if task.is_machine])
    return [
        WaitingLine(
            step=plan.step(task.step).name,
            step_id=task.step,
            task_id=task.pk,
            who=holders_of(task, people),
            since=task.created,
            due_at=task.due_at,
            by_machine=task.is_machine,
            error=task.data.get("error", ""),
            retried_for=retried.get(task.pk, ""),
            suspended=(task.suspended or {}).get("reason", ""),
        )
        for task in tasks
    ]


def _retried(jobs: Sequence[CaseTask]) -> dict[UUID, str]:
    """Return why jobs that are being retried have failed so far."""
    if not jobs:
        return {}
    keys = {job_key(job): job.pk for job in jobs}
    failed = OutboxMessage.objects.filter(kind=JOB_KIND, key__in=keys, state=MessageState.PENDING)
    errors = failed.exclude(last_error="").values_list("key", "last_error")
    return {keys[key]: _explained(error) for key, error in errors}


def _explained(error: str) -> str:
    """Return what a step said for people; anything else is for the administrator's logs."""
    kind, _colon, text = error.partition(": ")
    return text if kind == StepFailed.__name__ else _("có lỗi kỹ thuật")


def holders_of(task: CaseTask, people: Directory) -> tuple[str, ...]:
    """Return the names of those who hold a task, or may take it."""
    persons = [task.owner_id] if task.owner_id else people.holders_of(task.holder_keys)
    return tuple(people.name_of(person) for person in persons)


def _line(entry: JournalEntry, plan: Plan, people: Directory, case: Case) -> HistoryLine:
    return HistoryLine(
        at=entry.at,
        who=people.name_of(entry.actor) or entry.payload.get("who") or _("Hệ thống"),
        position=people.position_name_of(entry.actor) if entry.actor else "",
        what=_what(entry.verb, entry.payload, plan),
        step=_step_name(entry.payload, plan),
        is_return=entry.verb in RETURNS,
        comment=_said(entry.payload) or _about_block(entry.payload, case, people),
        on_behalf_of=people.name_of(entry.on_behalf_of),
        task=entry.payload.get("task", ""),
        step_id=entry.payload.get("step", ""),
    )


def _step_name(payload: Mapping[str, Any], plan: Plan) -> str:
    return plan.name_of(payload["step"]) if "step" in payload else ""


def _what(verb: str, payload: Mapping[str, Any], plan: Plan) -> str:
    if verb in {"task.completed", "task.returned"}:
        return str(payload["label"])
    kind, _dot, name = verb.partition(".")
    if kind == "verb":
        label = str(VERBS[name].label)
        return f"{label}: {payload['to']}" if "to" in payload else label
    if verb == "case.closed":
        ends = {step.outcome: step.name for step in plan.steps if step.kind == "end"}
        return _("Kết thúc: %(outcome)s") % {"outcome": ends.get(payload["outcome"], "")}
    if verb == "case.withdrawn":
        return str(WITHDRAWN[payload["outcome"]])
    if verb == "exchange.status":
        title = statuses.TITLES.get(payload["status"], payload["status"])
        return _("%(receiver)s: %(status)s") % {"receiver": payload["receiver"], "status": title}
    if "act" in payload and payload["act"] in registry():
        return registry().get(payload["act"]).title
    if verb == "status.reported":
        title = statuses.TITLES.get(payload["status"], payload["status"])
        return _("Báo nơi gửi: %(status)s") % {"status": title}
    if verb in MIGRATIONS:
        words = {
            MIGRATED: _("Chuyển từ phiên bản %(source)d sang phiên bản %(target)d"),
            TAKEN_BACK: _("Hoàn tác: từ phiên bản %(source)d về phiên bản %(target)d"),
        }[verb]
        return words % {"source": payload["source"], "target": payload["target"]}
    if verb == "block.joined":
        how = {"late": _("Khối hết thời hạn")}
        return how.get(payload["how"], _("Khối đã xong"))
    return {
        "block.begun": _("Bắt đầu khối"),
        "block.passed": _("Khối không có nhánh nào, đi tiếp"),
        "case.called": _("Lập hồ sơ con"),
        "case.cancelled": _("Hồ sơ bị hủy"),
        "task.late": _("Quá hạn"),
        "task.reminded": _("Đã nhắc sắp đến hạn"),
        "task.escalated": _("Đã báo cấp trên vì quá hạn"),
        "act.done": _("Hệ thống đã thực hiện"),
        "deadline.changed": _("Hạn xử lý đổi theo lịch làm việc"),
        "case.started": _("Khởi tạo hồ sơ"),
        "clock.stopped": _("Thời hạn của hồ sơ tạm ngừng tính"),
        "clock.resumed": _("Thời hạn của hồ sơ tính tiếp"),
        "step.completed": _("Hệ thống đã thực hiện"),
        "step.failed": _("Hệ thống chưa thực hiện được"),
        "exchange.recall_asked": _("Nơi gửi đề nghị lấy lại văn bản"),
        "exchange.recall_denied": _("Từ chối trả lại văn bản"),
        "exchange.asked_back": _("Đề nghị nơi nhận trả lại văn bản"),
        "exchange.updated": _("Nơi gửi cập nhật văn bản"),
        "exchange.replaced": _("Văn bản được thay thế"),
        "exchange.alarm": _("Cảnh báo liên thông"),
    }.get(verb, verb)


def _about_block(payload: Mapping[str, Any], case: Case, people: Directory) -> str:
    """Say which time a block is gone through, and by whom."""
    block = case.blocks.get(payload.get("block", ""))
    if block is None or "members" not in payload:
        return ""
    units = {key: unit.name for key, unit in people.units.items()}
    kinds = {each.get("member"): each.get("member_kind") for each in block["branches"].values()}
    names = [
        people.name_of(UUID(each)) if kinds.get(each) == "person" else units.get(each, each)
        for each in payload["members"]
    ]
    members = ", ".join(names) if block["kind"] == "each" else ""
    again = _("lần %(n)d") % {"n": block["pass"]} if block["pass"] > 1 else ""
    return ": ".join(part for part in (again, members) if part)


def _said(payload: Mapping[str, Any]) -> str:
    """Return a person's comment, a plugin's own summary, or why it failed."""
    if "announcement" in payload:
        return _new_deadline(payload)
    if payload.get("old") and payload.get("new") and payload["old"] != payload["new"]:
        moved = _new_deadline(payload)
        return f"{payload['comment']} ({moved})" if payload.get("comment") else moved
    outputs = payload.get("outputs", {})
    said = (payload.get("comment"), outputs.get("summary"), payload.get("explanation"))
    return next((each for each in (*said, payload.get("reason")) if each), "")


def _new_deadline(payload: Mapping[str, Any]) -> str:
    """Say how a deadline changed, and by which announcement."""
    old, new = (
        date_format(timezone.localtime(datetime.fromisoformat(payload[name])), "H:i d/m/Y")
        for name in ("old", "new")
    )
    words = _("%(old)s đổi thành %(new)s") % {"old": old, "new": new}
    return f"{words} ({payload['announcement']})" if payload.get("announcement") else words
