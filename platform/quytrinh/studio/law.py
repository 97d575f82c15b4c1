"""Articles and steps, both ways: which steps carry an article out, and what a step rests on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from quytrinh.compiler.naming import step_name
from quytrinh.compiler.plan import Plan, PlanStep
from quytrinh.compiler.regulation.packs import Packs, shipped_packs
from quytrinh.compiler.wording import citation
from quytrinh.language.regulation import Regulation
from quytrinh.runtime import definitions
from quytrinh.runtime.models import FlowVersion


@dataclass(frozen=True, slots=True)
class StepOfLaw:
    """A step of a procedure in force; `articles` as it cites them, with what each says."""

    flow: str
    flow_name: str
    name: str
    articles: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class ArticleRow:
    """An article in own words, the steps that cite it, and how many rules hold it."""

    number: str
    text: str
    steps: tuple[StepOfLaw, ...]
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RegulationRow:
    """A regulation that procedures of the agency cite or must satisfy."""

    key: str
    short: str
    title: str
    draft: bool
    articles: tuple[ArticleRow, ...]

    @property
    def cited(self) -> int:
        """How many articles some step carries out."""
        return sum(bool(article.steps) for article in self.articles)


@dataclass(frozen=True, slots=True)
class ProcedureRow:
    """A procedure in force with its steps in order."""

    key: str
    name: str
    steps: tuple[StepOfLaw, ...]

    @property
    def uncited(self) -> int:
        """How many steps name no article."""
        return sum(not step.articles for step in self.steps)


@dataclass(frozen=True, slots=True)
class LawPage:
    """Both directions."""

    regulations: tuple[RegulationRow, ...]
    procedures: tuple[ProcedureRow, ...]


Citation = tuple[str, str]


def law_page() -> LawPage:
    """Return what the procedures in force of the agency at work cite."""
    packs = shipped_packs()
    plans = [
        (version.flow.key, definitions.plan(version.plan_digest))
        for version in FlowVersion.objects.in_force().select_related("flow").order_by("flow__name")
        if version.plan_digest
    ]
    procedures = tuple(_procedure(key, plan, packs) for key, plan in plans)
    carried: dict[Citation, list[StepOfLaw]] = {}
    named: dict[str, None] = {}
    for key, plan in plans:
        named.update(dict.fromkeys(plan.basis))
        for step in plan.all_steps():
            for regulation, article in _citations(step, plan):
                named.setdefault(regulation)
                carried.setdefault((regulation, article), []).append(
                    StepOfLaw(key, plan.name, step_name(step))
                )
    known = [packs.by_id[name] for name in named if name in packs.by_id]
    return LawPage(tuple(_regulation(pack, carried) for pack in known), procedures)


def _procedure(key: str, plan: Plan, packs: Packs) -> ProcedureRow:
    steps = [
        StepOfLaw(key, plan.name, step_name(step), _said(step, plan, packs))
        for step in plan.all_steps()
        if step.kind not in ("choose", "end")
    ]
    return ProcedureRow(key, plan.name, tuple(steps))


def _said(step: PlanStep, plan: Plan, packs: Packs) -> tuple[tuple[str, str], ...]:
    """Return the articles of a step as people name them, and what they say in own words."""
    home = plan.basis[0] if plan.basis else ""
    found = []
    for regulation, article in _citations(step, plan):
        pack = packs.by_id.get(regulation)
        title = "" if regulation == home or pack is None else f"{pack.short}, "
        found.append(
            (
                f"{title}{citation(article)}",
                pack.articles.get(article, "") if pack else "",
            )
        )
    return tuple(found)


def _citations(step: PlanStep, plan: Plan) -> Iterator[Citation]:
    """Yield regulation and article of whatever a step, its deadline or its actions cite, once."""
    told = [*step.cite, *(step.due.cite if step.due else ())]
    told += [reference for action in step.actions for reference in action.cite]
    for reference in dict.fromkeys(told):
        regulation, _colon, article = reference.rpartition(":")
        yield regulation or (plan.basis[0] if plan.basis else ""), article


def _regulation(pack: Regulation, carried: Mapping[Citation, list[StepOfLaw]]) -> RegulationRow:
    held: dict[str, list[str]] = {}
    for rule in pack.rules:
        for word in rule.cite if rule.is_in_force else ():
            held.setdefault(word.text, []).append(rule.message)
    key = pack.id.text
    rows = [
        ArticleRow(
            number=citation(article),
            text=text,
            steps=tuple(dict.fromkeys(carried.get((key, article), ()))),
            rules=tuple(held.get(article, ())),
        )
        for article, text in pack.articles.items()
    ]
    return RegulationRow(key, pack.short, pack.title, pack.draft, tuple(rows))
