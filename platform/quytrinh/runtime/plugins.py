"""Step plugins at run time: the registry, and how a step becomes a request."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Any
from uuid import uuid5

from quytrinh.compiler.plan import PlanAction, PlanStep
from quytrinh.runtime import definitions
from quytrinh.runtime.exceptions import ActFailed
from quytrinh.runtime.facts import record_of
from quytrinh.runtime.models import CaseTask
from quytrinh.runtime.scopes import scope_of
from quytrinh.spi import (
    Registry,
    StepFailed,
    StepRequest,
    StepResult,
    built_in_plugins,
)


@cache
def registry() -> Registry:
    """Return every step plugin: the platform's own and those of installed packages."""
    plugins = Registry(built_in_plugins())
    plugins.load_entry_points()
    plugins.freeze()
    return plugins


def is_inline(name: str) -> bool:
    """Tell whether a plugin works within the step's transaction."""
    return registry().get(name).inline


def request_for(step: PlanStep, task: CaseTask) -> StepRequest:
    """Return what a plugin is asked; the task's id is the request's, so a retry is the same."""
    return _request(step, task, step.with_)


def request_beside(task: CaseTask, parameters: Mapping[str, Any]) -> StepRequest:
    """Return what a plugin is asked that runs beside a task."""
    step = definitions.plan(task.process.digest).step(task.step)
    return replace(_request(step, task, parameters), request_id=str(uuid5(task.pk, "beside")))


def run_inline(step: PlanStep, task: CaseTask) -> StepResult:
    """Run an inline plugin of a step; raise ActFailed if it refuses."""
    return _run(step.run or "", request_for(step, task))


def run_act(step: PlanStep, action: PlanAction, task: CaseTask) -> StepResult:
    """Run what a decision does at once; raise ActFailed if it refuses."""
    return _run(action.run or "", _request(step, task, action.with_))


def _request(step: PlanStep, task: CaseTask, parameters: Mapping[str, Any]) -> StepRequest:
    case, scope = task.process, scope_of(task)
    memories = scope.all_memories()
    decided = scope.memory(step.id) if step.kind == "human" else {}
    return StepRequest(
        request_id=str(task.pk),
        case_id=str(case.pk),
        case_code=case.code,
        step=step.id,
        parameters=parameters,
        data={**record_of(case), **scope.fields},
        documents=case.slots,
        actor=decided.get("by"),
        performers={name: done["by"] for name, done in memories.items() if done.get("by")},
        action=decided.get("action", ""),
        comment=decided.get("comment", ""),
    )


def _run(name: str, request: StepRequest) -> StepResult:
    try:
        return registry().get(name).run(request)
    except StepFailed as failure:
        raise ActFailed(failure.message) from failure
