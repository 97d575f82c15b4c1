"""Which person's completion has led to a task: to it goes a recall, or a return without a route."""

from __future__ import annotations

from typing import Any

from viewflow.workflow.status import STATUS

from quytrinh.runtime.models import CaseTask

# In the data of a task: {task, step, token, by}; `firm` once a machine or a join was in between.
LED_BY = "led_by"
_PASSING = frozenset({"EXCLUSIVE_GATEWAY", "SWITCH", "PARALLEL_GATEWAY"})


def origin_of(previous: CaseTask) -> dict[str, Any]:
    """Return what a task remembers of how it came about; empty at the start of a case."""
    if previous.flow_task_type == "HUMAN" and previous.status == STATUS.DONE:
        return {LED_BY: _completed(previous)}
    led_by = previous.data.get(LED_BY)
    if led_by is None:
        return {}
    firm = led_by.get("firm") or previous.flow_task_type not in _PASSING
    return {LED_BY: {**led_by, "firm": True} if firm else led_by}


def _completed(task: CaseTask) -> dict[str, Any]:
    return {
        "task": str(task.pk),
        "step": task.step,
        "token": str(task.token),
        "by": str(task.done_by_id) if task.done_by_id else None,
    }
