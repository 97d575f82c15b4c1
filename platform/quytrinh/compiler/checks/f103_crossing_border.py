"""F103: a forward way stays in its block; only a join and a return cross a block's border."""

from __future__ import annotations

from collections.abc import Iterator

from quytrinh.compiler.context import Context
from quytrinh.language.ast import Step
from quytrinh.language.diagnostics import Diagnostic, error


def check(context: Context) -> Iterator[Diagnostic]:
    home = context.nesting.home
    for step, target in context.targets():
        if target.text in home and home[target.text] is not home[step.id.text]:
            message = f"Không được nhảy tới `{target.text}`: khác khối với bước `{step.id.text}`"
            yield error("F103", target.span, message, _hint(context, step, target.text))


def _hint(context: Context, step: Step, target: str) -> str:
    home = context.nesting.home
    around = list(home[step.id.text].outward())
    if home[target] not in around:
        entered = next((each for each in home[target].outward() if each.parent in around), None)
        if entered and entered.parent is around[0] and entered.owner:
            return f"vào cả khối bằng `to: {entered.owner.id.text}`"
        return "đi bằng bước chứa khối, hoặc đưa hai bước vào cùng một khối"
    back = context.graph.home(target)
    standing = context.nesting.standing_in(home[target], step.id.text) or ""
    if target in back.before(standing):
        return f"trả lại thì dùng `return_to: {target}`; xong nhánh thì dùng `to: join`"
    return "xong nhánh thì dùng `to: join`; bước chứa khối có `to` của nó"
