"""What it costs to draw a procedure, against what is done once when its text is checked."""

from __future__ import annotations

from quytrinh.compiler.bpmn import bpmn_xml
from quytrinh.compiler.drawing import draw
from quytrinh.compiler.naming import Phrases
from quytrinh.compiler.plan import JOIN, Plan, PlanBranch, PlanDue, PlanJoin, PlanStep
from tests.bench.ratios import cpu_seconds
from tests.support.plans import action, end, human, plan_of

# Milliseconds of CPU on any machine the tests are run on.
FIFTY_STEPS, AT_ONCE = 50, 0.05


def fifty_steps() -> Plan:
    """Five rounds of four steps and a block of five branches of one step each."""
    roles = {"a": "Chuyên viên", "b": "Trưởng phòng", "c": "Lãnh đạo"}
    steps: list[PlanStep] = []
    for number in range(5):
        keys = [f"s{number}_{place}" for place in range(4)]
        for place, key in enumerate(keys):
            following = [*keys[1:], f"block{number}"][place]
            back = action("Trả lại", back_to=keys[0])
            onward = action("Chuyển", following)
            steps.append(human(key, "abc"[place % 3], onward, back, due=PlanDue("1d")))
        branches = tuple(
            PlanBranch(f"b{n}", f"Nhánh {n}", (human(f"p{number}_{n}", "b", action("Xong", JOIN)),))
            for n in range(5)
        )
        onward_to = f"s{number + 1}_0" if number < 4 else "done"
        steps.append(
            PlanStep(
                id=f"block{number}",
                kind="parallel",
                name="Lấy ý kiến",
                branches=branches,
                join=PlanJoin("all"),
                onward=onward_to,
                next=onward_to,
            )
        )
    return plan_of([*steps, end("done")], roles)


def test_fifty_steps_are_drawn_at_once() -> None:
    plan = fifty_steps()
    assert len(tuple(plan.all_steps())) >= FIFTY_STEPS
    phrases = Phrases.of(plan)
    for name, work in (("SVG", lambda: draw(plan)), ("BPMN", lambda: bpmn_xml(phrases))):
        taken = cpu_seconds(work, repeat=2)
        print(f"{name} of {FIFTY_STEPS} steps: {taken * 1000:.1f} ms")
        assert taken < AT_ONCE, name
