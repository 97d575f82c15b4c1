"""The drawn procedure of a case or a version."""

from __future__ import annotations

from quytrinh.compiler.check import CheckResult
from quytrinh.compiler.drawing import draw
from quytrinh.compiler.editing.preview import preview
from quytrinh.compiler.naming import Phrases
from quytrinh.compiler.plan import Plan
from quytrinh.runtime import definitions
from quytrinh.runtime.actions.drafts import forms_of_agency
from quytrinh.runtime.actions.edits import text_digest
from quytrinh.runtime.models import Case, CaseTask, Flow, FlowVersion
from quytrinh.runtime.plugins import registry


def of_case(case: Case, *, compact: bool = False) -> str:
    """Return the drawing of a case's procedure as SVG, with the places it is at and has been."""
    tasks = CaseTask.objects.filter(process_id=case.pk)
    current = set(tasks.open().values_list("step", flat=True))
    done = set(tasks.filter(status="DONE").values_list("step", flat=True))
    return draw(
        definitions.plan(case.digest),
        phrases=phrases(case.digest),
        current=current,
        done=done - current,
        compact=compact,
    )


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
