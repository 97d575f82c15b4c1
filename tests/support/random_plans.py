"""Random plans of every construct, made in Python: what a drawing must cope with."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from quytrinh.compiler.plan import (
    JOIN,
    Plan,
    PlanBranch,
    PlanCall,
    PlanDue,
    PlanJoin,
    PlanMembers,
    PlanOnLate,
    PlanRoute,
    PlanSchedule,
    PlanStart,
    PlanStep,
    PlanWait,
)
from tests.support.plans import action, choice, end, human, plan_of, service

ROLES = {"a": "Chuyên viên", "b": "Trưởng phòng chuyên môn nghiệp vụ", "c": "Lãnh đạo", "d": "X"}
_SYLLABLES = "văn bản đến trình lãnh đạo ký số phát hành lưu nghiêng WỮM nguyễn ý".split()  # noqa: SIM905
_STARTS = (
    PlanStart(by="a", form="f"),
    PlanStart(by="b"),
    PlanStart(event="exchange.received", when="case.urgency == 'flash'"),
    PlanStart(schedule=PlanSchedule("month", "25", "2d", "08:00")),
    PlanStart(event="call"),
)


class RandomPlans:
    """Makes one plan after another; the same seed makes the same plans."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)  # noqa: S311 - tests
        self.made = 0

    def plan(self) -> Plan:
        """A plan of up to a few dozen steps, nested up to three blocks deep."""
        self.made = 0
        ends = [end("done", self._name()), end("gone", self._name())]
        length = self.random.randint(1, 9)
        ids = [self._id() for _ in range(length)]
        places = [*ids, "done", "gone"]
        steps = [self._step(n, places, [], 0) for n in range(length)]
        starts = tuple(self.random.sample(_STARTS, self.random.randint(1, 3)))
        return plan_of([*steps, *ends], ROLES, starts=starts)

    def _id(self) -> str:
        self.made += 1
        return f"s{self.made}"

    def _name(self) -> str:
        return " ".join(self.random.choices(_SYLLABLES, k=self.random.randint(1, 12)))

    def _block(self, outer: list[str], depth: int) -> tuple[PlanStep, ...]:
        length = self.random.randint(1, 3)
        places = [*(self._id() for _ in range(length)), JOIN]
        return tuple(self._step(n, places, outer, depth) for n in range(length))

    def _step(self, position: int, places: list[str], outer: list[str], depth: int) -> PlanStep:
        """The step of a position; it leads anywhere in its block, back also out of it."""
        kinds = ["human"] * 6 + ["service", "choose", "call", "wait"]
        kinds += ["parallel", "each"] * (depth < 2) + ["each"] * (depth == 2)
        kind = self.random.choice(kinds)
        key, following = places[position], places[position + 1]
        forward = [following] * 4 + places[max(0, position - 1) :]
        behind = places[: position + 1] + outer
        if kind == "choose":
            targets = self.random.choices(forward, k=self.random.randint(1, 4))
            cases = [(f"case.x == {n}", target) for n, target in enumerate(targets)]
            return choice(key, *cases, (None, following))
        more = {"next": following, "onward": self.random.choice(forward)}
        if self.random.random() < 0.2:
            more["when"] = "case.x"
        if kind == "human":
            return self._human(key, forward, behind, more)
        if kind == "service":
            targets = self.random.choices(forward, k=self.random.randint(1, 3))
            outcomes = {f"o{n}": PlanRoute(to=target) for n, target in enumerate(targets)}
            return service(key, outcomes, name=self._name())
        more |= {"id": key, "kind": kind, "name": self._name()}
        if kind != "wait" and self.random.random() < 0.3:
            more["on_late"] = PlanOnLate(route=self._route(forward, behind))
        if kind in ("call", "wait"):
            other = "exchange.recall" if kind == "wait" else "cancelled"
            first = "time" if kind == "wait" else "issued"
            routes = {first: PlanRoute(to=following), other: self._route(forward, behind)}
            waited = PlanWait(period="3d", events=("exchange.recall",))
            called = PlanCall("con", self.random.choice([None, "c"]))
            part = {"wait": waited} if kind == "wait" else {"call": called}
            return PlanStep(outcomes=routes, **part, **more)
        inner = [*outer, *places[: position + 1]]
        return PlanStep(**self._blocks(kind, inner, depth + 1), **more)

    def _blocks(self, kind: str, outer: list[str], depth: int) -> dict[str, object]:
        if kind == "each":
            branches = (PlanBranch("", "", self._block(outer, depth)),)
            return {
                "branches": branches,
                "members": PlanMembers("case.support"),
                "lead": "case.lead",
                "join": PlanJoin("lead"),
            }
        branches = tuple(
            PlanBranch(
                f"b{n}", self._name(), self._block(outer, depth), "case.x" if n % 2 else None
            )
            for n in range(self.random.randint(2, 5))
        )
        return {"branches": branches, "join": PlanJoin(self.random.choice(["all", "any"]))}

    def _route(self, forward: list[str], behind: list[str]) -> PlanRoute:
        if self.random.random() < 0.5:
            return PlanRoute(return_to=self.random.choice([x for x in behind if x != JOIN]))
        return PlanRoute(to=self.random.choice(forward))

    def _human(
        self, key: str, forward: list[str], behind: list[str], more: dict[str, str]
    ) -> PlanStep:
        targets = self.random.choices(forward, k=self.random.randint(1, 4))
        actions = [action(self._name(), target) for target in targets]
        for back in self.random.choices(behind, k=self.random.randint(0, 3)):
            actions.append(action(self._name(), back_to=back))
        return human(
            key,
            self.random.choice(list(ROLES)),
            *(replace(each, id=f"a{n}") for n, each in enumerate(actions)),
            name=self._name(),
            due=self.random.choice([None, PlanDue("2d")]),
            **more,
        )
