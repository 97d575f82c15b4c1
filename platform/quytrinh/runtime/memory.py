"""What a scope remembers of its steps: how each was completed, and returns that go straight back.

`back` is the memory of a return `back_here` (flows/README.md, returning): it sends the token back
if the step is completed by the same action as before; another forward action drops it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from quytrinh.runtime.scopes import TOP, Scope

_COMPLETION = (
    *("action", "by", "on_behalf_of", "at", "times", "actions", "comment", "back", "back_to"),
    *("scope", "led_by"),
)


def remember_completion(
    scope: Scope,
    step_id: str,
    *,
    action: str,
    forward: bool,
    by: UUID | None,
    at: datetime,
    comment: str = "",
    on_behalf_of: UUID | None = None,
    led_by: Mapping[str, Any] | None = None,
) -> None:
    """Note how a human step was completed, and settle a return that waits to go straight back.

    `by` is None when silence decided; `led_by`: whose completion had led here (engine/origin.py).
    """
    before = scope.memory(step_id)
    counts = dict(before.get("actions", {}))
    counts[action] = counts.get(action, 0) + 1
    completion: dict[str, Any] = {
        "action": action,
        "at": at.isoformat(),
        "times": before.get("times", 0) + 1,
        "actions": counts,
    }
    if by:
        completion["by"] = str(by)
    if on_behalf_of:
        completion["on_behalf_of"] = str(on_behalf_of)
    if comment:
        completion["comment"] = comment
    if led_by:
        completion["led_by"] = dict(led_by)
    if scope.token != TOP:
        completion["scope"] = scope.token
    back = before.get("back")
    if back and not forward:
        completion["back"] = back
    elif back and back["action"] == action:
        completion["back_to"] = back["to"]
    scope.remember(step_id, completion)
    branch = scope.member_branch
    if branch is not None:
        said = {"action": action, "comment": comment, "at": completion["at"]}
        branch["said"] = said | ({"by": str(by)} if by else {})


def remember_outputs(scope: Scope, step_id: str, outputs: Mapping[str, Any]) -> None:
    """Keep what a plugin found; how a person completed the step is not overwritten by it."""
    before = scope.memory(step_id)
    kept = {name: before[name] for name in _COMPLETION if name in before}
    scope.remember(step_id, {**outputs, **kept})


def restore_return(scope: Scope, step_id: str) -> None:
    """Remember again a return that a failed step had already used up."""
    done = dict(scope.memory(step_id))
    if "back_to" in done:
        done["back"] = {"to": done.pop("back_to"), "action": done["action"]}
        scope.remember(step_id, done)


def remember_return(scope: Scope, *, source: str, target: str) -> None:
    """Note that `target`, once completed as before, leads straight back to `source`."""
    earlier = scope.memory(target)
    back = {"to": source, "action": earlier["action"]}
    scope.remember(target, {**earlier, "back": back})
