"""Scopes of a case: its top block, and each branch of a block that runs or ran.

A scope is named by its token: `start`, or `start/3_2` for branch 2 of the third block begun in
the case. Every scope holds at most one token of the flow. What branches know (member, values, how
their steps were completed) is in `Case.blocks`, by the number of the block, and stays there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from quytrinh.runtime.models import Case, CaseTask

TOP = "start"
OPEN = "open"
EndState = Literal["done", "released", "late", "canceled"]
Branch = dict[str, Any]


def is_within(token: str, scope: str) -> bool:
    """Tell whether a token is that of a scope or of one below it, segment by segment."""
    return token == scope or token.startswith(f"{scope}/")


def outer(token: str, depth: int) -> str:
    """Return the scope at a depth (0 = the top) that a token is in."""
    return "/".join(token.split("/")[: depth + 1])


def parent(token: str) -> str:
    """Return the scope in which a branch was begun."""
    return token.rpartition("/")[0]


def place_in_block(token: str) -> tuple[str, str]:
    """Return the number of the block and of the branch that a branch's token names."""
    block, _, branch = token.rpartition("/")[2].partition("_")
    return block, branch


@dataclass(frozen=True, slots=True)
class Scope:
    """One scope of a case: what expressions, roles and memories there refer to."""

    case: Case
    token: str = TOP

    def branches(self) -> Iterator[tuple[Mapping[str, Any], Branch]]:
        """Yield each block and branch this scope is in, innermost first."""
        token = self.token
        while token != TOP:
            block, branch = place_in_block(token)
            held = self.case.blocks[block]
            yield held, held["branches"][branch]
            token = parent(token)

    @property
    def member_branch(self) -> Branch | None:
        """The branch of the innermost `each` around this scope."""
        return next((branch for _, branch in self.branches() if "member" in branch), None)

    @property
    def memories(self) -> dict[str, Any]:
        """How steps were completed, as kept for this scope: human step -> completion."""
        branch = self.member_branch
        return self.case.steps if branch is None else branch["steps"]

    def memory(self, step: str) -> dict[str, Any]:
        """How a step was last completed here; empty if it was not."""
        return self.memories.get(step, {})

    def remember(self, step: str, completion: dict[str, Any]) -> None:
        """Keep how a step was completed."""
        branch = self.member_branch
        if branch is None:
            self.case.steps = {**self.case.steps, step: completion}
        else:
            branch["steps"] = {**branch["steps"], step: completion}

    def has_passed(self, step: str) -> bool:
        """Tell whether a human step was completed, or a block entered, in this very scope."""
        if self.memory(step).get("scope", TOP if step in self.memories else None) == self.token:
            return True
        return any(
            block["step"] == step and block["token"] == self.token
            for block in self.case.blocks.values()
        )

    @property
    def fields(self) -> dict[str, Any]:
        """What was entered here: of the branch inside an `each`, else of the case."""
        branch = self.member_branch
        return self.case.fields if branch is None else branch["fields"]

    def keep_fields(self, values: Mapping[str, Any]) -> None:
        """Add entered values."""
        branch = self.member_branch
        if branch is None:
            self.case.fields = {**self.case.fields, **values}
        else:
            branch["fields"] = {**branch["fields"], **values}

    def all_memories(self) -> dict[str, Any]:
        """How steps were completed as seen from here: the branch's own before the case's."""
        seen = dict(self.case.steps)
        for _, branch in reversed(list(self.branches())):
            seen |= branch.get("steps", {})
        return seen

    def item(self) -> dict[str, Any]:
        """Return `item` of an `each` body, with the enclosing branch as `outer`; else empty."""
        found: dict[str, Any] = {}
        for _, branch in reversed(list(self.branches())):
            if "member" in branch:
                around = {"outer": found} if found else {}
                found = {**branch["fields"], **member_facts(branch), **around}
        return found

    def results(self) -> dict[str, list[dict[str, Any]]]:
        """Return `results.<each>`: one record per member of the latest pass seen from here."""
        return {
            block["step"]: [result_of(branch) for branch in block["branches"].values()]
            for block in self.case.blocks.values()
            if is_within(self.token, block["token"]) and is_each(block)
        }


def scope_of(task: CaseTask) -> Scope:
    """Return the scope a task stands in."""
    return Scope(task.process, str(task.token))


def is_each(block: Mapping[str, Any]) -> bool:
    """Tell whether a block goes through members."""
    return block["kind"] == "each"


def open_block(
    scope: Scope, *, step: str, kind: str, branches: list[Branch]
) -> tuple[str, list[str]]:
    """Begin a block in a scope; return its number and the tokens of its branches."""
    blocks = scope.case.blocks
    number = str(len(blocks) + 1)
    blocks[number] = {
        "step": step,
        "kind": kind,
        "token": scope.token,
        "state": OPEN,
        "pass": 1 + sum(b["step"] == step for b in blocks.values()),
        "branches": {},
    }
    return number, [add_branch(scope.case, number, branch) for branch in branches]


def add_branch(case: Case, number: str, branch: Branch) -> str:
    """Add a branch to a block; return its token."""
    block = case.blocks[number]
    place = str(len(block["branches"]) + 1)
    block["branches"][place] = {"state": OPEN, **branch}
    return f"{block['token']}/{number}_{place}"


def end_branch(case: Case, token: str, state: EndState) -> None:
    """Note how a branch ended."""
    block, branch = place_in_block(token)
    case.blocks[block]["branches"][branch]["state"] = state


def tokens_of(case: Case, number: str) -> dict[str, Branch]:
    """Return the branches of a block by their tokens."""
    block = case.blocks[number]
    return {f"{block['token']}/{number}_{place}": each for place, each in block["branches"].items()}


def open_branches(case: Case, number: str) -> list[str]:
    """Return the tokens of the branches of a block that are still open."""
    branches = tokens_of(case, number)
    return [token for token, branch in branches.items() if branch["state"] == OPEN]


def member_facts(branch: Branch) -> dict[str, Any]:
    """Return who a branch is for: `unit`, `person` or `agency`, and whether in the lead."""
    return {branch["member_kind"]: branch["member"], "lead": branch["lead"]}


def result_of(branch: Branch) -> dict[str, Any]:
    """Return what a member's branch has come to."""
    said = branch.get("said", {})
    return {**branch["fields"], **member_facts(branch), **said, "state": branch["state"]}
