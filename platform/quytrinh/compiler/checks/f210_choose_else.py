"""F210: a `choose` ends with `else`, so that one of its cases always holds."""

from __future__ import annotations

from collections.abc import Iterator

from quytrinh.compiler.context import Context
from quytrinh.language.ast import ChooseStep
from quytrinh.language.diagnostics import Diagnostic, error


def check(context: Context) -> Iterator[Diagnostic]:
    for step in context.flow.all_steps():
        if not isinstance(step, ChooseStep):
            continue
        if step.cases[-1].when is not None:
            message = f"Thiếu nhánh `else` ở cuối (bước `{step.id.text}`)"
            yield error("F210", step.cases[-1].span, message, "thêm `- {else: …}` ở cuối `choose`")
        for case in step.cases[:-1]:
            if case.when is None:
                message = "`else` phải là dòng cuối: các dòng sau nó không bao giờ được xét"
                yield error("F210", case.span, message)
