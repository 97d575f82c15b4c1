"""The drawn procedure of a case or a version."""

from __future__ import annotations

from quytrinh.compiler.check import CheckResult
from quytrinh.compiler.drawing import draw
from quytrinh.compiler.editing.preview import preview
from quytrinh.compiler.naming import Phrases
from quytrinh.compiler.plan import Plan, places
from quytrinh.runtime import definitions
from quytrinh.runtime.actions.drafts import forms_of_agency
from quytrinh.runtime.actions.edits import text_digest
from quytrinh.runtime.models import Case, CaseTask, Flow, FlowVersion
from quytrinh.runtime.plugins import registry
from quytrinh.runtime.querysets import OPEN
from quytrinh.runtime.scopes import OPEN as BRANCH_OPEN
from quytrinh.runtime.scopes import is_within, tokens_of


def of_case(case: Case) -> tuple[str, str]:
    """Return the drawing of a case's procedure as SVG, with the places it is at and has been.

    First the strip, then the whole.
    """
    current, done = marks(case)
    plan, words = definitions.plan(case.digest), phrases(case.digest)
    strip, whole = (
        draw(plan, phrases=words, current=current, done=done, compact=compact)
        for compact in (True, False)
    )
    return strip, whole


def marks(case: Case) -> tuple[set[str], set[str]]:
    """Return at which steps a case is, and which it has done.

    A block that is open is not done, and inside it only what was done this time counts.
    """
    tasks = CaseTask.objects.filter(process_id=case.pk)
    rows = list(tasks.values_list("step", "status", "flow_task_type", "token"))
    standing = {step for step, status, kind, _ in rows if status in OPEN and kind == "JOIN"}
    current = {step for step, status, kind, _ in rows if status in OPEN and kind != "JOIN"}
    around = places(definitions.plan(case.digest).steps)
    begun_again = {
        step for step, blocks in around.items() if standing & {block for block, _ in blocks}
    }
    branches = [
        token
        for number, block in case.blocks.items()
        if block["state"] == BRANCH_OPEN
        for token in tokens_of(case, number)
    ]
    done = {
        step
        for step, status, _, token in rows
        if status == "DONE"
        and (step not in begun_again or any(is_within(str(token), each) for each in branches))
    }
    return current, done - current - standing


def of_definition(digest: str, *, title: str = "") -> str:
    """Return the drawing of a procedure's text as SVG."""
    return draw(definitions.plan(digest), phrases=phrases(digest), title=title)


def plan_of_draft(version: FlowVersion, result: CheckResult) -> Plan | None:
    """Return the plan of a draft as far as it can be told, errors or not."""
    if result.flow is None:
        return None
    return preview(
        result.flow,
        forms_of_agency(),
        registry(),
        digest=text_digest(version.source),
        settings=version.settings,
    )


def drawn(plan: Plan | None) -> str:
    """Return the drawing of a draft's plan, empty where nothing can be drawn yet."""
    if plan is None:
        return ""
    try:
        return draw(plan, phrases=Phrases.of(plan, registry=registry()))
    except (KeyError, ValueError, IndexError):
        # A text with errors may lead nowhere that can be drawn.
        return ""


def of_draft(version: FlowVersion, result: CheckResult) -> str:
    """Return the drawing of a draft as its text stands."""
    return drawn(plan_of_draft(version, result))


def phrases(digest: str) -> Phrases:
    """Return the words for the steps, conditions and outcomes of a procedure."""
    plan = definitions.plan(digest)
    return Phrases(plan, definitions.condition_names(digest), registry(), _called(plan))


def _called(plan: Plan) -> dict[str, str]:
    """Return the names of the procedures that a plan calls."""
    keys = {step.call.flow for step in plan.all_steps() if step.call}
    if not keys:
        return {}
    return dict(Flow.objects.filter(key__in=keys).values_list("key", "name"))
