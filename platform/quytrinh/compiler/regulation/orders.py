"""Rules about order, each as the dangers it warns of."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise

from quytrinh.compiler.regulation.course import Course, is_end
from quytrinh.compiler.regulation.search import NONE, Danger, Numbers
from quytrinh.compiler.regulation.words import Words
from quytrinh.language.ast import (
    ChooseStep,
    EachStep,
    EndStep,
    HumanStep,
    ParallelStep,
    ServiceStep,
)
from quytrinh.language.regulation import Rule, Selector

KINDS: Mapping[str, tuple[type, ...]] = {
    "human": (HumanStep,),
    "service": (ServiceStep,),
    "choose": (ChooseStep,),
    "parallel": (ParallelStep,),
    "each": (EachStep,),
    "end": (EndStep,),
}


def dangers_of(rule: Rule, words: Words) -> tuple[Danger, ...]:
    """The dangers a rule about order warns of; none for a rule of another pattern."""
    make = _MAKERS.get(rule.pattern)
    return tuple(make(rule, words)) if make else ()


def _absence(rule: Rule, words: Words) -> Iterator[Danger]:
    yield Danger(
        checks=words.moments(rule.select("of")),
        raises=words.moments(rule.select("after")),
        clears=words.moments(rule.select("until")),
        at_first=not rule.select("after"),
        lasting=words.moments(rule.select("until")),
    )


def _existence(rule: Rule, words: Words) -> Iterator[Danger]:
    done = words.moments(rule.select("of"))
    undone = words.moments(rule.select("undone_by"))
    if "at_most" in rule.options:
        by_step: dict[str, set[int]] = {}
        for moment in words.doing(rule.select("of")):
            assert moment.step is not None
            by_step.setdefault(moment.step.id.text, set()).add(moment.number)
        for own in by_step.values():
            yield Danger(checks=done - own, raises=frozenset(own), clears=undone, lasting=undone)
        return
    ends = _ends(words.course, rule.options.get("ends", ()))
    yield Danger(
        checks=ends, raises=undone, clears=done, at_first=True, lasting=_lasting(words, done)
    )


def _precedence(rule: Rule, words: Words) -> Iterator[Danger]:
    for first in _alternatives(rule.select("first")):
        yield _before(first, rule.select("then"), rule.select("undone_by"), words)


def _order(rule: Rule, words: Words) -> Iterator[Danger]:
    order = rule.select("order")
    for first, then in pairwise(order):
        yield _before((first,), (then,), rule.select("undone_by"), words)


def _before(
    first: Sequence[Selector], then: Sequence[Selector], undone: Sequence[Selector], words: Words
) -> Danger:
    done = words.moments(first)
    return Danger(
        checks=words.moments(then) - done,
        raises=words.moments(undone),
        clears=done,
        at_first=True,
        lasting=_lasting(words, done),
    )


def _response(rule: Rule, words: Words) -> Iterator[Danger]:
    unless = words.moments(rule.select("unless"))
    ends = _ends(words.course, ())
    if rule.options.get("even_if_cancelled"):
        ends |= _cancellable(words.course)
    for then in _alternatives(rule.select("then")):
        done = words.moments(then)
        yield Danger(
            checks=ends,
            raises=words.moments(rule.select("trigger")),
            clears=done | unless,
            clears_last=True,
            lasting=_lasting(words, done),
        )


def _chain_response(rule: Rule, words: Words) -> Iterator[Danger]:
    silent = tuple(kind for name in rule.options.get("ignoring", ()) for kind in KINDS[name])
    right = words.moments(rule.select("next"))
    reached = {
        moment.number
        for moment in words.course.moments
        if moment.kind == "reach" and not isinstance(moment.step, silent)
    }
    # A return begins anew: what comes next is told by the way it takes then.
    back = {moment.number for moment in words.course.moments if not moment.forward}
    yield Danger(
        checks=frozenset(reached - right),
        raises=words.moments(rule.select("trigger")),
        clears=right | back,
        alone=True,
    )


def _exclusive_choice(rule: Rule, words: Words) -> Iterator[Danger]:
    parts = [words.moments((selector,)) for selector in rule.select("of")]
    for number, part in enumerate(parts):
        others = frozenset().union(*(each for n, each in enumerate(parts) if n != number))
        yield Danger(checks=others - part, raises=part)
    if rule.options.get("at_least", "0") != "0":
        every = frozenset().union(*parts)
        yield Danger(checks=_ends(words.course, ()), clears=every, at_first=True)


def _status(rule: Rule, words: Words) -> Iterator[Danger]:
    told = frozenset(
        number
        for code in rule.options["codes"]
        for number in words.moments((Selector(statuses=(code,), span=rule.span),))
    )
    yield Danger(
        checks=_ends(words.course, ()),
        raises=words.moments(rule.select("trigger")),
        clears=told | words.moments(rule.select("unless")),
        lasting=told,
    )


_MAKERS: Mapping[str, Callable[[Rule, Words], Iterator[Danger]]] = {
    "absence": _absence,
    "existence": _existence,
    "precedence": _precedence,
    "order": _order,
    "response": _response,
    "chain_response": _chain_response,
    "exclusive_choice": _exclusive_choice,
    "status": _status,
}


def _alternatives(selectors: Sequence[Selector]) -> Iterator[Sequence[Selector]]:
    """`all_of` is one demand for each; a list is one demand that any of it meets."""
    for selector in selectors:
        if selector.all_of:
            yield from ((each,) for each in selector.all_of)
    plain = tuple(each for each in selectors if not each.all_of)
    if plain:
        yield plain


def _ends(course: Course, outcomes: Sequence[str]) -> Numbers:
    return frozenset(
        moment.number
        for moment in course.moments
        if moment.kind == "reach"
        and is_end(moment.step)
        and isinstance(moment.step, EndStep)
        and (not outcomes or moment.step.outcome.text in outcomes)
    )


def _cancellable(course: Course) -> Numbers:
    """Where a person holds the case and may still cancel it."""
    everywhere = all(
        rule.allowed for rule in course.context.flow.verbs if rule.verb.text == "cancel"
    )
    return (
        frozenset(
            moment.number
            for moment in course.moments
            if moment.kind == "reach"
            and isinstance(moment.step, HumanStep)
            and _may_cancel(moment.step)
            and everywhere
        )
        or NONE
    )


def _may_cancel(step: HumanStep) -> bool:
    return all(rule.allowed for rule in step.verbs if rule.verb.text == "cancel")


def _lasting(words: Words, numbers: Numbers) -> Numbers:
    """Of these moments, those that hold though their block was cancelled."""
    lasting = words.vocabulary.lasting
    moments = (words.course.moments[number] for number in numbers)
    return frozenset(m.number for m in moments if m.runs is not None and m.runs.text in lasting)
