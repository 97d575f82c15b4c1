"""F205: a return leaves blocks, it never enters one: its target stands around it."""

from __future__ import annotations

from collections.abc import Iterator

from quytrinh.compiler.context import Context
from quytrinh.language.diagnostics import Diagnostic, error


def check(context: Context) -> Iterator[Diagnostic]:
    home = context.nesting.home
    for step, _, target in context.returns():
        nest = home.get(target.text)
        if nest and nest not in tuple(home[step.id.text].outward()):
            message = f"Không trả lại được vào `{target.text}`: bước đó nằm trong khối khác"
            owner = nest.owner
            hint = f"trả lại cả khối: `return_to: {owner.id.text}`" if owner else ""
            yield error("F205", target.span, message, hint)
