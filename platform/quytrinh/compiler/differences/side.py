"""One of the two versions that are compared: its steps by id, and its values in words."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from quytrinh.compiler.canonical import digest
from quytrinh.compiler.differences.model import Json, quoted
from quytrinh.compiler.naming import Phrases
from quytrinh.compiler.plan import JOIN, PlanRoute
from quytrinh.compiler.planning import (
    NEXT,
    build_plan,
    fill_settings,
    plan_due,
    plan_verbs,
    plan_wait,
    step_id,
)
from quytrinh.compiler.remarks import verb_in_words
from quytrinh.compiler.time_words import due_in_words, route_in_words, wait_in_words
from quytrinh.compiler.wording import citation
from quytrinh.spi import Registry

Block = tuple[str, str]
TOP: Block = ("", "")
Forms = Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class Located:
    """A canonical step: its block (step and branch it stands in), its place there, what follows."""

    raw: Json
    block: Block
    position: int
    after: str

    @property
    def id(self) -> str:
        return step_id(self.raw)


def blocks_of(raw: Json) -> Iterator[tuple[str, Sequence[Json]]]:
    """The blocks within a canonical step: the id of the branch (empty in an `each`), its steps."""
    for branch in raw.get("parallel", ()):
        yield branch["id"], branch["steps"]
    if "each" in raw:
        yield "", raw["steps"]


def located(steps: Sequence[Json], block: Block = TOP) -> Iterator[Located]:
    """Every step in the order of the text, those of inner blocks included."""
    following = [*(step_id(raw) for raw in steps[1:]), "" if block == TOP else JOIN]
    for position, (raw, after) in enumerate(zip(steps, following, strict=True)):
        yield Located(raw, block, position, after)
        for branch, inner in blocks_of(raw):
            yield from located(inner, (step_id(raw), branch))


class Side:
    """A version; words come from its forms, its plugins and its own names."""

    def __init__(self, canonical: Json, forms: Forms, registry: Registry | None) -> None:
        self.canonical = canonical
        self.forms = forms
        plan = build_plan(canonical, digest(canonical))
        self.phrases = Phrases.of(plan, forms=forms, registry=registry)
        self.steps = {each.id: each for each in located(canonical["steps"])}
        self.blocks: dict[Block, list[str]] = {TOP: []}
        for each in self.steps.values():
            self.blocks.setdefault(each.block, []).append(each.id)
        named = {each["id"]: each["name"] for each in canonical.get("settings", ())}
        self._settings = {key: f"tham số {quoted(name)}" for key, name in named.items()}

    def step(self, key: str) -> str:
        """A step in quotes, or the end of its branch."""
        return "hết nhánh" if key == JOIN else quoted(self.phrases.step(key))

    def role(self, key: str) -> str:
        return quoted(self.phrases.role(key))

    def condition(self, when: str | None) -> str:
        return self.phrases.condition(when)

    def plain(self, raw: Any) -> Any:
        """A value with each reference to a setting in words."""
        return fill_settings(raw, self._settings)

    def value(self, raw: Any) -> str:
        """A parameter as it is written."""
        raw = self.plain(raw)
        if raw is None:
            return ""
        return raw if isinstance(raw, str) else json.dumps(raw, ensure_ascii=False)

    def due(self, raw: Json | None) -> str:
        return due_in_words(plan_due(self.plain(raw)), self.phrases) if raw else ""

    def wait(self, raw: Json) -> str:
        return wait_in_words(plan_wait(self.plain(raw)), self.phrases)

    def verb(self, verb: str, rule: Json | None) -> str:
        if rule is None:
            return "như thường lệ"
        return verb_in_words(plan_verbs({"verbs": {verb: self.plain(rule)}})[0], self.phrases)

    def target(self, raw: Json, place: Located) -> str:
        """Where a forward route leads: a step or JOIN; `raw` may leave it to the step."""
        target = raw.get("to", place.raw.get("to", NEXT))
        return place.after if target == NEXT else target

    def leads(self, raw: Json, place: Located) -> tuple[str, str]:
        """Where a route leads, and how: onwards, back, or back and straight here again."""
        if "return_to" in raw:
            return raw["return_to"], raw.get("then", "onwards")
        return self.target(raw, place), ""

    def route(self, raw: Json, place: Located) -> str:
        """A route in words, without how often it may be taken."""
        target, then = self.leads(raw, place)
        if "return_to" not in raw:
            return route_in_words(PlanRoute(to=target), self.phrases)
        onwards = then == "onwards"
        route = PlanRoute(return_to=target, then="onwards" if onwards else "back_here")
        return route_in_words(route, self.phrases)

    def cites(self, raw: Sequence[str]) -> str:
        return ", ".join(citation(each) for each in raw)
