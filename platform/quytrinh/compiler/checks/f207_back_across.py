"""F207: a return out of a block ends the block, so nobody in it can be come back to."""

from __future__ import annotations

from collections.abc import Iterator

from quytrinh.compiler.context import Context
from quytrinh.language.diagnostics import Diagnostic, error


def check(context: Context) -> Iterator[Diagnostic]:
    home = context.nesting.home
    for step, route, target in context.returns():
        nest = home.get(target.text)
        own = home[step.id.text]
        if route.then == "back_here" and nest is not own and nest in tuple(own.outward()):
            message = "Trả lại ra ngoài khối thì phải đi lại từ đầu (`then: onwards`)"
            yield error("F207", target.span, message, "bỏ `then: back_here`")
