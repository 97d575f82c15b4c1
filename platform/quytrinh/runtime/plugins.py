"""Step plugins at run time: the registry, and how a step becomes a request."""

from __future__ import annotations

from functools import cache
from typing import Any

from quytrinh.compiler.plan import PlanStep
from quytrinh.runtime.facts import record_of
from quytrinh.runtime.models import CaseTask
from quytrinh.spi import Registry, StepRequest, StepResult

_built_in: list[type[Any]] = []


def built_in(plugin: type[Any]) -> type[Any]:
    """Register a step that lives in a room of the platform (class decorator)."""
    _built_in.append(plugin)
    return plugin


@cache
def registry() -> Registry:
    """Return every step plugin: the platform's own and those of installed packages."""
    plugins = Registry(make() for make in _built_in)
    plugins.load_entry_points()
    plugins.freeze()
    return plugins


def is_inline(name: str) -> bool:
    """Tell whether a plugin works within the step's transaction."""
    return registry().get(name).inline


def request_for(step: PlanStep, task: CaseTask) -> StepRequest:
    """Return what a plugin is asked; the task's id is the request's, so a retry is the same."""
    case = task.process
    return StepRequest(
        request_id=str(task.pk),
        case_id=str(case.pk),
        case_code=case.code,
        step=step.id,
        parameters=step.with_,
        data=record_of(case),
        documents=case.slots,
    )


def run_inline(step: PlanStep, task: CaseTask) -> StepResult:
    """Run an inline plugin."""
    return registry().get(step.run or "").run(request_for(step, task))
