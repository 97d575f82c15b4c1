"""Shaped records to the AST: one small function a construct."""

from __future__ import annotations

from quytrinh.language.ast import (
    Action,
    Case,
    ChooseStep,
    Due,
    EndStep,
    Expression,
    Flow,
    HumanStep,
    Outcomes,
    Reports,
    Resolver,
    Role,
    Route,
    ServiceStep,
    Start,
    Step,
)
from quytrinh.language.diagnostics import Diagnostic
from quytrinh.language.schema import CONFIRM, FLOW, RESOLVER_KINDS
from quytrinh.language.shaping import Record, Shaper
from quytrinh.language.source import Source, Word

DEFAULT_ACTION = ("done", "Hoàn thành")
DEFAULT_CONFIRM = (CONFIRM, "Xác nhận")


def parse_flow(source: Source) -> tuple[Flow | None, list[Diagnostic]]:
    """The flow of a source, or None where something needed is missing or malformed."""
    if source.root is None:
        return None, []
    shaper = Shaper()
    shaped = shaper.shape(source.root, FLOW)
    if shaper.broken or not isinstance(shaped, Record):
        return None, shaper.diagnostics
    by_people = [start for start in shaped.records("start") if start.maybe("by")]
    if len(by_people) > 1:
        message = "Phiên bản này chưa chạy được nhiều cách khởi tạo"
        shaper.note("F012", by_people[1].span, message, "giữ một cách khởi tạo")
    return _flow(shaped), shaper.diagnostics


def _flow(record: Record) -> Flow:
    return Flow(
        id=record.word("flow"),
        name=record.word("name"),
        help=record.maybe("help"),
        document=record.maybe("document"),
        basis=record.words("basis"),
        cite=record.words("cite"),
        roles=tuple(_role(key, role) for key, role in record.record_pairs("roles")),
        starts=tuple(_start(each) for each in record.records("start")),
        due=_due(record.record("due")),
        steps=tuple(_step(step) for step in record.records("steps")),
        span=record.span,
    )


def _role(key: Word, record: Record) -> Role:
    return Role(
        id=key,
        name=record.word("name"),
        who=tuple(_resolver(each) for each in record.records("who")),
        if_absent=tuple(_resolver(each) for each in record.records("if_absent")),
        span=key.span,
    )


def _resolver(record: Record) -> Resolver:
    kind = next(kind for kind in RESOLVER_KINDS if kind in record.values)
    return Resolver(
        kind=kind,
        value=record.word(kind),
        within=_expression(record.maybe("in")),
        span=record.span,
    )


def _start(record: Record) -> Start:
    return Start(
        by=record.maybe("by"),
        form=record.maybe("form"),
        event=record.maybe("event"),
        span=record.span,
    )


def _reports(record: Record | None) -> Reports | None:
    if record is None:
        return None
    return Reports(enter=record.maybe("enter"), done=record.maybe("done"))


def _due(record: Record | None) -> Due | None:
    if record is None:
        return None
    levels = record.record("by_urgency")
    return Due(
        within=record.word("in"),
        by_urgency=_levels(levels) if levels else (),
        calendar=record.maybe("calendar"),
        cite=record.words("cite"),
        span=record.span,
    )


def _levels(record: Record) -> tuple[tuple[Word, Word], ...]:
    return tuple((Word(name, record.keys[name]), record.word(name)) for name in record.values)


def _step(record: Record) -> Step:
    if "end" in record.values:
        return _end(record)
    if "choose" in record.values:
        return _choose(record)
    if "by" in record.values:
        return _human(record)
    return _service(record)


def _end(record: Record) -> EndStep:
    outcome = record.word("end")
    return EndStep(
        id=record.maybe("id") or outcome,
        name=record.maybe("name"),
        help=record.maybe("help"),
        reports=Reports(done=record.maybe("reports")) if record.maybe("reports") else None,
        cite=record.words("cite"),
        outcome=outcome,
        span=record.span,
    )


def _choose(record: Record) -> ChooseStep:
    return ChooseStep(
        id=record.word("id"),
        name=record.maybe("name"),
        help=record.maybe("help"),
        cite=record.words("cite"),
        cases=tuple(_case(case) for case in record.records("choose")),
        span=record.span,
    )


def _case(record: Record) -> Case:
    target = record.maybe("else")
    return Case(
        when=_expression(record.maybe("when")),
        to=target or record.word("to"),
        span=record.span,
    )


def _human(record: Record) -> HumanStep:
    run = record.maybe("run")
    return HumanStep(
        id=record.word("id"),
        name=record.maybe("name"),
        help=record.maybe("help"),
        when=_expression(record.maybe("when")),
        to=record.maybe("to"),
        due=_due(record.record("due")),
        reports=_reports(record.record("reports")),
        cite=record.words("cite"),
        by=record.word("by"),
        form=record.maybe("form"),
        actions=_actions(record, runs=run is not None),
        run=run,
        parameters=record.node("with"),
        outcomes=_outcomes(record),
        span=record.span,
    )


def _actions(record: Record, *, runs: bool) -> tuple[Action, ...]:
    """The actions written, and the one that every such step has though nothing says so."""
    written = tuple(_action(key, action) for key, action in record.record_pairs("actions"))
    if runs and all(action.id.text != CONFIRM for action in written):
        return (_default_action(record, DEFAULT_CONFIRM), *written)
    return written or (_default_action(record, DEFAULT_ACTION),)


def _default_action(record: Record, texts: tuple[str, str]) -> Action:
    name, label = (Word(text, record.span) for text in texts)
    route = Route(span=record.span)
    return Action(id=name, label=label, route=route, comment="none", span=record.span)


def _action(key: Word, record: Record) -> Action:
    route = _route(record)
    comment = record.maybe("comment")
    incomplete = record.maybe("incomplete")
    return Action(
        id=key,
        label=record.word("label"),
        route=route,
        comment=comment.text if comment else default_comment(route),
        when=_expression(record.maybe("when")),
        form=record.maybe("form"),
        requires=record.words("requires"),
        incomplete=incomplete is not None and incomplete.text == "true",
        run=record.maybe("run"),
        parameters=record.node("with"),
        reports=record.maybe("reports"),
        cite=record.words("cite"),
        span=key.span,
    )


def default_comment(route: Route) -> str:
    return "optional" if route.return_to else "none"


def _route(record: Record) -> Route:
    then = record.maybe("then")
    at_most = record.maybe("at_most")
    return Route(
        to=record.maybe("to"),
        return_to=record.maybe("return_to"),
        then=then.text if then else "onwards",
        at_most=int(at_most.text) if at_most else None,
        span=record.span,
    )


def _service(record: Record) -> ServiceStep:
    return ServiceStep(
        id=record.word("id"),
        name=record.maybe("name"),
        help=record.maybe("help"),
        when=_expression(record.maybe("when")),
        to=record.maybe("to"),
        due=_due(record.record("due")),
        reports=_reports(record.record("reports")),
        cite=record.words("cite"),
        run=record.word("run"),
        parameters=record.node("with"),
        outcomes=_outcomes(record),
        span=record.span,
    )


def _outcomes(record: Record) -> Outcomes:
    return tuple((key, _route(route)) for key, route in record.record_pairs("outcomes"))


def _expression(word: Word | None) -> Expression | None:
    return Expression(text=word.text, span=word.span) if word else None
