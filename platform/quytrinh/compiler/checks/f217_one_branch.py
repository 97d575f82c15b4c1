"""F217: work in parallel has at least two branches."""

from __future__ import annotations

from collections.abc import Iterator

from quytrinh.compiler.context import Context
from quytrinh.language.ast import ParallelStep
from quytrinh.language.diagnostics import Diagnostic, error


def check(context: Context) -> Iterator[Diagnostic]:
    for step in context.flow.all_steps():
        if isinstance(step, ParallelStep) and len(step.branches) < 2:
            message = (
                f"Song song phải có từ hai nhánh (bước `{step.id.text}` có {len(step.branches)})"
            )
            yield error("F217", step.id.span, message, "đưa các bước ra ngoài, hoặc thêm nhánh")
