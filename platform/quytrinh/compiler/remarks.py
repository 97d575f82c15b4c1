"""What else a step or a flow says of itself, in sentences for the table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from quytrinh.compiler.naming import Phrases
from quytrinh.compiler.plan import Plan, PlanSetting, PlanStep, PlanVerb
from quytrinh.compiler.scheme import branches_in_words, join_in_words, members_in_words
from quytrinh.compiler.time_words import (
    due_in_words,
    late_in_words,
    period_in_words,
    start_in_words,
    wait_in_words,
    when_in_words,
)
from quytrinh.language.numbers import read_number, write_number

_VERBS = {
    "claim": "nhận việc",
    "release": "trả việc đã nhận",
    "reassign": "chuyển người khác làm",
    "return": "trả lại bước trước",
    "recall": "thu hồi việc đã chuyển",
    "consult": "xin ý kiến",
    "add_handler": "thêm nơi cùng xử lý",
    "release_handler": "thôi giao một nơi cùng xử lý",
    "suspend": "tạm dừng",
    "extend": "gia hạn",
    "urge": "đôn đốc",
    "note": "ghi chú",
    "cancel": "hủy hồ sơ",
    "reopen": "mở lại hồ sơ",
}
_COMMENTS = {
    "required": "phải nêu lý do",
    "optional": "có thể nêu lý do",
    "none": "không cần lý do",
}
_DOCUMENTS = {"outgoing": "văn bản đi", "incoming": "văn bản đến", "internal": "văn bản nội bộ"}


@dataclass(frozen=True, slots=True)
class Fact:
    """Something about a whole flow: what it is called and what it is."""

    label: str
    text: str


def verb_in_words(verb: PlanVerb, phrases: Phrases) -> str:
    """A restriction of a general verb: «Gia hạn: chỉ Trưởng phòng, nhiều nhất 2 ngày»."""
    name = _VERBS.get(verb.verb, verb.verb)
    if not verb.allowed:
        return f"Không được {name}"
    parts = []
    if verb.by:
        parts.append(f"chỉ {', '.join(phrases.role(role) for role in verb.by)}")
    if verb.at_most:
        parts.append(f"tối đa {verb.at_most} lần")
    if verb.max:
        parts.append(f"nhiều nhất {period_in_words(verb.max)}")
    if verb.comment:
        parts.append(_COMMENTS[verb.comment])
    if verb.stops_clock is not None:
        stands = "dừng" if verb.stops_clock else "vẫn chạy"
        parts.append(f"thời hạn của hồ sơ {stands}")
    return f"{name[0].upper()}{name[1:]}: {', '.join(parts)}"


def remarks(step: PlanStep, phrases: Phrases) -> tuple[str, ...]:
    """What a step says beyond who, when and where to, a sentence each."""
    return tuple(said[0].upper() + said[1:] for said in _remarks(step, phrases) if said)


def _remarks(step: PlanStep, phrases: Phrases) -> Iterator[str]:
    if step.kind == "each":
        yield members_in_words(step, phrases)
    if step.kind == "parallel":
        yield branches_in_words(step, phrases)
    if step.is_composite:
        yield join_in_words(step, phrases)
    if step.wait is not None:
        yield wait_in_words(step.wait, phrases)
    if step.call is not None:
        yield f"mở hồ sơ theo quy trình “{phrases.flow(step.call.flow)}” và chờ kết quả"
    if step.run is not None:
        by_hand = "người làm xác nhận, hệ thống thực hiện" if step.is_confirmed else "hệ thống làm"
        yield f"{by_hand}: {phrases.plugin(step.run)}"
    if step.not_by:
        done = ", ".join(f"“{phrases.step(each)}”" for each in step.not_by)
        yield f"không giao cho người đã làm {done}"
    yield late_in_words(step, phrases)
    if step.stops_clock:
        yield "thời hạn của hồ sơ dừng trong lúc chờ bước này"
    yield from (verb_in_words(verb, phrases) for verb in step.verbs)
    yield from _reported(step)


def _reported(step: PlanStep) -> Iterator[str]:
    if step.reports and step.reports.enter:
        yield f"báo nơi gửi trạng thái {step.reports.enter} khi đến bước này"
    if step.reports and step.reports.done:
        yield f"báo nơi gửi trạng thái {step.reports.done} khi xong"


def setting_in_words(setting: PlanSetting) -> str:
    """The agency's value of a setting as people write it."""
    match setting.type:
        case "when" | "period":
            return when_in_words(setting.value[0], "natural")
        case "boolean":
            return "có" if setting.value[0] == "true" else "không"
        case "number":
            return write_number(read_number(setting.value[0]) or 0)
    return ", ".join(setting.value)


def facts(plan: Plan, phrases: Phrases) -> tuple[Fact, ...]:
    """What a flow says as a whole: its document, how it begins, its deadline, its settings."""
    return tuple(_facts(plan, phrases))


def _facts(plan: Plan, phrases: Phrases) -> Iterator[Fact]:
    if plan.document:
        yield Fact("Loại văn bản", _DOCUMENTS.get(plan.document, plan.document))
    yield Fact("Bắt đầu", _listed(start_in_words(start, phrases) for start in plan.starts))
    if plan.due:
        yield Fact("Thời hạn của hồ sơ", due_in_words(plan.due, phrases))
    if plan.on_late and plan.on_late.run:
        yield Fact("Quá hạn hồ sơ", f"tự chạy “{phrases.plugin(plan.on_late.run)}”")
    for verb in plan.verbs:
        yield Fact("Thao tác chung", verb_in_words(verb, phrases))
    for setting in plan.settings:
        yield Fact(setting.name, setting_in_words(setting))


def _listed(texts: Iterable[str]) -> str:
    return "; ".join(texts)
