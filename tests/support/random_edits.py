"""Random edits of canonical flows, each with what a comparison must say of it."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from quytrinh.compiler.canonical import digest
from quytrinh.compiler.planning import build_plan, step_id

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Said:
    """What a comparison must say of one edit: one change of this class about one of these steps."""

    kind: str
    steps: tuple[str | None, ...]


def blocks_in(steps: list[Json]) -> Iterator[list[Json]]:
    """Every block, an outer one before those inside it."""
    yield steps
    for step in steps:
        for branch in step.get("parallel", ()):
            yield from blocks_in(branch["steps"])
        if "each" in step:
            yield from blocks_in(step["steps"])


class Editor:
    """Edits one flow; no two edits touch the same thing, and one at most changes its structure."""

    def __init__(self, canonical: Json, random: Random) -> None:
        self.flow: Json = json.loads(json.dumps(canonical))
        self.before = copy.deepcopy(self.flow)
        self.random = random
        self.said: list[Said] = []
        self._touched: set[tuple[str, ...]] = set()

    def edit(self, times: int, *, structure: bool) -> None:
        """Make so many edits of values, then one of the structure."""
        values = [*_STEP_EDITS, *_FLOW_EDITS]
        for _ in range(times):
            self.random.choice(values)(self)
        if structure:
            self.random.choice(_STRUCTURE_EDITS)(self)

    # What edits pick from.

    def _steps(self) -> list[Json]:
        return [step for block in blocks_in(self.flow["steps"]) for step in block]

    def _step(self, fits: Callable[[Json], bool]) -> Json | None:
        found = [step for step in self._steps() if fits(step)]
        return self.random.choice(found) if found else None

    def _is_new(self, *spot: str) -> bool:
        if spot in self._touched:
            return False
        self._touched.add(spot)
        return True

    def _say(self, kind: str, *steps: str | None) -> None:
        self.said.append(Said(kind, steps or (None,)))

    def _mark(self) -> str:
        return f"thử {self.random.randrange(10**6)}"

    # Values.

    def set_in_step(
        self, key: str, kind: str, value: Callable[[], Any], fits: Callable[[Json], bool]
    ) -> None:
        """Give a key of some step a value it has not."""
        step = self._step(fits)
        new = value()
        if step and step.get(key) != new and self._is_new(step_id(step), key):
            step[key] = new
            self._say(kind, step_id(step))

    def action(self, key: str, kind: str, value: Callable[[], Any]) -> None:
        """Give a key of some action a value it has not."""
        step = self._step(lambda step: "actions" in step)
        if step is None:
            return
        action, new = self.random.choice(step["actions"]), value()
        if action["id"] == "brand_new":
            return
        if action["id"] == "confirm" and key in ("requires", "form", "at_most"):
            return
        if action.get(key) != new and self._is_new(step_id(step), "actions", action["id"], key):
            action[key] = new
            self._say(kind, step_id(step))

    def action_route(self) -> None:
        """Send an action somewhere else in its block."""
        for block in blocks_in(self.flow["steps"]):
            for step in block:
                others = {step_id(each) for each in block} - self._leads(step)
                if (
                    "actions" in step
                    and "run" not in step
                    and others
                    and self.random.random() < 0.2
                ):
                    action = self.random.choice(step["actions"])
                    if self._is_new(step_id(step), "actions", action["id"], "route"):
                        for part in ("return_to", "then", "comment"):
                            action.pop(part, None)
                        action["to"] = self.random.choice(sorted(others))
                        # What goes without saying for a return is said for another route.
                        self._comment_stays(step, action)
                        self._say("course", step_id(step))
                    return

    def _comment_stays(self, step: Json, action: Json) -> None:
        before = _action(self.before, step_id(step), action["id"])
        if before and "comment" in before:
            action["comment"] = before["comment"]

    def _leads(self, step: Json) -> set[str]:
        plan = build_plan(self.flow, "")
        found = plan.step(step_id(step))
        return {action.route.to or "" for action in found.actions} | {
            found.onward or "",
            found.next or "",
        }

    def add_action(self) -> None:
        step = self._step(lambda step: "actions" in step)
        if step and self._is_new(step_id(step), "new action"):
            step["actions"].append({"id": "brand_new", "label": self._mark()})
            self._say("course", step_id(step))

    def remove_action(self) -> None:
        step = self._step(lambda step: len(step.get("actions", ())) > 1 and "run" not in step)
        if step is None:
            return
        action = step["actions"][-1]
        touched = any(spot[1:3] == ("actions", action["id"]) for spot in self._touched)
        if action["id"] != "brand_new" and not touched and self._is_new(step_id(step), "gone"):
            step["actions"].pop()
            self._touched.add((step_id(step), "new action"))
            self._say("course", step_id(step))

    def case(self) -> None:
        step = self._step(lambda step: "choose" in step)
        if step and self._is_new(step_id(step), "choose"):
            step["choose"][0]["when"] = f'case.subject == "{self._mark()}"'
            self._say("course", step_id(step))

    def branch(self) -> None:
        step = self._step(lambda step: "parallel" in step)
        if step and self._is_new(step_id(step), "branch"):
            branch = self.random.choice(step["parallel"])
            if self.random.random() < 0.5:
                branch["name"] = self._mark()
                self._say("wording", step_id(step))
            else:
                branch["when"] = f'case.subject == "{self._mark()}"'
                self._say("course", step_id(step))

    def wait(self) -> None:
        step = self._step(lambda step: "for" in step.get("wait", ()))
        if step and self._is_new(step_id(step), "wait"):
            step["wait"]["for"] = f"{self.random.randint(100, 999)}d"
            self._say("time", step_id(step))

    def role(self) -> None:
        role = self.random.choice(self.flow["roles"])
        key, kind, value = self.random.choice(
            [("name", "wording", self._mark()), ("who", "people", [{"role": "lanh-dao-so"}])]
        )
        if role[key] != value and self._is_new("role", role["id"], key):
            role[key] = value
            self._say(kind)

    def new_role(self) -> None:
        if self._is_new("new role"):
            self.flow["roles"].append({"id": "moi", "name": "Mới", "who": [{"creator": True}]})
            self._say("people")

    def set_in_flow(self, key: str, kind: str, value: Any) -> None:
        """Give a key of the flow a value it has not."""
        if self.flow.get(key) != value and self._is_new("flow", key):
            self.flow[key] = value
            self._say(kind)

    def setting(self) -> None:
        if self.flow.get("settings") and self._is_new("setting"):
            setting = self.flow["settings"][0]
            setting["default"] = ["9d"] if setting["type"] == "when" else ["true"]
            self._say("time" if setting["type"] == "when" else "data")

    def slot(self) -> None:
        if self._is_new("slot"):
            slots = self.flow.setdefault("documents", [])
            slots.append({"id": "brand_new", "name": self._mark()})
            self._say("data")

    # Structure.

    def add_step(self) -> None:
        block = self.random.choice(list(blocks_in(self.flow["steps"])))
        actions = [{"id": "done", "label": "Xong"}]
        role = self.flow["roles"][0]["id"]
        new = {"id": "brand_new", "name": "Bước mới", "by": role, "actions": actions}
        block.insert(self.random.randrange(self._first_free(block), len(block)), new)
        self._say("course", "brand_new")

    def _first_free(self, block: list[Json]) -> int:
        """The first step of all stays: it may tell who begins."""
        return int(block is self.flow["steps"])

    def remove_step(self) -> None:
        block = self.random.choice([b for b in blocks_in(self.flow["steps"]) if len(b) > 1])
        free = [each for each in block[self._first_free(block) :] if "end" not in each]
        if not free:
            return
        step = self.random.choice(free)
        gone = {step_id(each) for inner in blocks_in([step]) for each in inner}
        if not any(spot[0] in gone for spot in self._touched):
            block.remove(step)
            self._say("course", step_id(step))

    def swap_steps(self) -> None:
        blocks = [block for block in blocks_in(self.flow["steps"]) if len(block) > 1]
        block = self.random.choice(blocks)
        at = self.random.randrange(self._first_free(block), len(block))
        pair = block[at : at + 2]
        if len(pair) < 2 or "end" in pair[1] or "end" in pair[0]:
            return
        was = _courses(self.flow)
        block[at : at + 2] = pair[::-1]
        kind = "wording" if _courses(self.flow) == was else "course"
        self._say(kind, *(step_id(each) for each in pair))

    def rename_step(self) -> None:
        step = self._step(lambda step: "id" in step and "end" not in step)
        if step is None or any(step["id"] in spot for spot in self._touched):
            return
        old, new = step["id"], "brand_new"
        _put_new_id(self.flow["steps"], old, new)
        _put_new_id(self.flow["roles"], old, new)
        step["id"] = new
        # A step that shows its id as its name shows another one now.
        self._say("course", new)


def _put_new_id(value: Any, old: str, new: str) -> None:
    pairs = value.items() if isinstance(value, dict) else enumerate(value)
    for key, inner in list(pairs):
        if isinstance(inner, dict | list):
            _put_new_id(inner, old, new)
        elif inner == old and key != "id":
            value[key] = new
        elif isinstance(inner, str):
            value[key] = re.sub(rf"\b(steps|results)\.{old}\b", rf"\1.{new}", inner)


def _action(flow: Json, step: str, action: str) -> Json | None:
    for block in blocks_in(flow["steps"]):
        for each in block:
            if step_id(each) == step:
                return next((a for a in each.get("actions", ()) if a["id"] == action), None)
    return None


def _courses(flow: Json) -> dict[str, Any]:
    """Where each step can lead, as the runtime will compile it; and where each block begins."""
    plan = build_plan(flow, digest(flow))
    courses: dict[str, Any] = {"": plan.steps[0].id}
    for step in plan.all_steps():
        passed = step.next if step.when else None
        routes = (*(action.route for action in step.actions), *step.outcomes.values())
        onward = step.onward if step.is_composite or step.call else None
        first = tuple(branch.steps[0].id for branch in step.branches)
        courses[step.id] = (passed, routes, step.choose, onward, first)
    return courses


def _condition(editor: Editor) -> str:
    return f'case.subject == "{editor._mark()}"'


def _human(step: Json) -> bool:
    return "by" in step and "call" not in step


def _free_of_verbs(step: Json) -> bool:
    return _human(step) and "verbs" not in step


def _any(step: Json) -> bool:
    return "choose" not in step and "end" not in step


def _text(key: str, kind: str, fits: Callable[[Json], bool]) -> Callable[[Editor], None]:
    return lambda editor: editor.set_in_step(key, kind, editor._mark, fits)


def _fixed(
    key: str, kind: str, values: Sequence[Any], fits: Callable[[Json], bool]
) -> Callable[[Editor], None]:
    def change(editor: Editor) -> None:
        roles = [role["id"] for role in editor.flow["roles"]]
        value = editor.random.choice(values or roles)
        editor.set_in_step(key, kind, lambda: copy.deepcopy(value), fits)

    return change


_STEP_EDITS: list[Callable[[Editor], None]] = [
    _text("name", "wording", lambda step: True),
    _text("help", "wording", lambda step: True),
    lambda editor: editor.set_in_step("when", "course", lambda: _condition(editor), _any),
    _fixed("by", "people", (), _human),
    _fixed("due", "time", [{"in": "7d"}, {"in": "3h", "calendar": "natural"}], _human),
    _fixed("cite", "law", [["nghi-dinh-30-2020:9"]], lambda step: True),
    _fixed("on_late", "course", [{"run": "demo.post"}], _human),
    _fixed("reports", "exchange", [{"done": "15"}], _human),
    _fixed("form", "data", ["phieu-trinh"], lambda step: _human(step) and "run" not in step),
    _fixed("not_by", "people", [["assign"]], _human),
    _fixed("verbs", "people", [{"consult": {"allowed": False}}], _free_of_verbs),
    _fixed("lead", "people", ["case.other"], lambda step: "each" in step),
    _fixed("each", "people", [{"list": "case.other"}], lambda step: "each" in step),
    _fixed("join", "course", [{"kind": "any"}, {"kind": "all"}], lambda step: "join" in step),
    _fixed("call", "course", ["quy-trinh-khac"], lambda step: "call" in step),
    lambda editor: editor.action("label", "wording", editor._mark),
    lambda editor: editor.action("when", "course", lambda: _condition(editor)),
    lambda editor: editor.action("requires", "data", lambda: [editor._mark()]),
    lambda editor: editor.action("cite", "law", lambda: ["nghi-dinh-30-2020:10"]),
    lambda editor: editor.action("reports", "exchange", lambda: "16"),
    lambda editor: editor.action("at_most", "course", lambda: 7),
    Editor.action_route,
    Editor.add_action,
    Editor.remove_action,
    Editor.case,
    Editor.branch,
    Editor.wait,
]
_FLOW_EDITS: list[Callable[[Editor], None]] = [
    Editor.role,
    Editor.new_role,
    Editor.setting,
    Editor.slot,
    lambda editor: editor.set_in_flow("name", "wording", editor._mark()),
    lambda editor: editor.set_in_flow("help", "wording", editor._mark()),
    lambda editor: editor.set_in_flow("due", "time", {"in": "77d"}),
    lambda editor: editor.set_in_flow("cite", "law", ["nghi-dinh-30-2020:1"]),
    lambda editor: (
        editor.set_in_flow("verbs", "people", {"cancel": {"allowed": False}})
        if "verbs" not in editor.flow
        else None
    ),
    lambda editor: editor.set_in_flow("start", "exchange", [{"event": "mail.received"}]),
]
_STRUCTURE_EDITS: list[Callable[[Editor], None]] = [
    Editor.add_step,
    Editor.remove_step,
    Editor.swap_steps,
    Editor.rename_step,
]
