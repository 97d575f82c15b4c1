"""F213: a block that ends with the one in charge says who that is."""

from __future__ import annotations

from collections.abc import Iterator

from quytrinh.compiler.context import Context
from quytrinh.language.ast import EachStep, ParallelStep
from quytrinh.language.diagnostics import Diagnostic, error


def check(context: Context) -> Iterator[Diagnostic]:
    for step in context.flow.all_steps():
        if isinstance(step, ParallelStep) and step.join.kind == "lead":
            message = "`join: lead` chỉ dùng với `each`: nhánh song song không có chủ trì"
            yield error("F213", step.join.span, message, "dùng `all`, `any` hoặc `{when: …}`")
        elif isinstance(step, EachStep) and step.join.kind == "lead" and step.lead is None:
            message = f"Chưa chỉ ra đơn vị chủ trì (bước `{step.id.text}`)"
            yield error("F213", step.join.span, message, "thêm `lead: …` cạnh `each`")
