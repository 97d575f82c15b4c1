"""A draft as its editor shows it: the table of steps, the drawing, the findings, where they are."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from quytrinh.compiler.check import CheckResult
from quytrinh.compiler.editing.fixes import Fix, fixes_for
from quytrinh.compiler.editing.refusal import EditRefused
from quytrinh.compiler.editing.steps import StepPlace, name_of, places
from quytrinh.compiler.editing.tree import Tree
from quytrinh.compiler.naming import Phrases
from quytrinh.compiler.plan import Plan
from quytrinh.compiler.wording import StepRow, describe
from quytrinh.language.diagnostics import Diagnostic
from quytrinh.runtime.actions.edits import text_digest
from quytrinh.runtime.drawing import drawn, plan_of_draft
from quytrinh.runtime.models import FlowVersion
from quytrinh.runtime.plugins import registry


@dataclass(frozen=True, slots=True)
class Row:
    """A step in the table; `said` is missing where the text is too broken to be told in words."""

    id: str
    number: int | None
    name: str
    depth: int
    said: StepRow | None
    problems: int
    selected: bool
    first: bool
    last: bool


@dataclass(frozen=True, slots=True)
class Finding:
    """What the checker says, the step it is about, and what mends it by one click."""

    number: int
    diagnostic: Diagnostic
    step: str
    step_name: str
    fixes: tuple[Fix, ...]
    message: str = ""


@dataclass(frozen=True)
class Sheet:
    """Everything that the editor of a draft shows, but for the inspector."""

    base: str
    rows: Sequence[Row]
    drawing: str
    findings: Sequence[Finding]
    errors: int
    flow: Mapping[str, Any]
    steps: Sequence[StepPlace]
    readable: bool
    # The line of the text that each step begins on.
    lines: Mapping[str, int] = field(default_factory=dict)

    @property
    def wrong(self) -> list[Finding]:
        """What keeps the draft from being promulgated."""
        return [each for each in self.findings if each.diagnostic.is_error]

    @property
    def notes(self) -> list[Finding]:
        """What is only worth a look."""
        return [each for each in self.findings if not each.diagnostic.is_error]

    @property
    def selected(self) -> StepPlace | None:
        """The step whose inspector is open."""
        chosen = next((row.id for row in self.rows if row.selected), "")
        return next((each for each in self.steps if each.id == chosen), None)


def sheet_of(version: FlowVersion, result: CheckResult, selected: str) -> Sheet:
    """Return the sheet of a draft's text; nothing in it needs the text to be without errors."""
    text = version.source
    try:
        tree = Tree(text)
    except EditRefused:
        return _unreadable(text, result)
    steps = list(places(tree.plain)) if isinstance(tree.plain, dict) else []
    known = {each.id for each in steps}
    chosen = selected if selected in known else next((each.id for each in steps), "")
    owners = [_owner(tree, steps, finding) for finding in result.diagnostics]
    plan = plan_of_draft(version, result)
    return Sheet(
        base=text_digest(text),
        rows=_rows(steps, plan, owners, chosen),
        drawing=drawn(plan),
        findings=list(_findings(text, result, owners, steps)),
        errors=sum(each.is_error for each in result.diagnostics),
        flow=tree.plain if isinstance(tree.plain, dict) else {},
        steps=steps,
        readable=True,
        lines={each.id: tree.at(each.path).start_mark.line + 1 for each in steps},
    )


def _unreadable(text: str, result: CheckResult) -> Sheet:
    findings = [
        Finding(i, each, "", "", (), each.message) for i, each in enumerate(result.diagnostics)
    ]
    return Sheet(text_digest(text), (), "", findings, len(findings), {}, (), False)


def _rows(
    steps: Sequence[StepPlace], plan: Plan | None, owners: Sequence[str], chosen: str
) -> list[Row]:
    said = {}
    if plan is not None:
        said = {row.id: row for row in describe(Phrases.of(plan, registry=registry()))}
    number, rows = 0, []
    sizes: dict[Any, int] = {}
    for place in steps:
        sizes[place.block] = sizes.get(place.block, 0) + 1
    for place in steps:
        is_end = "end" in place.data
        number += not is_end
        rows.append(
            Row(
                id=place.id,
                number=None if is_end else number,
                name=name_of(place.data),
                depth=sum(part == "steps" for part in place.block) - 1,
                said=said.get(place.id),
                problems=owners.count(place.id),
                selected=place.id == chosen,
                first=place.index == 0,
                last=place.index == sizes[place.block] - 1,
            )
        )
    return rows


def _owner(tree: Tree, steps: Sequence[StepPlace], finding: Diagnostic) -> str:
    """The innermost step that a finding is in."""
    found = ""
    for place in steps:
        node = tree.at(place.path)
        last = tree.text.count("\n", 0, tree.end(node)) + 1
        if node.start_mark.line + 1 <= finding.span.line <= last:
            found = place.id
    return found


def _findings(
    text: str, result: CheckResult, owners: Sequence[str], steps: Sequence[StepPlace]
) -> Iterator[Finding]:
    names = {each.id: name_of(each.data) for each in steps}
    roles = result.flow.roles if result.flow else ()
    plugins = {name: registry().get(name).title for name in registry().names()}
    known = {**plugins, **{role.id.text: role.name.text for role in roles}, **names}
    for number, (found, owner) in enumerate(zip(result.diagnostics, owners, strict=True)):
        fixes = fixes_for(found, owner, text, steps, registry())
        said = _in_words(found.message, known)
        yield Finding(number, found, owner, names.get(owner, ""), fixes, said)


def _in_words(message: str, names: Mapping[str, str]) -> str:
    """A message in which steps and roles have the names that people gave them."""
    return re.sub(
        r"`([^`]+)`", lambda word: f"“{names[word[1]]}”" if word[1] in names else word[0], message
    )
