"""The drawn procedure of a case or a version."""

from __future__ import annotations

from quytrinh.compiler.drawing import draw
from quytrinh.runtime import definitions
from quytrinh.runtime.models import Case, CaseTask


def of_case(case: Case, *, compact: bool = False) -> str:
    """Return the drawing of a case's procedure as SVG, with the places it is at and has been."""
    tasks = CaseTask.objects.filter(process_id=case.pk)
    current = set(tasks.open().values_list("step", flat=True))
    done = set(tasks.filter(status="DONE").values_list("step", flat=True))
    plan = definitions.plan(case.digest)
    return draw(plan, current=current, done=done - current, compact=compact)


def of_definition(digest: str) -> str:
    """Return the drawing of a procedure's text as SVG."""
    return draw(definitions.plan(digest))
