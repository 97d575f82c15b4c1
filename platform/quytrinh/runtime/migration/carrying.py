"""What a case keeps under the names of its steps, carried over to the steps of another version.

Nothing is lost but what belongs to steps that are gone; what it was is kept by the caller.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from quytrinh.runtime.migration.mapping import StepMap
from quytrinh.runtime.models import Case

Memories = dict[str, Any]


def carry(case: Case, steps: StepMap) -> Case:
    """Return a copy of a case with its memories and blocks under the later names."""
    carried = copy.copy(case)
    carried.steps = memories_under(case.steps, steps)
    carried.blocks = {
        number: {
            **block,
            "step": steps.get(block["step"], block["step"]),
            "branches": {
                place: _branch_under(branch, steps) for place, branch in block["branches"].items()
            },
        }
        for number, block in case.blocks.items()
    }
    return carried


def memories_under(memories: Mapping[str, Any], steps: StepMap) -> Memories:
    """Return how steps were completed under the later names.

    Where two steps become one, the namesake's own memory stays.
    """
    carried: Memories = {}
    for earlier, memory in sorted(memories.items(), key=lambda each: steps.get(each[0]) == each[0]):
        later = steps.get(earlier)
        if later is not None:
            carried[later] = _memory_under(memory, steps)
    return carried


def _memory_under(memory: Mapping[str, Any], steps: StepMap) -> dict[str, Any]:
    found = dict(memory)
    if "back" in found:
        found["back"] = {**found["back"], "to": steps.get(found["back"]["to"], "")}
    if "back_to" in found:
        found["back_to"] = steps.get(found["back_to"], "")
    return found


def _branch_under(branch: Mapping[str, Any], steps: StepMap) -> dict[str, Any]:
    if "steps" not in branch:
        return dict(branch)
    return {**branch, "steps": memories_under(branch["steps"], steps)}
