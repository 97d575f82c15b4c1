"""A plan in the words of the people who read it: its articles and its table of steps."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from quytrinh.compiler.links import Exit, branch_label, exits
from quytrinh.compiler.naming import Phrases, step_name, step_numbers
from quytrinh.compiler.plan import JOIN, Plan, PlanStep
from quytrinh.compiler.remarks import remarks
from quytrinh.compiler.time_words import due_in_words

_PLACES = ("Điều", "khoản", "điểm")
_END_OF_BRANCH = "hết nhánh"


@dataclass(frozen=True, slots=True)
class ResultRow:
    """One result of a step: its label and the name of the step it leads to.

    `notes`: what is asked for it, or how often it may be taken.
    """

    label: str
    target: str
    returns: bool
    condition: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StepRow:
    """One line of the table of steps; an end has no number.

    `depth` = how many blocks it stands in; `branch` = the heading of the branch it begins.
    """

    id: str
    number: int | None
    name: str
    help: str
    who: str
    due: str
    condition: str
    results: tuple[ResultRow, ...]
    citations: tuple[str, ...]
    remarks: tuple[str, ...] = ()
    depth: int = 0
    branch: str = ""


def citation(reference: str, *, home: str | None = None) -> str:
    """``pack:6.2.a`` as «Điều 6 khoản 2 điểm a»; the pack is named unless it is `home`."""
    pack, _, article = reference.rpartition(":")
    parts = article.split(".", len(_PLACES) - 1)
    words = " ".join(f"{place} {part}" for place, part in zip(_PLACES, parts, strict=False))
    return f"{words} ({pack})" if pack and pack != home else words


def citations(references: Iterable[str], plan: Plan) -> tuple[str, ...]:
    """The articles of `references` in words; the plan's first basis goes without saying."""
    home = plan.basis[0] if plan.basis else None
    return tuple(citation(reference, home=home) for reference in references)


def describe(phrases: Phrases) -> tuple[StepRow, ...]:
    """The table of steps, in the order of the text, those of a block below it."""
    return tuple(_rows(phrases.plan.steps, step_numbers(phrases.plan), phrases))


def _rows(
    steps: Iterable[PlanStep],
    numbers: Mapping[str, int],
    phrases: Phrases,
    depth: int = 0,
    heading: str = "",
) -> Iterator[StepRow]:
    for step in steps:
        yield StepRow(
            id=step.id,
            number=numbers.get(step.id),
            name=step_name(step),
            help=step.help,
            who=phrases.who(step),
            due=due_in_words(step.due, phrases),
            condition=phrases.condition(step.when),
            results=tuple(_result(way, phrases) for way in exits(step, phrases)),
            citations=citations(step.cite, phrases.plan),
            remarks=remarks(step, phrases),
            depth=depth,
            branch=heading,
        )
        heading = ""
        for branch in step.branches:
            named = f"Nhánh {branch_label(branch, phrases)}" if branch.id else ""
            yield from _rows(branch.steps, numbers, phrases, depth + 1, named)


def _result(way: Exit, phrases: Phrases) -> ResultRow:
    target = _END_OF_BRANCH if way.target == JOIN else phrases.step(way.target)
    condition = phrases.condition(way.when)
    return ResultRow(way.label, target, way.returns, condition, tuple(_result_notes(way)))


def _result_notes(way: Exit) -> Iterator[str]:
    if way.action and way.action.comment == "required":
        yield "phải nêu lý do"
    if way.route.at_most:
        yield f"tối đa {way.route.at_most} lần"
    if way.route.then == "back_here":
        yield "làm lại xong thì quay về thẳng đây"
