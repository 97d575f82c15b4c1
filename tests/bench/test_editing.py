"""An edit is answered while its author looks: patch, findings, table and drawing of fifty steps."""

from __future__ import annotations

from collections.abc import Callable

from quytrinh.compiler.check import check_flow
from quytrinh.compiler.drawing import draw
from quytrinh.compiler.editing.operations import Move, Set, edit
from quytrinh.compiler.editing.preview import preview
from quytrinh.compiler.naming import Phrases
from quytrinh.compiler.wording import describe
from tests.bench.ratios import cpu_seconds, report
from tests.support.language import fake_registry, golden_forms

FORMS, REGISTRY = golden_forms(), fake_registry()
AFFORDED = 0.150


def text_of(count: int) -> str:
    """A procedure of so many steps, each with a comment, a deadline and a way back."""
    steps = "".join(
        f"  # bước {number}\n"
        f"  - id: s{number}\n    name: Bước số {number}\n    by: {('a', 'b', 'c')[number % 3]}\n"
        f"    due: 2d\n    actions:\n      go: {{label: Chuyển}}\n"
        + (f"      back: {{label: Trả lại, return_to: s{number - 1}}}\n" if number else "")
        for number in range(count)
    )
    roles = "".join(f"  {key}: {{name: Vai {key}, who: {{role: {key}}}}}\n" for key in "abc")
    head = "quytrinh: 1\nflow: dai\nname: Dài\ndocument: internal\n"
    return f"{head}roles:\n{roles}start: {{by: a}}\nsteps:\n{steps}  - {{end: xong}}\n"


def answering(count: int) -> Callable[[], object]:
    """A function that makes an edit and everything that is shown after it."""
    text = text_of(count)
    operations = (Set(((("due",), "3d"),), "s5"), Move("s7", 2))

    def answer() -> object:
        shown = []
        for operation in operations:
            edited = edit(text, operation, REGISTRY)
            result = check_flow(edited.text, file="", forms=FORMS, registry=REGISTRY)
            assert result.flow is not None
            plan = preview(result.flow, FORMS, REGISTRY, digest="0" * 64)
            assert plan is not None
            phrases = Phrases.of(plan, registry=REGISTRY)
            shown += [describe(phrases), draw(plan, phrases=phrases)]
        return shown

    return answer


def test_an_edit_of_fifty_steps_and_its_growth_to_two_hundred() -> None:
    fifty = cpu_seconds(answering(50), repeat=1) / 2
    report("edit of 50 steps, of 150 ms", fifty, AFFORDED, at_most=1.0)
    two_hundred = cpu_seconds(answering(200), repeat=1) / 2
    report("edit of 200 steps, of one of 50", two_hundred, fifty, at_most=8.0)
