"""F206: one can go back only to a step that can have been done before."""

from __future__ import annotations

from collections.abc import Iterator

from quytrinh.compiler.context import Context
from quytrinh.language.diagnostics import Diagnostic, did_you_mean, error


def check(context: Context) -> Iterator[Diagnostic]:
    if not context.all_targets_known:
        return
    reached = context.graph.reached_from_first
    human = [step.id.text for step in context.flow.human_steps()]
    for step, target in context.returns():
        if target.text not in context.steps or step.id.text not in reached:
            continue
        before = context.graph.before(step.id.text)
        if target.text not in before:
            message = f"Bước `{target.text}` chưa thể đã qua khi tới `{step.id.text}`"
            hint = did_you_mean(target.text, [name for name in human if name in before])
            yield error("F206", target.span, message, hint or "đi tới phía trước thì dùng `to`")
