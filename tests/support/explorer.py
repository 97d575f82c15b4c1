"""Every marking a small flow can come to, one by one: an oracle for the checker.

It knows the texts of the language (flows/README.md), nothing of how the checker proves things: a
scope is one running instance of a block with one token; a step with blocks holds child scopes.
Data are not looked at: any case and outcome may happen, members may be added late or released.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Literal, NamedTuple

from quytrinh.language.ast import (
    ChooseStep,
    EachStep,
    EndStep,
    Flow,
    HumanStep,
    ParallelStep,
    Route,
    ServiceStep,
    Step,
    WaitStep,
)
from quytrinh.spi import Registry

END, STUCK, OVER = "#end", "#stuck", "#over"
MOST_MEMBERS = 3
# free: can always be relied on. guarded: by `when` or `at_most`. back: a return. verb: a person's.
Kind = Literal["free", "guarded", "back", "verb"]


class TooMany(Exception):
    """The flow has more markings than it is worth to look at."""


class Scope(NamedTuple):
    """A running block: where its token is, what was done in it, straight ways back, children."""

    at: str
    done: frozenset[str] = frozenset()
    back: frozenset[tuple[str, str]] = frozenset()
    children: tuple[Scope | None, ...] = ()
    # The children ended or released, by number; None in `children` is a branch that is not there.
    ended: frozenset[int] = frozenset()
    released: frozenset[int] = frozenset()


class Escape(NamedTuple):
    """A return to a step that stands further out."""

    target: str


Move = tuple[Kind, "Scope | Escape"]


@dataclass(frozen=True)
class Findings:
    """What is wrong: markings from which the end cannot be relied on, steps that never happen."""

    stuck: tuple[Scope, ...]
    dead: tuple[str, ...]

    @property
    def sound(self) -> bool:
        return not self.stuck and not self.dead


class Explorer:
    """The markings of one flow."""

    def __init__(self, flow: Flow, registry: Registry) -> None:
        self.registry = registry
        self.steps: dict[str, Step] = {}
        self.following: dict[str, str] = {}
        self.block: dict[str, int] = {}
        self.first: dict[tuple[str, int], str] = {}
        self.seen_steps: set[str] = set()
        self._index(flow.steps, top=True)
        self.targets = {
            route.return_to.text
            for step in self.steps.values()
            for route in _routes(step)
            if route.return_to
        }
        self.start = self._arrive(Scope(""), flow.steps[0].id.text)

    def explore(self, most: int) -> Findings:
        """Look at every marking; raise TooMany beyond `most`."""
        waiting = [self.start]
        known = {self.start}
        relied: dict[Scope, list[Scope]] = {}
        while waiting:
            marking = waiting.pop()
            for kind, after in self._moves(marking):
                assert isinstance(after, Scope)
                if kind == "free":
                    relied.setdefault(after, []).append(marking)
                if after not in known:
                    known.add(after)
                    waiting.append(after)
                    if len(known) > most:
                        raise TooMany
        good = {marking for marking in known if marking.at == OVER}
        waiting = list(good)
        while waiting:
            for before in relied.get(waiting.pop(), ()):
                if before not in good:
                    good.add(before)
                    waiting.append(before)
        dead = [name for name in self.steps if name not in self.seen_steps]
        return Findings(tuple(known - good), tuple(dead))

    def _index(self, steps: tuple[Step, ...], *, top: bool) -> None:
        number = len(self.steps)
        names = [step.id.text for step in steps]
        for step, after in zip(steps, [*names[1:], STUCK if top else END], strict=True):
            self.steps[step.id.text] = step
            self.following[step.id.text] = after
            self.block[step.id.text] = -1 if top else number
        for step in steps:
            for place, inner in enumerate(_bodies(step)):
                self.first[step.id.text, place] = inner[0].id.text
                self._index(inner, top=False)

    def _arrive(self, scope: Scope, target: str) -> Scope:
        """The scope with its token at a step, or at the end of its branch."""
        bare = scope._replace(children=(), ended=frozenset(), released=frozenset())
        step = self.steps.get(target)
        if step is None:
            return bare._replace(at=target if target in (END, STUCK) else STUCK)
        self.seen_steps.add(target)
        if isinstance(step, EndStep):
            top = self.block[target] == -1
            return Scope(OVER) if top else bare._replace(at=STUCK)
        return bare._replace(at=target)

    def _go(self, scope: Scope, target: str) -> Scope:
        """Forward by a target as it is written."""
        own = self.block[scope.at]
        if target == "next":
            return self._arrive(scope, self.following[scope.at])
        if target == "join":
            return self._arrive(scope, STUCK if own == -1 else END)
        inside = target in self.steps and self.block[target] == own
        return self._arrive(scope, target if inside else STUCK)

    def _moves(self, scope: Scope) -> Iterator[Move]:
        if scope.at in (END, STUCK, OVER):
            return
        step = self.steps[scope.at]
        if scope.children:
            yield from self._inner_moves(scope, step)
            return
        if step.when is not None:
            yield "free", self._arrive(scope, self.following[scope.at])
        match step:
            case ParallelStep() | EachStep():
                yield from self._split(scope, step)
            case ChooseStep():
                for case in step.cases:
                    yield "free", self._go(scope, case.to.text)
                if all(case.when is not None for case in step.cases):
                    yield "free", self._arrive(scope, STUCK)
            case HumanStep():
                yield from self._actions(scope, step)
            case ServiceStep():
                yield from self._outcomes(scope, step, step.run.text)
            case WaitStep():
                yield from self._waited(scope, step)
        if step.due and step.on_late and step.on_late.route:
            yield from self._route(scope, step, step.on_late.route)

    def _actions(self, scope: Scope, step: HumanStep) -> Iterator[Move]:
        for action in step.actions:
            if step.run is not None and action.id.text == "confirm":
                yield from self._outcomes(scope, step, step.run.text)
            else:
                guarded = action.when is not None
                yield from self._route(scope, step, action.route, guarded=guarded, done=True)

    def _outcomes(self, scope: Scope, step: HumanStep | ServiceStep, name: str) -> Iterator[Move]:
        routes = {outcome.text: route for outcome, route in step.outcomes}
        for outcome in self.registry.get(name).outcomes:
            if outcome.id in routes:
                yield from self._route(scope, step, routes[outcome.id], done=True)
            elif outcome.normal:
                yield "free", self._go(self._did(scope), step.to.text if step.to else "next")
            else:
                yield "free", self._arrive(scope, STUCK)

    def _waited(self, scope: Scope, step: WaitStep) -> Iterator[Move]:
        routes = {outcome.text: route for outcome, route in step.outcomes}
        names = [event.text for event in step.events]
        for name in [*names, "time"] if step.period or step.until else names:
            if name in routes:
                yield from self._route(scope, step, routes[name])
            else:
                yield "free", self._go(scope, step.to.text if step.to else "next")

    def _did(self, scope: Scope) -> Scope:
        # Only what something may return to needs to be remembered.
        return scope._replace(done=scope.done | ({scope.at} & self.targets))

    def _route(
        self, scope: Scope, step: Step, route: Route, *, guarded: bool = False, done: bool = False
    ) -> Iterator[Move]:
        after = self._did(scope) if done else scope
        if route.return_to:
            yield from self._return(after, route)
            return
        kind: Kind = "guarded" if guarded or route.at_most else "free"
        onward = step.to.text if step.to else "next"
        dropped = after._replace(back=frozenset(b for b in after.back if b[0] != scope.at))
        yield kind, self._go(dropped, route.to.text if route.to else onward)
        if done:
            # By the same action as before the return, the token goes straight back.
            for _, source in (pair for pair in after.back if pair[0] == scope.at):
                yield kind, self._arrive(dropped, source)

    def _return(self, scope: Scope, route: Route) -> Iterator[Move]:
        assert route.return_to
        target = route.return_to.text
        if self.block.get(target) != self.block[scope.at]:
            yield "back", Escape(target)
        elif target in scope.done:
            back = scope.back
            if route.then == "back_here":
                back = frozenset(pair for pair in back if pair[0] != target) | {(target, scope.at)}
            yield "back", self._arrive(scope._replace(back=back), target)

    def _split(self, scope: Scope, step: ParallelStep | EachStep) -> Iterator[Move]:
        entered = self._did(scope)
        if isinstance(step, ParallelStep):
            present = [
                (True,) if branch.when is None else (True, False) for branch in step.branches
            ]
            choices = [tuple(enumerate(there)) for there in product(*present)]
        else:
            sizes = (2,) if step.members.units else (0, 1, 2)
            choices = [tuple((0, True) for _ in range(size)) for size in sizes]
        for choice in choices:
            children = tuple(
                self._arrive(Scope(""), self.first[scope.at, place]) if there else None
                for place, there in choice
            )
            if any(children):
                yield "free", entered._replace(children=children)
            else:
                yield "free", self._joined(entered, step)

    def _joined(self, scope: Scope, step: Step) -> Scope:
        bare = scope._replace(children=(), ended=frozenset(), released=frozenset())
        return self._go(bare, step.to.text if step.to else "next")

    def _inner_moves(self, scope: Scope, step: Step) -> Iterator[Move]:
        assert isinstance(step, ParallelStep | EachStep)
        if step.due and step.on_late and step.on_late.route:
            route = step.on_late.route
            if route.return_to is None:
                yield "free", self._go(scope, route.to.text if route.to else "next")
            else:
                yield from self._return(scope, route)
        for number in self._open(scope):
            child = scope.children[number]
            assert child is not None
            for kind, after in self._moves(child):
                yield from self._child_moved(scope, step, number, kind, after)
        if isinstance(step, EachStep):
            yield from self._member_verbs(scope, step)

    def _open(self, scope: Scope) -> list[int]:
        gone = scope.ended | scope.released
        return [n for n, child in enumerate(scope.children) if child is not None and n not in gone]

    def _child_moved(
        self,
        scope: Scope,
        step: ParallelStep | EachStep,
        number: int,
        kind: Kind,
        after: Scope | Escape,
    ) -> Iterator[Move]:
        if isinstance(after, Escape):
            if self.block.get(after.target) != self.block[scope.at]:
                # Into another block altogether: nobody could say where the token is.
                known = after.target in self.steps and self.block[scope.at] != -1
                yield kind, after if known else self._arrive(scope, STUCK)
            elif after.target in scope.done:
                yield kind, self._arrive(scope, after.target)
            return
        if after.at != END:
            changed = (*scope.children[:number], after, *scope.children[number + 1 :])
            yield kind, scope._replace(children=changed)
            return
        yield from self._ended(scope._replace(ended=scope.ended | {number}), step, kind)

    def _ended(self, scope: Scope, step: ParallelStep | EachStep, kind: Kind) -> Iterator[Move]:
        """One child more is at its end, or was released: does the block fire?"""
        done = self._joined(scope, step)
        last = not self._open(scope)
        # What an ended child was is forgotten, so that there are fewer markings.
        gone = scope.ended | scope.released
        kept = tuple(
            Scope(END) if number in gone and child is not None else child
            for number, child in enumerate(scope.children)
        )
        waiting = scope._replace(children=kept)
        match step.join.kind:
            case "all":
                yield kind, done if last else waiting
            case "any":
                yield kind, done if last or scope.ended else waiting
            case "lead":
                yield kind, done if last or 0 in scope.ended else waiting
            case "when":
                yield kind, done
                if not last:
                    yield kind, waiting

    def _member_verbs(self, scope: Scope, step: EachStep) -> Iterator[Move]:
        if len(scope.children) < MOST_MEMBERS:
            added = self._arrive(Scope(""), self.first[scope.at, 0])
            yield "verb", scope._replace(children=(*scope.children, added))
        for number in self._open(scope):
            if step.join.kind == "lead" and number == 0:
                continue
            released = scope._replace(released=scope.released | {number})
            yield from self._ended(released, step, "verb")


def _bodies(step: Step) -> tuple[tuple[Step, ...], ...]:
    if isinstance(step, ParallelStep):
        return tuple(branch.steps for branch in step.branches)
    return (step.steps,) if isinstance(step, EachStep) else ()


def _routes(step: Step) -> Iterator[Route]:
    if isinstance(step, HumanStep):
        yield from (action.route for action in step.actions)
    if isinstance(step, HumanStep | ServiceStep | WaitStep):
        yield from (route for _, route in step.outcomes)
    if step.on_late and step.on_late.route:
        yield step.on_late.route
