"""Shaped records to the AST: one small function a construct."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypedDict, cast

from quytrinh.language.ast import (
    Action,
    Branch,
    CallStep,
    Case,
    ChooseStep,
    Due,
    EachStep,
    EndStep,
    Escalation,
    Expression,
    Flow,
    HumanStep,
    Join,
    JoinKind,
    Members,
    OnLate,
    Outcomes,
    ParallelStep,
    Reminder,
    Reports,
    Resolver,
    Role,
    Route,
    Schedule,
    ServiceStep,
    Setting,
    Slot,
    Start,
    Step,
    VerbRule,
    WaitStep,
)
from quytrinh.language.diagnostics import Diagnostic, Span
from quytrinh.language.schema import CONFIRM, FLOW, RESOLVER_KINDS
from quytrinh.language.settings import Values, put_in_settings
from quytrinh.language.shaping import Record, Shaper
from quytrinh.language.source import Source, Word

DEFAULT_ACTION = ("done", "Hoàn thành")
DEFAULT_CONFIRM = (CONFIRM, "Xác nhận")


def parse_flow(
    source: Source, settings: Values | None = None
) -> tuple[Flow | None, list[Diagnostic]]:
    """The flow of a source, or None where something needed is missing or malformed.

    `settings`: the agency's values of the flow's parameters; the defaults where it gives none.
    """
    if source.root is None:
        return None, []
    root, unknown = put_in_settings(source.root, settings or {})
    shaper = Shaper()
    shaped = shaper.shape(root, FLOW)
    diagnostics = [*unknown, *shaper.diagnostics]
    if unknown or shaper.broken or not isinstance(shaped, Record):
        return None, diagnostics
    return _flow(shaped), diagnostics


def _flow(record: Record) -> Flow:
    return Flow(
        id=record.word("flow"),
        name=record.word("name"),
        help=record.maybe("help"),
        document=record.maybe("document"),
        documents=tuple(_slot(key, slot) for key, slot in record.record_pairs("documents")),
        basis=record.words("basis"),
        cite=record.words("cite"),
        roles=tuple(_role(key, role) for key, role in record.record_pairs("roles")),
        starts=tuple(_start(each) for each in record.records("start")),
        due=_due(record.record("due")),
        on_late=_on_late(record.record("on_late")),
        verbs=_verbs(record),
        settings=tuple(_setting(key, each) for key, each in record.record_pairs("settings")),
        steps=_steps(record),
        span=record.span,
    )


def _role(key: Word, record: Record) -> Role:
    return Role(
        id=key,
        name=record.word("name"),
        who=tuple(_resolver(each) for each in record.records("who")),
        if_absent=tuple(_resolver(each) for each in record.records("if_absent")),
        assign=_or_default(record.maybe("assign"), "claim"),
        span=key.span,
    )


def _setting(key: Word, record: Record) -> Setting:
    return Setting(
        id=key,
        name=record.word("name"),
        type=record.word("type"),
        default=record.words("default"),
        choices=record.words("choices"),
        span=key.span,
    )


def _slot(key: Word, record: Record) -> Slot:
    return Slot(
        id=key,
        name=record.word("name"),
        kind=record.maybe("kind"),
        many=record.flag("many"),
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
        when=_expression(record.maybe("when")),
        schedule=_schedule(record.record("schedule")),
        span=record.span,
    )


def _schedule(record: Record | None) -> Schedule | None:
    if record is None:
        return None
    return Schedule(
        every=record.word("every"),
        day=record.maybe("day"),
        before=record.maybe("before"),
        at=record.maybe("at"),
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
        within=record.maybe("in"),
        at=_expression(record.maybe("at")),
        by_urgency=_levels(levels) if levels else (),
        since=_expression(record.maybe("from")),
        calendar=record.maybe("calendar"),
        remind=tuple(
            Reminder(before=each.word("before"), to=each.maybe("to"))
            for each in record.records("remind")
        ),
        escalate=tuple(
            Escalation(to=each.word("to"), after=each.maybe("after"))
            for each in record.records("escalate")
        ),
        cite=record.words("cite"),
        span=record.span,
    )


def _levels(record: Record) -> tuple[tuple[Word, Word], ...]:
    return tuple((Word(name, record.keys[name]), record.word(name)) for name in record.values)


def _on_late(record: Record | None) -> OnLate | None:
    if record is None:
        return None
    routed = "to" in record.values or "return_to" in record.values
    return OnLate(
        action=record.maybe("action"),
        route=_route(record) if routed else None,
        run=record.maybe("run"),
        parameters=record.node("with"),
        span=record.span,
    )


def _verbs(record: Record) -> tuple[VerbRule, ...]:
    return tuple(_verb(key, rule) for key, rule in record.record_pairs("verbs"))


def _verb(key: Word, record: Record) -> VerbRule:
    return VerbRule(
        verb=key,
        allowed="allowed" not in record.values or record.flag("allowed"),
        by=record.words("by"),
        at_most=record.maybe("at_most"),
        comment=record.maybe("comment"),
        max=record.maybe("max"),
        stops_clock=record.flag("stops_clock") if "stops_clock" in record.values else None,
        span=key.span,
    )


def _step(record: Record) -> Step:
    for key, make in _BY_KIND:
        if key in record.values:
            return make(record)
    raise AssertionError("the grammar lets no step without a kind through")


class _Common(TypedDict):
    """What all steps but `choose` and `end` have."""

    id: Word
    name: Word | None
    help: Word | None
    when: Expression | None
    to: Word | None
    due: Due | None
    on_late: OnLate | None
    stops_clock: bool
    reports: Reports | None
    cite: tuple[Word, ...]
    span: Span


def _common(record: Record) -> _Common:
    return _Common(
        id=record.word("id"),
        name=record.maybe("name"),
        help=record.maybe("help"),
        when=_expression(record.maybe("when")),
        to=record.maybe("to"),
        due=_due(record.record("due")),
        on_late=_on_late(record.record("on_late")),
        stops_clock=record.flag("stops_clock"),
        reports=_reports(record.record("reports")),
        cite=record.words("cite"),
        span=record.span,
    )


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
        **_common(record),
        by=record.word("by"),
        form=record.maybe("form"),
        actions=_actions(record, runs=run is not None),
        not_by=record.words("not_by"),
        verbs=_verbs(record),
        run=run,
        parameters=record.node("with"),
        outcomes=_outcomes(record),
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
    return Action(
        id=key,
        label=record.word("label"),
        route=route,
        comment=comment.text if comment else default_comment(route),
        when=_expression(record.maybe("when")),
        form=record.maybe("form"),
        requires=record.words("requires"),
        incomplete=record.flag("incomplete"),
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
    return Route(
        to=record.maybe("to"),
        return_to=record.maybe("return_to"),
        then=_or_default(then, "onwards"),
        at_most=record.maybe("at_most"),
        span=record.span,
    )


def _service(record: Record) -> ServiceStep:
    return ServiceStep(
        **_common(record),
        run=record.word("run"),
        parameters=record.node("with"),
        outcomes=_outcomes(record),
    )


def _parallel(record: Record) -> ParallelStep:
    return ParallelStep(
        **_common(record),
        branches=tuple(_branch(key, each) for key, each in record.record_pairs("parallel")),
        join=_join(record.child("join")),
    )


def _branch(key: Word, record: Record) -> Branch:
    return Branch(
        id=key,
        name=record.maybe("name"),
        when=_expression(record.maybe("when")),
        steps=_steps(record),
        span=key.span,
    )


def _join(record: Record) -> Join:
    word = record.maybe("kind")
    kind = cast(JoinKind, word.text) if word else "when"
    return Join(kind=kind, when=_expression(record.maybe("when")), span=record.span)


def _each(record: Record) -> EachStep:
    members = record.child("each")
    return EachStep(
        **_common(record),
        members=Members(
            expression=_expression(members.maybe("list")),
            role=members.maybe("role"),
            units=members.words("units"),
            span=members.span,
        ),
        lead=_expression(record.maybe("lead")),
        join=_join(record.child("join")),
        steps=_steps(record),
        verbs=_verbs(record),
    )


def _call(record: Record) -> CallStep:
    inputs = record.record("with")
    fields = inputs.word_pairs("fields") if inputs else ()
    return CallStep(
        **_common(record),
        flow=record.word("call"),
        by=record.maybe("by"),
        documents=inputs.word_pairs("documents") if inputs else (),
        fields=tuple((key, Expression(text=each.text, span=each.span)) for key, each in fields),
        outcomes=_outcomes(record),
    )


def _wait(record: Record) -> WaitStep:
    awaited = record.child("wait")
    return WaitStep(
        **_common(record),
        period=awaited.maybe("for"),
        until=_expression(awaited.maybe("until")),
        events=awaited.words("event"),
        event_when=_expression(awaited.maybe("when")),
        calendar=awaited.maybe("calendar"),
        outcomes=_outcomes(record),
    )


def _steps(record: Record) -> tuple[Step, ...]:
    return tuple(_step(each) for each in record.records("steps"))


def _outcomes(record: Record) -> Outcomes:
    return tuple((key, _route(route)) for key, route in record.record_pairs("outcomes"))


def _expression(word: Word | None) -> Expression | None:
    return Expression(text=word.text, span=word.span) if word else None


def _or_default(word: Word | None, default: str) -> str:
    return word.text if word else default


# `by` comes last but one and `run` last: other kinds may have them too.
_BY_KIND: tuple[tuple[str, Callable[[Record], Step]], ...] = (
    ("end", _end),
    ("choose", _choose),
    ("parallel", _parallel),
    ("each", _each),
    ("call", _call),
    ("wait", _wait),
    ("by", _human),
    ("run", _service),
)
