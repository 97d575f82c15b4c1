"""Rules about single steps: who does it, what must be filled in, which ways it offers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from quytrinh.compiler.regulation.course import Moment
from quytrinh.compiler.regulation.words import Words
from quytrinh.compiler.regulation.worlds import World
from quytrinh.language.ast import Action, Due, EachStep, HumanStep, ServiceStep, Step
from quytrinh.language.regulation import Offer, Rule
from quytrinh.language.schema import CONFIRM
from quytrinh.language.source import MapNode, Word, plain

AFTER_CLERK = "after_clerk"
REASON, COMMENT = "reason", "comment"
Meeting = Sequence[tuple[World, Mapping[str, str]]]


@dataclass(frozen=True)
class Demand:
    """A step that does not meet a demand, and what is the matter with it."""

    step: Step
    told: str


def demands_of(rule: Rule, words: Words, worlds: Meeting) -> Demand | None:
    """The first step that does not meet what the rule demands of single steps."""
    make = _MAKERS.get(rule.pattern)
    return next(make(rule, words), None) if make and worlds else None


def _performer(rule: Rule, words: Words) -> Iterator[Demand]:
    capacity = rule.options["by"]
    allowed = rule.options.get("machine", ())
    by_machine = words.moments(tuple(each for name in allowed for each in words.acts.get(name, ())))
    for moment in words.doing(rule.select("of")):
        step = moment.step
        if isinstance(step, HumanStep):
            role = words.role_of(step)
            if role is not None and not words.is_by(capacity, step):
                yield Demand(step, f"{_name(step)}: do {role.name.text} làm")
        elif isinstance(step, ServiceStep) and moment.number not in by_machine:
            after_clerk = AFTER_CLERK in allowed and _follows_clerk(step, words)
            if not after_clerk:
                yield Demand(step, f"{_name(step)}: máy tự làm")


def _follows_clerk(step: Step, words: Words) -> bool:
    """Whether the last person before a machine's step is the clerk, on every way."""
    graph = words.course.context.graph.home(step.id.text)
    seen, waiting = set(), [step.id.text]
    while waiting:
        here = waiting.pop()
        for edge in graph.edges:
            if edge.target != here or edge.kind == "return" or edge.source in seen:
                continue
            seen.add(edge.source)
            before = words.course.context.steps[edge.source]
            if isinstance(before, HumanStep):
                if not words.is_by("clerk", before):
                    return False
            else:
                waiting.append(edge.source)
    return True


def _field(rule: Rule, words: Words) -> Iterator[Demand]:
    for moment in words.doing(rule.select("of")):
        step = moment.step
        if not isinstance(step, HumanStep):
            continue
        for name in rule.options["fields"]:
            if not _is_required(words, step, moment, name):
                label = moment.action.label.text if moment.action else _name(step)
                told = f"{_name(step)} [{label}]: {_field_name(words, name)} không bắt buộc"
                yield Demand(step, told)


def _is_required(words: Words, step: HumanStep, moment: Moment, name: str) -> bool:
    """Whether one cannot go on without one of the fields that mean this."""
    known = set(words.vocabulary.fields.get(name, (name,)))
    action = moment.action or next((a for a in step.actions if a.id.text == CONFIRM), None)
    asked = {each.text for each in action.requires} if action else set()
    if action is None or not action.incomplete:
        forms = words.course.context.forms
        own = (step.form, action.form if action else None)
        for word in own:
            if word is not None and word.text in forms:
                asked |= set(forms[word.text].required)
    return bool(known & asked)


def _field_name(words: Words, name: str) -> str:
    known = words.vocabulary.fields.get(name, (name,))
    return " hoặc ".join(f"`{each}`" for each in known)


def _outcome(rule: Rule, words: Words) -> Iterator[Demand]:
    for step in words.steps(rule.select("of")):
        if isinstance(step, HumanStep):
            for offer in rule.offers:
                fault = _fault_of_offer(offer, step, words)
                if fault:
                    yield Demand(step, f"{_name(step)}: {fault}")


def _fault_of_offer(offer: Offer, step: HumanStep, words: Words) -> str:
    if offer.verb:
        rules = [each for each in step.verbs if each.verb.text == offer.verb]
        rules = rules or [r for r in words.course.context.flow.verbs if r.verb.text == offer.verb]
        refused = any(not rule.allowed for rule in rules)
        loose = REASON in offer.requires and any(
            rule.comment is not None and rule.comment.text != "required" for rule in rules
        )
        return (
            f"thao tác chung `{offer.verb}` bị tắt hoặc không cần lý do" if refused or loose else ""
        )
    action = next((each for each in step.actions if each.id.text == offer.action), None)
    if action is None:
        return f"không có thao tác `{offer.action}`"
    if COMMENT in offer.requires and action.comment != "required":
        return f"thao tác `{offer.action}` không bắt buộc ý kiến"
    if offer.leads_to and not _leads_to(offer, step, action, words):
        return f"thao tác `{offer.action}` không dẫn tới việc phải làm"
    return ""


def _leads_to(offer: Offer, step: HumanStep, action: Action, words: Words) -> bool:
    """Whether the action comes to such a step, or passes through one, before the case ends."""
    wanted = words.moments(offer.leads_to)
    steps = {m.step.id.text for m in words.course.moments if m.number in wanted and m.step}
    context = words.course.context
    target = action.route.return_to or action.route.to
    graph = context.graph.home(step.id.text)
    first = (
        target.text
        if target
        else next(
            (
                e.target
                for e in graph.edges
                if e.source == step.id.text and e.name == action.id.text
            ),
            "",
        )
    )
    seen: set[str] = set()
    waiting = [first]
    while waiting:
        here = waiting.pop()
        if here in steps:
            return True
        if here not in seen:
            seen.add(here)
            waiting += [e.target for e in graph.edges if e.source == here and e.kind != "return"]
    return False


def _parameter(rule: Rule, words: Words) -> Iterator[Demand]:
    group, _, name = rule.options["path"].partition(".")
    allowed = rule.options["in"]
    for step in words.steps(rule.select("of")):
        found = _values(step, group, name, words)
        right = [value for value in found if any(_agrees(value, each) for each in allowed)]
        least = int(rule.options.get("min_items", 1))
        if len(right) < least or (group == "with" and len(right) < len(found)):
            said = ", ".join(map(str, found)) or "không có"
            yield Demand(step, f"{_name(step)}: `{rule.options['path']}` là {said}")


def _values(step: Step, group: str, name: str, words: Words) -> list[object]:
    if group == "with":
        node = getattr(step, "parameters", None)
        given = plain(node) if isinstance(node, MapNode) else {}
        return [given[name]] if name in given else []
    role = words.role_of(step)
    lines = getattr(role, name, ()) if role else ()
    return [{each.kind: each.value.text} for each in lines]


def _agrees(value: object, allowed: object) -> bool:
    if isinstance(value, dict) and isinstance(allowed, dict):
        return all(k in value and (v in ("any", value[k])) for k, v in allowed.items())
    return value == allowed


def _calendar(rule: Rule, words: Words) -> Iterator[Demand]:
    for step in words.steps(rule.select("of")):
        if step.due is None or not isinstance(step, HumanStep):
            continue
        found = step.due.calendar.text if step.due.calendar else "working"
        if found != rule.options["is"]:
            yield Demand(step, f"{_name(step)}: thời hạn tính theo lịch `{found}`")


def _lead(rule: Rule, words: Words) -> Iterator[Demand]:
    fanned = [s for s in words.course.context.flow.all_steps() if isinstance(s, EachStep)]
    many = list(words.doing(rule.select("of")))
    for block in fanned:
        if many and block.lead is None and block.members.expression is not None:
            yield Demand(block, f"{_name(block)}: chưa xác định chủ trì")
    for moment in many:
        step = moment.step
        assert step is not None
        for name in rule.options.get("fields", ()):
            if isinstance(step, HumanStep) and not _is_required(words, step, moment, name):
                yield Demand(step, f"{_name(step)}: {_field_name(words, name)} không bắt buộc")


def _same_person(rule: Rule, words: Words) -> Iterator[Demand]:
    first, second = (list(words.doing((each,))) for each in rule.select("of"))
    roles = {_by(m.step) for m in first} - {""}
    for moment in second:
        if roles and moment.step is not None and _by(moment.step) not in roles:
            yield Demand(moment.step, f"{_name(moment.step)}: không phải vai trò đã duyệt")


def _separation(rule: Rule, words: Words) -> Iterator[Demand]:
    first, second = (list(words.doing((each,))) for each in rule.select("of"))
    roles = {_by(m.step): m.step for m in first if m.step is not None}
    for moment in second:
        step = moment.step
        if step is not None and _by(step) in roles and _by(step):
            other = roles[_by(step)]
            assert other is not None
            yield Demand(step, f"{_name(other)}, {_name(step)}: cùng một vai trò")


def _deadline(rule: Rule, words: Words) -> Iterator[Demand]:
    """Only that a deadline is there; how deadlines add up is asked elsewhere."""
    declared = rule.options.get("declared")
    if not declared or not rule.select("of"):
        return
    for step in words.steps(rule.select("of")):
        due = step.due or _due_around(step, words)
        if due is None:
            yield Demand(step, f"{_name(step)}: không có thời hạn")
        elif declared.get("by") == "urgency" and not due.by_urgency and due.at is None:
            yield Demand(step, f"{_name(step)}: không có thời hạn riêng cho văn bản khẩn")


def _due_around(step: Step, words: Words) -> Due | None:
    nest = words.course.context.nesting.home[step.id.text]
    owners = (each.owner for each in nest.outward() if each.owner is not None)
    return next((owner.due for owner in owners if owner.due is not None), None)


def _schedule(rule: Rule, words: Words) -> Iterator[Demand]:
    """Of a flow that does this by a date: whether the date comes often enough."""
    periods = ("day", "week", "month", "quarter", "half_year", "year")
    limit = periods.index(rule.options["every_at_most"])
    flow = words.course.context.flow
    for moment in words.doing(rule.select("of")):
        for start in flow.starts:
            if start.schedule and periods.index(start.schedule.every.text) > limit:
                assert moment.step is not None
                yield Demand(moment.step, f"mỗi kỳ là `{start.schedule.every.text}`, quá thưa")


def _by(step: Step | None) -> str:
    by: Word | None = getattr(step, "by", None)
    return by.text if by else ""


def _name(step: Step) -> str:
    return step.name.text if step.name else step.id.text


_MAKERS: Mapping[str, Callable[[Rule, Words], Iterator[Demand]]] = {
    "performer": _performer,
    "field": _field,
    "outcome": _outcome,
    "parameter": _parameter,
    "calendar": _calendar,
    "lead": _lead,
    "same_person": _same_person,
    "separation": _separation,
    "deadline": _deadline,
    "schedule": _schedule,
}
