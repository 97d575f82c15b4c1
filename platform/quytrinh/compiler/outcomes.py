"""The results by which a step goes on when no person chooses: a plugin's, a callee's, a wait's."""

from __future__ import annotations

from dataclasses import dataclass

from quytrinh.compiler.signatures import Signatures
from quytrinh.language.ast import CallStep, HumanStep, Outcomes, ServiceStep, Step, WaitStep
from quytrinh.language.source import Word
from quytrinh.spi import Registry

# Every plugin can fail for good: retries spent, no answer in time.
FAILED = "failed"
CANCELLED = "cancelled"
TIME = "time"


@dataclass(frozen=True)
class Results:
    """`normal` go on by themselves, `named` must say where they lead, `optional` may."""

    of: Word
    normal: tuple[str, ...]
    named: tuple[tuple[str, str], ...] = ()
    optional: tuple[str, ...] = ()

    @property
    def known(self) -> tuple[str, ...]:
        return (*self.normal, *(name for name, _ in self.named), *self.optional)


def routes_of(step: Step) -> Outcomes:
    """The results that a step says something about."""
    if isinstance(step, HumanStep | ServiceStep | CallStep | WaitStep):
        return step.outcomes
    return ()


def results_of(step: Step, registry: Registry, flows: Signatures) -> Results | None:
    """The results of a step; None where it has none, or runs something unknown (F105, F107)."""
    match step:
        case HumanStep(run=Word() as run) | ServiceStep(run=run):
            return _plugin_results(run, registry)
        case CallStep():
            return _call_results(step, flows)
        case WaitStep():
            return _wait_results(step)
    return None


def _plugin_results(run: Word, registry: Registry) -> Results | None:
    if run.text not in registry:
        return None
    outcomes = registry.get(run.text).outcomes
    normal = tuple(each.id for each in outcomes if each.normal)
    named = tuple((each.id, each.title) for each in outcomes if not each.normal)
    return Results(run, normal, named, (FAILED,))


def _call_results(step: CallStep, flows: Signatures) -> Results | None:
    if step.flow.text not in flows:
        return None
    ends = tuple(dict.fromkeys(name for name, _ in flows[step.flow.text].outcomes))
    return Results(step.flow, ends, ((CANCELLED, "bị hủy"),))


def _wait_results(step: WaitStep) -> Results:
    events = tuple(event.text for event in step.events)
    if not events:
        return Results(step.id, (TIME,))
    dated = step.period is not None or step.until is not None
    return Results(step.id, events, ((TIME, "hết thời gian chờ"),) if dated else ())
