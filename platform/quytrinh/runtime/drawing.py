"""The drawn procedure of a case or a version."""

from __future__ import annotations

from quytrinh.compiler.drawing import draw
from quytrinh.compiler.naming import Phrases
from quytrinh.compiler.plan import Plan
from quytrinh.runtime import definitions
from quytrinh.runtime.models import Case, CaseTask, Flow
from quytrinh.runtime.plugins import registry


def of_case(case: Case) -> tuple[str, str]:
    """Return the drawing of a case's procedure as SVG, with the places it is at and has been.

    First the strip, then the whole.
    """
    tasks = CaseTask.objects.filter(process_id=case.pk)
    current = set(tasks.open().values_list("step", flat=True))
    done = set(tasks.filter(status="DONE").values_list("step", flat=True))
    plan, words = definitions.plan(case.digest), phrases(case.digest)
    strip, whole = (
        draw(plan, phrases=words, current=current, done=done - current, compact=compact)
        for compact in (True, False)
    )
    return strip, whole


def of_definition(digest: str, *, title: str = "") -> str:
    """Return the drawing of a procedure's text as SVG."""
    return draw(definitions.plan(digest), phrases=phrases(digest), title=title)


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
