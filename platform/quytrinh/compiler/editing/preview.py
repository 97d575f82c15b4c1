"""A picture of a text that still has errors: what is wrong is left out, not the whole picture."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from quytrinh.compiler.canonical import canonical_flow
from quytrinh.compiler.plan import Plan
from quytrinh.compiler.planning import build_plan
from quytrinh.language.ast import (
    Action,
    Branch,
    ChooseStep,
    EachStep,
    EndStep,
    Flow,
    HumanStep,
    OnLate,
    ParallelStep,
    Resolver,
    Role,
    Route,
    ServiceStep,
    Start,
    Step,
    walk,
)
from quytrinh.language.diagnostics import Span
from quytrinh.language.form import FormDefinition
from quytrinh.language.settings import Values
from quytrinh.language.source import Word
from quytrinh.spi import Registry

_NOWHERE = Span("", 1, 1, 1, 1)
OPEN_END = "chua_co_ket_thuc"


def preview(
    flow: Flow,
    forms: Mapping[str, FormDefinition],
    registry: Registry,
    *,
    digest: str,
    settings: Values | None = None,
) -> Plan | None:
    """The plan of a flow with errors, as far as it can be drawn; None where it cannot."""
    mended = _Mender(flow, forms, registry).mend()
    try:
        return build_plan(canonical_flow(mended, forms, registry), digest, settings)
    except (KeyError, ValueError, TypeError, AttributeError, IndexError):
        # Beyond mending: the picture of the last good text stays.
        return None


class _Mender:
    def __init__(self, flow: Flow, forms: Mapping[str, FormDefinition], registry: Registry) -> None:
        self.flow = flow
        self.forms = forms
        self.registry = registry
        self.known = {step.id.text for step in flow.all_steps()} | {"next", "join"}

    def mend(self) -> Flow:
        """The flow without what names nothing."""
        steps = tuple(self._step(step) for step in self.flow.steps)
        if not steps or not isinstance(steps[-1], EndStep):
            steps = (*steps, _open_end())
        roles = {role.id.text for role in self.flow.roles}
        acting = [step.by.text for step in walk(steps) if isinstance(step, HumanStep)]
        acting += [start.by.text for start in self.flow.starts if start.by]
        missing = dict.fromkeys(role for role in acting if role not in roles)
        extra = tuple(_role(name) for name in missing)
        starts = tuple(self._start(each) for each in self.flow.starts)
        if not starts and not isinstance(steps[0], HumanStep):
            starts = (Start(event=Word("call", _NOWHERE), span=_NOWHERE),)
        return replace(self.flow, steps=steps, roles=(*self.flow.roles, *extra), starts=starts)

    def _start(self, start: Start) -> Start:
        return replace(start, form=self._form(start.form))

    def _form(self, form: Word | None) -> Word | None:
        return form if form and form.text in self.forms else None

    def _run(self, run: Word | None) -> Word | None:
        return run if run and run.text in self.registry else None

    def _target(self, target: Word | None) -> Word | None:
        return target if target and target.text in self.known else None

    def _route(self, route: Route) -> Route:
        return replace(route, to=self._target(route.to), return_to=self._target(route.return_to))

    def _action(self, action: Action) -> Action:
        run = self._run(action.run)
        return replace(
            action, route=self._route(action.route), form=self._form(action.form), run=run
        )

    def _late(self, late: OnLate | None) -> OnLate | None:
        if late is None or late.route is None:
            return late
        return replace(late, route=self._route(late.route))

    def _step(self, step: Step) -> Step:
        changes: dict[str, Any] = {
            "to": self._target(step.to),
            "on_late": self._late(step.on_late),
        }
        if isinstance(step, HumanStep):
            changes |= {
                "form": self._form(step.form),
                "run": self._run(step.run),
                "actions": tuple(self._action(each) for each in step.actions),
            }
        outcomes = getattr(step, "outcomes", ())
        if outcomes:
            changes["outcomes"] = tuple((word, self._route(route)) for word, route in outcomes)
        if isinstance(step, ServiceStep) and not self._run(step.run):
            return HumanStep(id=step.id, name=step.name, by=step.run, actions=(), span=step.span)
        if isinstance(step, ChooseStep):
            changes["cases"] = tuple(case for case in step.cases if case.to.text in self.known)
        if isinstance(step, ParallelStep):
            changes["branches"] = tuple(self._branch(each) for each in step.branches)
        if isinstance(step, EachStep):
            changes["steps"] = tuple(self._step(each) for each in step.steps)
        return replace(step, **changes)

    def _branch(self, branch: Branch) -> Branch:
        return replace(branch, steps=tuple(self._step(each) for each in branch.steps))


def _open_end() -> EndStep:
    name = Word("(chưa có bước kết thúc)", _NOWHERE)
    word = Word(OPEN_END, _NOWHERE)
    return EndStep(id=word, name=name, outcome=word, span=_NOWHERE)


def _role(name: str) -> Role:
    word = Word(name, _NOWHERE)
    who = (Resolver(kind="role", value=word, span=_NOWHERE),)
    return Role(id=word, name=Word(f"{name}?", _NOWHERE), who=who, span=_NOWHERE)
