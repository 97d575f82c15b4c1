"""F206: one can go back only to a step that can have been done before."""

from __future__ import annotations

from collections.abc import Iterator

from quytrinh.compiler.context import Context
from quytrinh.language.diagnostics import Diagnostic, did_you_mean, error


def check(context: Context) -> Iterator[Diagnostic]:
    if not context.all_targets_known:
        return
    human = [step.id.text for step in context.flow.human_steps()]
    for step, _, target in context.returns():
        nest = context.nesting.home.get(target.text)
        source = context.nesting.standing_in(nest, step.id.text) if nest else None
        if source is None or source not in context.graph.home(target.text).reached_from_first:
            continue
        before = context.graph.home(target.text).before(source)
        # A step inside a block may go back to the block itself, which has been entered.
        if source != step.id.text:
            before = before | {source}
        if target.text not in before:
            message = f"Bước `{target.text}` chưa thể đã qua khi tới `{step.id.text}`"
            hint = did_you_mean(target.text, [name for name in human if name in before])
            yield error("F206", target.span, message, hint or "đi tới phía trước thì dùng `to`")
