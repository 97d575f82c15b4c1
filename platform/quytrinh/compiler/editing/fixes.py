"""What mends a finding by one click: an operation, and what it is called."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from quytrinh.compiler.editing.operations import (
    DeleteRole,
    Insert,
    Operation,
    Rewrite,
    Set,
)
from quytrinh.compiler.editing.steps import StepPlace, fresh, name_of
from quytrinh.language.diagnostics import Diagnostic
from quytrinh.spi import Registry, needs_person

_NAMED = re.compile(r"`([^`]+)`")
_MEANT = re.compile(r"^có phải `([^`]+)`\?$")


@dataclass(frozen=True, slots=True)
class Fix:
    """One cure of a finding."""

    label: str
    operation: Operation


@dataclass(frozen=True, slots=True)
class _Case:
    """A finding with the step it is about and everything around it."""

    finding: Diagnostic
    step: StepPlace | None
    text: str
    steps: Sequence[StepPlace]
    registry: Registry

    @property
    def words(self) -> list[str]:
        return _NAMED.findall(self.finding.message)


def fixes_for(
    finding: Diagnostic,
    step: str,
    text: str,
    steps: Sequence[StepPlace],
    registry: Registry,
) -> tuple[Fix, ...]:
    """What can be done about a finding in the step with this id; often nothing."""
    place = next((each for each in steps if each.id == step), None)
    case = _Case(finding, place, text, steps, registry)
    return (*_meant(case), *_FIXES.get(finding.code, _none)(case))


def _none(case: _Case) -> Iterator[Fix]:
    yield from ()


def _meant(case: _Case) -> Iterator[Fix]:
    """The name that was meant, in the place of the one that is not known."""
    meant = _MEANT.match(case.finding.hint)
    span = case.finding.span
    if not meant or span.line != span.end_line:
        return
    lines = case.text.split("\n")
    line = lines[span.line - 1]
    wrong = line[span.column - 1 : span.end_column - 1]
    named = next((word for word in case.words if word in wrong), "")
    if not named:
        return
    right = wrong.replace(named, meant[1])
    lines[span.line - 1] = line[: span.column - 1] + right + line[span.end_column - 1 :]
    yield Fix(f"Đổi thành “{meant[1]}”", Rewrite("\n".join(lines)))


def _map_outcome(case: _Case) -> Iterator[Fix]:
    """A result nobody thought of: back to whom it came from, or on."""
    if case.step is None or not case.words:
        return
    outcome = case.words[0]
    path = ("outcomes", outcome)
    back = _human_before(case)
    if back is not None:
        yield Fix(
            f"Khi đó trả lại “{name_of(back.data)}”",
            Set(((path, {"return_to": back.id}),), case.step.id),
        )
    after = _next_in_block(case)
    if after is not None:
        yield Fix(
            f"Khi đó vẫn sang “{name_of(after.data)}”", Set(((path, after.id),), case.step.id)
        )


def _human_before(case: _Case) -> StepPlace | None:
    assert case.step is not None
    before = [
        each
        for each in case.steps
        if each.block == case.step.block and each.index < case.step.index and "by" in each.data
    ]
    return before[0] if before else None


def _next_in_block(case: _Case) -> StepPlace | None:
    assert case.step is not None
    return next(
        (
            each
            for each in case.steps
            if each.block == case.step.block and each.index == case.step.index + 1
        ),
        None,
    )


def _add_end(case: _Case) -> Iterator[Fix]:
    top = [each for each in case.steps if len(each.block) == 1]
    if top:
        data = {"end": "hoan_thanh", "name": "Hoàn thành"}
        yield Fix("Thêm bước kết thúc", Insert(data, after=top[-1].id))


def _add_way_on(case: _Case) -> Iterator[Fix]:
    """An action that may always be taken and leads on."""
    if case.step is None:
        return
    actions = case.step.data.get("actions")
    taken = set(actions) if isinstance(actions, dict) else set()
    path = ("actions", fresh("chuyen_tiep", taken))
    yield Fix("Thêm nút “Chuyển tiếp”", Set(((path, {"label": "Chuyển tiếp"}),), case.step.id))


def _add_else(case: _Case) -> Iterator[Fix]:
    if case.step is None:
        return
    cases, after = case.step.data.get("choose"), _next_in_block(case)
    if isinstance(cases, list) and after is not None:
        changed = [*cases, {"else": after.id}]
        yield Fix(
            f"Còn lại thì sang “{name_of(after.data)}”",
            Set(((("choose",), changed),), case.step.id),
        )


def _add_has(case: _Case) -> Iterator[Fix]:
    """Ask first whether a field was filled, where it stands in the step's own condition."""
    if case.step is None or not case.words:
        return
    name, when = case.words[0], case.step.data.get("when")
    if isinstance(when, str) and name in when:
        guarded = f"has({name}) && ({when})"
        yield Fix("Chỉ xét khi đã nhập", Set(((("when",), guarded),), case.step.id))


def _delete_role(case: _Case) -> Iterator[Fix]:
    if case.words:
        yield Fix("Xóa vai trò này", DeleteRole(case.words[0]))


def _person_or_none(case: _Case) -> Iterator[Fix]:
    if case.step is None:
        return
    run = case.step.data.get("run")
    if not isinstance(run, str) or run not in case.registry:
        return
    if needs_person(case.registry.get(run)):
        role = _some_role(case)
        if role:
            yield Fix("Giao cho người làm bước trước", Set(((("by",), role),), case.step.id))
    elif "by" in case.step.data:
        gone = ((("by",), None), (("actions",), None))
        yield Fix("Để hệ thống tự làm", Set(gone, case.step.id))


def _some_role(case: _Case) -> str:
    acting = [each.data["by"] for each in case.steps if isinstance(each.data.get("by"), str)]
    return acting[-1] if acting else ""


def _late_off(case: _Case) -> Iterator[Fix]:
    if case.step is not None:
        yield Fix("Bỏ phần quá hạn", Set(((("on_late",), None),), case.step.id))


def _onwards(case: _Case) -> Iterator[Fix]:
    """A return across a block goes on from there by the usual way."""
    if case.step is None:
        return
    actions = case.step.data.get("actions")
    for key, action in actions.items() if isinstance(actions, dict) else ():
        if isinstance(action, dict) and action.get("then") == "back_here":
            path = ("actions", key, "then")
            yield Fix("Trả lại rồi đi lại từ đó", Set(((path, None),), case.step.id))


_FIXES: dict[str, Callable[[_Case], Iterator[Fix]]] = {
    "F203": _add_end,
    "F207": _onwards,
    "F208": _add_way_on,
    "F210": _add_else,
    "F211": _map_outcome,
    "F306": _delete_role,
    "F403": _add_has,
    "F502": _late_off,
    "F604": _person_or_none,
}
