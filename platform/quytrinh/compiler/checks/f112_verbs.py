"""F112: `verbs` names general verbs, each with options that it has."""

from __future__ import annotations

from collections.abc import Iterator

from quytrinh.compiler.context import Context
from quytrinh.language.ast import EachStep, VerbRule
from quytrinh.language.diagnostics import Diagnostic, did_you_mean, error
from quytrinh.language.schema import VERBS

OF_EACH = ("add_handler", "release_handler")


def check(context: Context) -> Iterator[Diagnostic]:
    for rule in context.flow.verb_rules():
        if rule.verb.text not in VERBS:
            message = f"Không có thao tác chung `{rule.verb.text}`"
            yield error("F112", rule.verb.span, message, did_you_mean(rule.verb.text, VERBS))
        else:
            yield from _options(rule)
    for step in context.flow.all_steps():
        for rule in step.verbs if isinstance(step, EachStep) else ():
            if rule.verb.text in VERBS and rule.verb.text not in OF_EACH:
                message = f"`{rule.verb.text}` không đặt được ở khối `each`"
                hint = "ở khối chỉ có `add_handler`, `release_handler`; khai ở bước bên trong"
                yield error("F112", rule.verb.span, message, hint)


def _options(rule: VerbRule) -> Iterator[Diagnostic]:
    name = rule.verb.text
    if rule.max and name != "extend":
        yield _misplaced(rule, "max", "extend")
    if rule.stops_clock is not None and name != "suspend":
        yield _misplaced(rule, "stops_clock", "suspend")
    restricted = rule.by or rule.at_most or rule.comment or rule.max or rule.stops_clock is not None
    if not rule.allowed and restricted:
        message = f"`{name}` đã tắt (`allowed: false`) thì không giới hạn thêm được"
        yield error("F112", rule.verb.span, message, f"viết `{name}: false`")


def _misplaced(rule: VerbRule, option: str, verb: str) -> Diagnostic:
    message = f"Thao tác chung `{rule.verb.text}` không có mục `{option}`"
    return error("F112", rule.verb.span, message, f"`{option}` chỉ dùng với `{verb}`")
